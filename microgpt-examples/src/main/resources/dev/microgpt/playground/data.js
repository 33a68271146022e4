import { $, Panel, ask, askOverview, bindSlider, el, fmt, whole } from "./shell.js";
import { exercises } from "./answers.js";
import { bindWord } from "./words.js";
import { barChart, legend, table, tokenList } from "./charts.js";

const vocabulary = new Panel("#vocabulary");
vocabulary.live(() => vocabulary.show("data/vocabulary", { words: $("#words").value }, (v) => {
  $("#characters").textContent = v.symbols.length;
  $("#vocab-size").textContent = v.bos + 1;
  $("#word-count").textContent = v.documents;
  const symbols = [...v.symbols, "BOS"];
  $("#vocabulary-tokens").replaceChildren(...tokenList(symbols, symbols.map((_, i) => i)));
  $("#vocabulary-documents").replaceChildren(table(
    [el("th", { class: "text" }, "document"), el("th", { class: "text" }, "as tokens")],
    v.first.map((d) => [el("td", { class: "text mono" }, d.text), el("td", { class: "text" }, d.tokens.join("  "))])));
}));

const tokens = new Panel("#tokens");
await bindWord($("#word"));
bindSlider($("#block-size"));
tokens.live(() => tokens.show("data/tokens", { word: $("#word").value, blockSize: Number($("#block-size").value) }, (t) => {
  const asked = t.tokens.length - 1;
  $("#name-tokens").replaceChildren(...tokenList(t.symbols, t.tokens, { cutFrom: t.predictions + 1 }));
  $("#name-reading").replaceChildren(el("b", {}, `${t.predictions} of ${asked} predictions`),
    t.predictions < asked ? ` count; the other ${asked - t.predictions} are cut off.` : " count: nothing is cut off.");
}));

const lengths = new Panel("#lengths");
lengths.refresh(askOverview, (o) => {
  const fits = o.blockSize - 1;
  barChart($("#lengths-chart"), {
    label: "number of names by length",
    xTitle: "length of a name, characters", yTitle: "names",
    format: (v) => `${whole(v)} names`,
    items: o.lengths.map((value, n) => ({ name: String(n), value, colour: n > fits ? "var(--rust)" : "var(--blue)" })).slice(1),
  });
  lengths.$("#lengths-chart").after(legend([{ name: `fits into blockSize ${o.blockSize}`, colour: "var(--blue)", shape: "box" }, { name: "is cut off", colour: "var(--rust)", shape: "box" }]));
  $("#lengths-reading").textContent = `${whole(o.documents)} names, ${whole(o.distinct)} of them different, of ${o.symbols.length - 1} different characters; ${whole(o.cut)} are cut at blockSize ${o.blockSize}.`;
});

const steps = new Panel("#steps");
bindSlider($("#step-count"), whole);
steps.live(() => steps.show("data/steps", { steps: Number($("#step-count").value) }, (s) => {
  const passes = Number($("#step-count").value) / s.documents;
  $("#steps-reading").replaceChildren(el("b", {}, `${whole(s.seen)} of ${whole(s.documents)} names are seen, ${fmt(100 * s.share, 1)} %`),
    passes > 1 ? `, the list ${fmt(passes, 2)} times.` : ". The others the model never meets.");
  const rows = s.shown.map((step) => [whole(step.step), `${whole(step.step)} mod ${whole(s.documents)} = ${whole(step.index)}`, el("td", { class: "text mono" }, step.document)]);
  const gap = s.shown.findIndex((step, i) => i > 0 && step.step !== s.shown[i - 1].step + 1);
  if (gap > 0) {
    rows.splice(gap, 0, ["…", "", ""]);
  }
  $("#steps-table").replaceChildren(table(["step", "index in the list", el("th", { class: "text" }, "document")], rows));
}));

exercises({
  predictions: { answer: async () => (await ask("data/vocabulary", { words: "anna" })).first[0].tokens.length - 1 },
  emoji: { answer: async () => 0 },
  again: { answer: async () => (await askOverview()).documents },
});

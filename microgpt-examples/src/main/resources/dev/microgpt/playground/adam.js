import { $, Panel, ask, askOverview, bindSlider, el, fmt, listen, sample, whole } from "./shell.js";
import { restore } from "./address.js";
import { exercises } from "./answers.js";
import { bindWord, sayHowItIsRead } from "./words.js";
import { barChart, grid, legend, lineChart, ramp } from "./charts.js";
import { short } from "./trace.js";
import { Training } from "./training.js";

const overview = await askOverview();
const points = (values) => values.map((v, i) => [i + 1, v]);

// ---- averages

const averages = new Panel("#averages");
bindSlider($("#beta1"), (v) => fmt(v, 2));
bindSlider($("#beta2"), (v) => fmt(v, 3));
averages.live(() => averages.show("adam/averages", { gradients: $("#gradients").value, beta1: Number($("#beta1").value), beta2: Number($("#beta2").value) }, (a) => {
  lineChart($("#averages-chart"), { label: "gradients and their moving averages", xTitle: "update", yTitle: "nats per unit of weight", height: 260,
    series: [{ name: "g", colour: "var(--soft)", points: points(a.gradient), faint: true }, { name: "m", label: "m", colour: "var(--blue)", points: points(a.m), dash: "3 4" }, { name: "m̂", label: "m̂", colour: "var(--blue)", points: points(a.mHat) }, { name: "√v̂", label: "√v̂", colour: "var(--rust)", points: points(a.rootVHat) }] });
  $("#averages-key").replaceChildren(legend([{ name: "gradient g", colour: "var(--soft)" }, { name: "m", colour: "var(--blue)", shape: "dash" }, { name: "m̂", colour: "var(--blue)" }, { name: "√v̂", colour: "var(--rust)" }]));
  lineChart($("#changes-chart"), { label: "change of the weight at each update", xTitle: "update", yTitle: "change of the weight", height: 260,
    series: [{ name: "gradient descent", label: "descent", colour: "var(--gold)", points: points(a.sgd) }, { name: "Adam", label: "Adam", colour: "var(--teal)", points: points(a.adam) }] });
  $("#changes-key").replaceChildren(legend([{ name: "Adam", colour: "var(--teal)" }, { name: "gradient descent, same learning rate", colour: "var(--gold)" }]));
  $("#averages-reading").replaceChildren("First update: g = ", fmt(a.gradient[0]), ", m̂ = ", fmt(a.mHat[0]), ", √v̂ = ", fmt(a.rootVHat[0]), ", change ", el("b", { id: "first-change" }, fmt(a.adam[0], 6)), ".");
}));

// ---- one real update

const update = new Panel("#update");
const compare = new Panel("#compare");
await bindWord($("#word"));
bindSlider($("#steps"), (v) => `${whole(v)} steps`);
const parameters = await ask("adam/update", { steps: 0, word: "", tensor: "" });
$("#tensor").append(...parameters.tensors.map((t) => el("option", { value: t.name }, `${t.name} [${t.rows}][${t.columns}]`)));
restore($("#tensor"));
const shown = (name, value, note) => el("tr", {}, el("td", { class: "text" }, name, el("small", {}, note)), el("td", { "data-of": name }, value));
update.live(() => {
  const tensor = parameters.tensors.find((t) => t.name === $("#tensor").value);
  for (const [id, most] of [["#row", tensor?.rows], ["#column", tensor?.columns]]) {
    $(id).disabled = !tensor;
    $(id).max = tensor ? most - 1 : 0;
  }
  showCompare();
  return update.show("adam/update", { steps: Number($("#steps").value), word: $("#word").value, tensor: $("#tensor").value, row: $("#row").valueAsNumber, column: $("#column").valueAsNumber }, (u) => {
    const item = (title, ...content) => el("li", {}, el("b", {}, title), ...content);
    $("#flow").replaceChildren(
      item("Data", el("p", {}, u.tokens.join(" · "))),
      item("Forward", el("p", {}, `${u.probabilities.length} predictions with the probabilities ${u.probabilities.map((p) => fmt(p, 3)).join(", ")}`)),
      item("Loss", el("p", {}, `mean of −ln p: `, el("span", { class: "big", id: "update-loss" }, fmt(u.loss)), " nats per token")),
      item("Backward", el("p", {}, `the gradient of all ${whole(u.tensors.reduce((n, t) => n + t.rows * t.columns, 0))} weights; that of `, el("code", { id: "update-place" }, `${u.tensor}[${u.row}][${u.column}]`), " is ", el("b", { id: "update-gradient" }, fmt(u.gradient, 9)))),
      item("Adam", el("div", { class: "scroll" }, el("table", {}, el("tbody", {},
        shown("m", fmt(u.m, 9), "0.15 · g"), shown("v", fmt(u.v, 9), "0.01 · g²"),
        shown("m̂", fmt(u.mHat, 9), "m / (1 − 0.85) = g"), shown("v̂", fmt(u.vHat, 9), "v / (1 − 0.99) = g²"),
        shown("learning rate", fmt(u.learningRate, 2), "at step 0"), shown("Δ", fmt(u.delta, 12), "−lr · m̂ / (√v̂ + ε)"),
        shown("before", fmt(u.before, 9), ""), shown("after", fmt(u.after, 9), ""))))),
      item("And then", el("p", {}, "with all weights moved like this, the name would cost ", el("b", {}, fmt(u.lossAfter)), " instead of ", fmt(u.loss), ". The model itself is not touched.")));
  });
});

// ---- two words

function showCompare() {
  const steps = Number($("#steps").value);
  return compare.refresh(() => Promise.all(["one", "other"].map((id) => ask("adam/losses", { steps, word: $("#" + id).value }))), (words) => {
    const most = 1.08 * Math.max(...words.flatMap((w) => w.losses));
    ["one", "other"].forEach((id, i) => {
      const w = words[i];
      $(`#${id}-title`).replaceChildren(`${w.tokens.slice(1, -1).join("")}: `, el("b", { id: id + "-loss" }, fmt(w.loss)), ` nats per token, ${w.inList ? "in the list" : "not in the list"}`);
      barChart($(`#${id}-chart`), { label: "loss of each prediction", xTitle: "token that is predicted", yTitle: "loss, nats", yMax: most, height: 230,
        items: w.losses.map((value, t) => ({ name: w.tokens[t + 1], value })), refs: [{ y: Math.log(overview.symbols.length), label: "ln V" }] });
    });
    $("#compare-reading").textContent = `The difference is ${fmt(Math.abs(words[0].loss - words[1].loss), 3)} nats per token.`;
  });
}
$("#one").value = overview.example;
$("#other").value = [..."xqzzv"].every((c) => overview.symbols.includes(c)) ? "xqzzv" : [...overview.example].reverse().join("");
["one", "other"].forEach((id) => restore($("#" + id)));
["one", "other", "prefix"].forEach((id) => sayHowItIsRead($("#" + id)));
compare.live(showCompare);

// ---- training

bindSlider($("#train-steps"), whole);
bindSlider($("#pace"), whole);
new Training("#train", {
  stages: () => [0, 1, 2, 3, 4, 5, "early"],
  names: { 0: "0 counting", 1: "1 gradient by hand", 2: "2 autograd", 3: "3 attention", 4: "4 heads", 5: "5 Adam", early: "early" },
  steps: () => Number($("#train-steps").value),
  pace: () => Number($("#pace").value),
  chance: Math.log(overview.symbols.length),
});

// ---- temperature

const temperature = new Panel("#temperature");
bindSlider($("#heat"), (v) => fmt(v, 2));
let generated;
let revealed = 0;
const showNext = (next, after) => {
  barChart($("#next-chart"), { label: "probability of the next token, in the order of the logits", xTitle: `next token after “${after}”, in the order of the logits`, yTitle: "probability", yMax: Math.max(...next.probabilities) > 0.5 ? 1 : 0.5,
    items: next.order.map((id) => ({ name: next.symbols[id], value: next.probabilities[id] })), refs: [{ y: 1 / next.symbols.length, label: "1/V, guessing" }] });
  const best = next.order[0];
  $("#next-reading").replaceChildren(`Most likely: `, el("b", {}, `${next.symbols[best]}, ${fmt(next.probabilities[best])}`));
};

function showDrawn() {
  const draws = generated.draws.slice(0, revealed);
  $("#drawn").replaceChildren(el("li", { class: "token bos" }, "BOS", el("small", {}, "given")), ...draws.map((d) => el("li", { class: "token" + (d.drawn === "BOS" ? " bos" : "") }, d.drawn, el("small", {}, fmt(d.next.probabilities[d.next.symbols.indexOf(d.drawn)], 2)))));
  const now = generated.draws[Math.min(revealed, generated.draws.length - 1)];
  const read = generated.draws.slice(0, now.attention[0].length).map((d) => d.read);
  grid($("#drawn-attention"), { rows: now.attention.map((_, h) => "h" + h), columns: read, rowTitle: "head", columnTitle: "looks at", most: 44, least: 14,
    value: (h, t) => now.attention[h][t] * 0.95, text: (h, t) => short(now.attention[h][t]), title: (h, t) => `head ${h} at ${read[t]}: ${fmt(now.attention[h][t])}`, label: "attention of each head" });
  $("#drawn-key").replaceChildren(ramp("0", "share 1"));
  $("#draw").disabled = $("#finish").disabled = revealed >= generated.draws.length;
  $("#more").replaceChildren(...generated.more.map(sample));
  $("#more-reading").textContent = `${generated.more.filter((s) => !s.inList).length} of ${generated.more.length} are new.`;
}

const refreshTemperature = () => temperature.show("adam/generate", { steps: 1000, temperature: Number($("#heat").value), seed: $("#seed").valueAsNumber }, async (g) => {
  generated = g;
  if (revealed > 0) {
    reveal(Math.min(revealed, g.draws.length));
    return;
  }
  showDrawn();
  showNext(await ask("adam/next", { steps: 1000, prefix: $("#prefix").value, temperature: Number($("#heat").value) }), $("#prefix").value || "BOS");
});
$("#prefix").addEventListener("input", () => (revealed = 0));
temperature.live(refreshTemperature);
function reveal(n) {
  revealed = n;
  showDrawn();
  const at = Math.min(n, generated.draws.length - 1);
  const letters = [...generated.text];
  $("#prefix").value = letters.slice(0, n).join("");
  showNext(generated.draws[at].next, letters.slice(0, at).join("") || "BOS");
}
$("#draw").addEventListener("click", () => reveal(revealed + 1));
$("#finish").addEventListener("click", () => reveal(generated.draws.length));
$("#again").addEventListener("click", () => {
  $("#seed").value = $("#seed").valueAsNumber + 1;
  $("#prefix").value = "";
  revealed = 0;
  refreshTemperature();
});

exercises({
  first: { tolerance: 0.0001, answer: async () => (await ask("adam/averages", { gradients: "spike", beta1: 0.85, beta2: 0.99 })).adam[0] },
  cost: { given: overview.example, tolerance: 0.001, answer: async () => (await ask("adam/losses", { steps: 1000, word: overview.example })).loss },
  best: { answer: async () => bestStage() },
});

async function bestStage() {
  let end;
  await listen("training/run", { stages: [0, 1, 3, 4, 5], steps: 1000, stepsPerSecond: 100000 }, (event) => (end = event));
  return [0, 1, 3, 4, 5][end.meanOfLast.indexOf(Math.min(...end.meanOfLast))];
}

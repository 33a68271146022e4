import { $, Panel, ask, askOverview, bindSlider, el, fmt, listen, startAndStop, whole } from "./shell.js";
import { exercises } from "./answers.js";
import { bindWord } from "./words.js";
import { legend, lineChart, table } from "./charts.js";

// ---- by hand

const example = new Panel("#example");
const showExample = () => example.show("ngram/example", { words: $("#example-words").value, order: Number($("#example-order").value), context: $("#example-context").value }, (e) => {
  $("#example-table").replaceChildren(table(
    ["next", el("th", {}, "came after ", el("span", { class: "mono" }, e.context)), el("th", { class: "broad" }, e.shorter ? ["different tokens before ", el("span", { class: "mono" }, e.shorter + " …")] : "different tokens before it"), "probability"],
    e.rows.map((r) => [el("td", { class: "text mono" }, r.symbol), whole(r.count), whole(r.continuations), fmt(r.probability)]),
    ["sum", ...["count", "continuations"].map((key) => whole(e.rows.reduce((sum, r) => sum + r[key], 0))), fmt(e.rows.reduce((sum, r) => sum + r.probability, 0))]));
  const best = e.rows.reduce((a, b) => (b.probability > a.probability ? b : a));
  $("#example-reading").replaceChildren("Most likely after ", el("b", {}, e.context), ": ", el("b", {}, `${best.symbol}, ${fmt(best.probability)}`), ". No token has 0.");
});
bindSlider($("#example-order"));
example.live(showExample);

// ---- the list

const orders = new Panel("#orders");
const samples = new Panel("#samples");
const mixed = new Panel("#mixed");
const state = { answer: null, best: null, gpt: null, progress: null };

const lengths = (l) => `${fmt(l.mean, 1)} ± ${fmt(l.deviation, 1)}`;
const copied = (s) => el("li", {}, s.inList ? el("span", { class: "copied" }, s.text || "(empty)", " ≡") : s.text || "(empty)");

function drawOrders() {
  const { answer: a, best, gpt } = state;
  const unseen = a.orders.map((o) => [o.order, o.measured.unseen]);
  const own = a.orders.map((o) => [o.order, o.measured.counted]);
  const across = (y) => a.orders.map((o) => [o.order, y]);
  lineChart($("#orders-chart"), {
    label: "loss by order, on counted and on unseen texts", xTitle: "order n: it looks back at n − 1 tokens", yTitle: "loss, nats per token", height: 320, xTicks: [7, "d"],
    between: { colour: "var(--gold)", points: a.orders.map((o) => [o.order, o.measured.counted, o.measured.unseen]) },
    series: [{ name: "counted", label: "own texts", colour: "var(--gold)", points: own, dash: "5 4", dots: true }, { name: "unseen", label: "unseen texts", colour: "var(--gold)", points: unseen, dots: true },
      ...(gpt ? [{ name: "GPT, unseen", label: "GPT, unseen", colour: "var(--blue)", points: across(gpt.gpt.unseen) }, { name: "GPT, own texts", label: "GPT, own", colour: "var(--blue)", dash: "5 4", points: across(gpt.gpt.counted) }] : [])],
  });
  $("#orders-key").replaceChildren(legend([{ name: "unseen texts", colour: "var(--gold)" }, { name: "texts that were counted; the area between is learning by heart", colour: "var(--gold)", shape: "dash" },
    ...(gpt ? [{ name: "GPT on the same unseen texts (dashed: on its own)", colour: "var(--blue)" }] : [])]));
  $("#orders-reading").replaceChildren("Lowest on unseen texts: ", el("b", {}, `order ${best.order}, ${fmt(best.measured.unseen)}`), ` nats per token; at chance ${fmt(a.chance)}.`, ...verdict());
  const row = (name, m, extra, now) => Object.assign([name, extra, fmt(m.counted), fmt(m.unseen), whole(m.copied), lengths(m.lengths)], { now });
  $("#orders-table").replaceChildren(table(["model", el("th", { class: "broad" }, "contexts, or weights"), "loss, own texts", "loss, unseen texts", "copied of 100", el("th", { class: "broad" }, "length it writes, mean ± deviation")],
    [...a.orders.map((o) => row(`order ${o.order}`, o.measured, whole(o.contexts), o === best)), ...(gpt ? [row("GPT", gpt.gpt, whole(gpt.weights))] : [])],
    ["the list", "", "", "", "", lengths(a.lengths)]));
}

function verdict() {
  const { best, gpt, progress } = state;
  if (gpt) {
    const difference = best.measured.unseen - gpt.gpt.unseen;
    const words = Math.abs(difference) < 2 * gpt.error ? "which one is better cannot be told on so few unseen texts" : difference > 0 ? "it is better than counting" : "counting is better";
    return [" The GPT has ", el("b", {}, fmt(gpt.gpt.unseen)), `; the difference is ${fmt(difference)} ± ${fmt(2 * gpt.error)} (two standard errors): ${words}.`];
  }
  return progress ? [` The GPT after ${whole(progress.step)} of ${whole(progress.steps)} steps: ${fmt(progress.unseen)}.`] : [];
}

function drawSamples() {
  const { answer: a, best, gpt } = state;
  const column = (title, m, kind) => el("div", { class: kind }, el("h3", {}, title), el("p", {}, `${m.copied} of 100 copied`, el("br"), `length ${lengths(m.lengths)}`), el("ol", {}, m.samples.map(copied)));
  $("#writers").replaceChildren(...a.orders.filter((o) => o === best || [2, 3, 4, 8].includes(o.order)).map((o) => column(`order ${o.order}`, o.measured, o === best ? "best" : null)),
    ...(gpt ? [column("GPT", gpt.gpt, "gpt")] : []));
  $("#samples-reading").textContent = `In the list the length is ${lengths(a.lengths)}.${gpt ? "" : " Train the GPT above to see what it writes."}`;
}

function drawMixed() {
  const { gpt } = state;
  if (!gpt) {
    $("#mixed-chart").replaceChildren();
    $("#mixed-reading").textContent = "Train the GPT above first.";
    return;
  }
  const points = gpt.mixed.map((loss, i) => [i / 10, loss]);
  lineChart($("#mixed-chart"), { label: "loss of mixtures on unseen texts, by the share of the GPT", xTitle: "share of the GPT", yTitle: "loss of unseen texts, nats per token", height: 240, xDomain: [0, 1],
    series: [{ name: "mixture", colour: "var(--violet)", points, dots: true }] });
  const low = Math.min(...points.map((p) => p[1]));
  $("#mixed-reading").textContent = `Order ${gpt.order} alone ${fmt(gpt.mixed[0])}, the GPT alone ${fmt(gpt.mixed.at(-1))}, lowest ${fmt(low)} at a share of ${fmt(points.find((p) => p[1] === low)[0], 1)}.`;
}

const drawAll = () => Promise.all([orders.run(async () => drawOrders()), samples.run(async () => drawSamples()), mixed.run(async () => drawMixed())]);

bindSlider($("#steps"), whole);
startAndStop($("#train"), $("#stop"), async (signal) => {
  state.gpt = null;
  await orders.run(() => listen("ngram/gpt", { steps: Number($("#steps").value) }, (event) => {
    if (event.done) {
      state.gpt = event;
    } else {
      state.progress = event;
      drawOrders();
    }
  }, signal));
  state.progress = null;
  if (state.gpt) {
    drawAll();
  }
});

let failure;
try {
  state.answer = await ask("ngram/orders");
} catch (e) {
  failure = e;
}
if (state.answer) {
  const a = state.answer;
  state.best = a.orders.reduce((low, o) => (o.measured.unseen < low.measured.unseen ? o : low));
  $("#orders-intro").textContent = `Counted: ${whole(a.counted)} different texts of the list. Unseen: the other ${whole(a.unseen)}. On its own texts the loss falls with each order; on unseen ones it stops, because most long contexts never come again.`;
  drawAll();
} else {
  [orders, samples, mixed].forEach((panel) => panel.run(() => Promise.reject(failure)));
  $("#train").disabled = true;
}

// ---- a word

const word = new Panel("#word-panel");
await bindWord($("#word"));
word.live(() => word.show("ngram/word", { word: $("#word").value }, (w) => {
  $("#word-table").replaceChildren(table(["order", ...w.symbols.slice(1).map((s) => el("th", { class: "mono" }, s)), "loss, nats"],
    w.orders.map((order, i) => [String(order), ...w.probabilities[i].map((p) => fmt(p)), fmt(w.losses[i])])));
  const best = w.losses.indexOf(Math.min(...w.losses));
  $("#word-reading").textContent = `Order ${w.orders[best]} is the least surprised.${w.counted ? " But this word is one of those that were counted: the tables know it." : ""}`;
}));

exercises({
  hand: { tolerance: 0.001, answer: async () => (await ask("ngram/example", { words: "ab\nac", order: 2, context: "a" })).rows[1].probability },
  rows: { answer: async () => (await askOverview()).symbols.length ** 5 },
  best: { answer: async () => state.best.order },
});

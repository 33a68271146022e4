import { $, Panel, ask, askOverview, bindSlider, choice, el, fmt, refill, some, whole } from "./shell.js";
import { recall, recallNumber, remember } from "./address.js";
import { exercises } from "./answers.js";
import { bindWord } from "./words.js";
import { barChart, ramp, strip, table } from "./charts.js";
import { attentionMap, layer, positions, scores, slice, weighted } from "./trace.js";

const heads = new Panel("#heads");
const size = new Panel("#size");
const LEARNERS = [[4, "gradient descent (stage 4)"], [5, "Adam (stage 5)"], ["early", "the early program"]];
let stage = (LEARNERS.find(([name]) => String(name) === recall("stage")) ?? LEARNERS[1])[0];
let trace;
let at = recallNumber("at", { otherwise: Infinity });
const folded = new Set(innerWidth < 600 ? [1, 2, 3] : []); // heads whose numbers are not shown

function drawHeads() {
  const l = layer(trace, at);
  const figures = (content) => l.heads.map((_, h) => el("figure", {}, el("figcaption", {}, el("b", {}, `Head ${h}`), `, numbers ${h * trace.headDim} to ${(h + 1) * trace.headDim - 1}`), ...content(h)));
  $("#head-maps").replaceChildren(...figures((h) => [el("div", { id: "head" + h })]));
  l.heads.forEach((_, h) => attentionMap($("#head" + h), trace, h, at, choose, 46));
  $("#heads-key").replaceChildren(ramp("0", "share 1"));
  $("#loss").textContent = fmt(trace.loss);
  $("#cut").textContent = trace.cut ? `${some(trace.cut, "prediction does", "predictions do")} not fit into blockSize ${trace.blockSize}.` : "";
  refill($("#positions"), positions(trace, at, choose));
  const cut = (name, h) => strip(name, `[${trace.headDim}]`, slice(trace, l[name], h));
  $("#slices").replaceChildren(...l.heads.map((_, h) => el("figure", {}, el("details", { open: !folded.has(h), ontoggle: (event) => (event.target.open ? folded.delete(h) : folded.add(h)) },
    el("summary", {}, `Head ${h}, numbers ${h * trace.headDim} to ${(h + 1) * trace.headDim - 1}`), cut("query", h), cut("key", h), cut("value", h),
    el("h3", {}, "Query times key"), ...scores(trace, at, h), el("h3", {}, "Values, each times its share"), ...weighted(trace, at, h)))));
}

function choose(i) {
  at = i;
  remember("at", i);
  drawHeads();
}

await bindWord($("#word"));
bindSlider($("#steps"), (v) => `${whole(v)} steps`);
const overview = await askOverview();
const shape = { vocabSize: overview.symbols.length, blockSize: 16, embedDim: 16, headCount: 4, layerCount: 1 };
const refresh = () => heads.show("attention/trace", { stage, steps: Number($("#steps").value), word: $("#word").value }, (t) => {
  at = Math.min(!trace || trace.positions.length === t.positions.length ? at : Infinity, t.positions.length - 1);
  trace = t;
  drawHeads();
});
/** The early program has half as many steps. */
const bound = () => {
  const toTheEnd = $("#steps").value === $("#steps").max;
  $("#steps").max = stage === "early" ? 500 : 1000;
  if (toTheEnd) {
    $("#steps").value = $("#steps").max;
  }
  $("#steps").dispatchEvent(new Event("input", { bubbles: true }));
};
choice($("#stage"), LEARNERS, stage, (s) => {
  stage = s;
  remember("stage", s);
  bound();
  refresh();
});
bound();
heads.live(refresh);

for (const [name, value] of Object.entries(shape)) {
  $("#" + name).value = value;
  bindSlider($("#" + name), whole);
}
size.live(() => size.show("heads/parameters", Object.fromEntries(Object.keys(shape).map((name) => [name, Number($("#" + name).value)])), (s) => {
  $("#total").textContent = whole(s.total);
  $("#headDim").textContent = s.headDim;
  $("#hiddenDim").textContent = s.hiddenDim;
  const sum = (test) => s.tensors.filter((t) => test(t.name)).reduce((n, t) => n + t.size, 0);
  barChart($("#size-chart"), { label: "weights of each part", xTitle: "part of the model, all layers together", yTitle: "weights", format: whole, yTicks: [4, "~s"],
    items: [["wte", (n) => n === "wte"], ["wpe", (n) => n === "wpe"], ["attention", (n) => n.includes("attn")], ["perceptron", (n) => n.includes("mlp")], ["lm_head", (n) => n === "lm_head"]].map(([name, test]) => ({ name, value: sum(test) })) });
  const rows = s.tensors.filter((t) => !/layer[1-9]/.test(t.name)).map((t) => [el("td", { class: "text mono" }, t.name), `${t.rows} × ${t.columns}`, whole(t.size)]);
  const layers = Number($("#layerCount").value);
  $("#size-table").replaceChildren(table([el("th", { class: "text" }, "tensor"), "shape", "weights"], rows, [layers > 1 ? `and ${layers - 1} more ${layers > 2 ? "layers" : "layer"}` : "all", "", whole(s.total)]));
}));

const total = async (change) => (await ask("heads/parameters", { vocabSize: 27, blockSize: 16, embedDim: 16, headCount: 4, layerCount: 1, ...change })).total;
exercises({
  two: { answer: () => total({ layerCount: 2 }) },
  heads: { answer: async () => (await total({ headCount: 8 })) - (await total({})) },
  slice: { answer: async () => (await ask("heads/parameters", { vocabSize: 27, blockSize: 16, embedDim: 16, headCount: 8, layerCount: 1 })).headDim },
});

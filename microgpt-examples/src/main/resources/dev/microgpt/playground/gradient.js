import { $, Panel, ask, askOverview, bindSlider, el, fmt, listen, whole } from "./shell.js";
import { restore } from "./address.js";
import { exercises } from "./answers.js";
import { barChart, legend, lineChart, scatter, signedRamp, strip } from "./charts.js";
import { Training } from "./training.js";

// ---- linear

const linear = new Panel("#linear");
const w = [[0.5, -1, 2], [1, 0.25, -0.5]];
const x = [2, 1, -1];
const field = (value, name, set) => el("input", { type: "number", step: 0.25, min: -1000, max: 1000, value, "aria-label": name,
  oninput: (event) => { set(event.target.valueAsNumber); showLinear(); } });
const outputs = w.map(() => el("td", { class: "mono" }));
$("#linear-editor").append(el("table", {},
  el("thead", {}, el("tr", {}, el("th", {}, ""), x.map((_, j) => el("th", {}, "j = " + j)), el("th", {}, "y = W·x"))),
  el("tbody", {}, w.map((row, i) => el("tr", {}, el("td", { class: "text" }, "W row " + i),
    row.map((v, j) => el("td", {}, field(v, `W row ${i} column ${j}`, (n) => (w[i][j] = n)))), outputs[i]))),
  el("tfoot", {}, el("tr", {}, el("td", {}, "x"), x.map((v, j) => el("td", {}, field(v, "x " + j, (n) => (x[j] = n)))), el("td", {})))));
const showLinear = async () => {
  const shown = await linear.show("gradient/linear", { x, rows: w.length, w }, (y) => {
    outputs.forEach((cell, i) => (cell.textContent = fmt(y[i], 3)));
    $("#linear-reading").replaceChildren("y₀ = ", w[0].map((v, j) => `${fmt(v, 2)} · ${fmt(x[j], 2)}`).join(" + "), " = ", el("b", {}, fmt(y[0], 3)));
  });
  if (!shown) {
    outputs.forEach((cell) => (cell.textContent = ""));
  }
};
showLinear();

// ---- softmax

const softmax = new Panel("#softmax");
const logits = [1, 2, 0.5];
let target = 0;
const names = ["a", "b", "c"];
$("#logits").append(...logits.map((v, i) => el("label", {}, `logit of ${names[i]} `, el("b", {}), el("input", { type: "range", min: -5, max: 5, step: 0.1, value: v, id: "logit" + i }))),
  el("label", {}, "true one", el("select", { id: "target" }, names.map((name, i) => el("option", { value: i }, name)))));
restore($("#target"));
logits.forEach((_, i) => bindSlider($("#logit" + i), (v) => fmt(v, 1)));
softmax.live(() => {
  logits.forEach((_, i) => (logits[i] = Number($("#logit" + i).value)));
  target = Number($("#target").value);
  return softmax.show("gradient/softmax", { logits, target }, (s) => {
    barChart($("#softmax-chart"), { label: "probabilities", xTitle: "token", yTitle: "probability", yMax: 1, height: 200, picked: target,
      items: s.probabilities.map((value, i) => ({ name: `${names[i]} ${fmt(value, 3)}`, value })) });
    barChart($("#gradient-chart"), { label: "gradients", xTitle: "token", yTitle: "∂loss / ∂logit, nats", height: 200, picked: target,
      items: s.gradient.map((value, i) => ({ name: `${names[i]} ${fmt(value, 3)}`, value })) });
    $("#softmax-key").replaceChildren(legend([{ name: "the true one", colour: "var(--green)", shape: "box" }, { name: "the others", colour: "var(--blue)", shape: "box" }]));
    $("#softmax-reading").replaceChildren(`${names[target]} is true: loss = −ln ${fmt(s.probabilities[target])} = `, el("b", { id: "softmax-loss" }, fmt(s.loss)), ` nats, gradient p − 1 = `, el("b", {}, fmt(s.gradient[target])));
  });
});

// ---- the way of a token

const overview = await askOverview();
const way = new Panel("#way");
$("#way-token").append(...overview.symbols.map((name, i) => el("option", { value: i, selected: name === "BOS" }, name)));
restore($("#way-token"));
bindSlider($("#way-steps"), (v) => `${whole(v)} steps`);
way.live(() => way.show("gradient/way", { token: Number($("#way-token").value), steps: Number($("#way-steps").value) }, (a) => {
  const shape = (values, of) => `[${values.length}] ${of}`;
  $("#way-strips").replaceChildren(
    strip("x", shape(a.embedding, `wte[${a.token}]`), a.embedding),
    strip("W₁·x", shape(a.preActivation, "before relu"), a.preActivation),
    strip("relu", shape(a.hidden, `${a.hidden.filter((v) => v > 0).length} of 64 units are on`), a.hidden),
    strip("logits", shape(a.logits, "W₂·relu"), a.logits));
  $("#way-key").replaceChildren(signedRamp(Math.max(...a.logits.map(Math.abs)), "  (each row has its own scale; this is the one of the logits)"));
  barChart($("#way-chart"), { label: `probability of each token after ${a.token}`, xTitle: `next token, after ${a.token}`, yTitle: "probability",
    items: a.symbols.map((name, i) => ({ name, value: a.probabilities[i] })) });
}));

// ---- the check

const check = new Panel("#check");
const groups = ["var(--gold)", "var(--blue)", "var(--green)"];
const errors = [];
/** Which weight a point is, such as mlp_fc2[26][3]. */
const weightName = (c, i) => {
  const t = c.offsets.findLastIndex((offset) => offset <= i);
  const at = i - c.offsets[t];
  return `${c.tensors[t]}[${Math.floor(at / c.columns[t])}][${at % c.columns[t]}]`;
};
bindSlider($("#exponent"), (v) => `10 to the power of ${fmt(v, 1)}`);
function drawErrors() {
  lineChart($("#errors"), { label: "error of the numerical gradient against the nudge", xTitle: "nudge ε", yTitle: "error, nats per unit of weight", xLog: true, yLog: true, height: 340,
    xDomain: [1e-15, 1], yDomain: [1e-11, 1], mark: 10 ** Number($("#exponent").value),
    xFormat: (x) => `10^${fmt(Math.log10(x), 1)}`,
    series: [{ name: "largest", label: "largest", colour: "var(--rust)", points: errors.map((e) => [10 ** e.exponent, e.largest]) }, { name: "mean", label: "mean", colour: "var(--blue)", points: errors.map((e) => [10 ** e.exponent, e.mean]) }] });
}
const showCheck = () => check.show("gradient/check", { exponent: Number($("#exponent").value) }, (c) => {
  const size = 1.1 * Math.max(...c.byHand.map(Math.abs));
  const group = (i) => c.offsets.findLastIndex((offset) => offset <= i);
  scatter($("#scatter"), { label: "numerical gradient against the gradient by hand, one point per weight", xTitle: "by hand, nats per unit", yTitle: "numerical, nats per unit", domain: [-size, size], name: (p) => weightName(c, p.i),
    points: c.byHand.map((v, i) => ({ x: v, y: Number(c.numerical[i]), group: group(i), i })), colour: (g) => groups[g] });
  $("#scatter-key").replaceChildren(legend(c.tensors.map((name, i) => ({ name, colour: groups[i], shape: "dot" }))));
  $("#largest").textContent = fmt(c.largest, 6);
  $("#mean").textContent = fmt(c.mean, 6);
  $("#weights").textContent = whole(c.byHand.length);
  $("#check-reading").textContent = `The first name, “${c.document}”, costs ${fmt(c.loss, 6)} with the initial weights. ${whole(c.byHand.filter((v) => v === 0).length)} weights have gradient 0: they took no part.`;
  drawErrors();
});
check.live(showCheck);
$("#errors-key").append(legend([{ name: "largest of all weights", colour: "var(--rust)" }, { name: "mean of all weights", colour: "var(--blue)" }, { name: "ε chosen", colour: "var(--ink)" }]));
const measured = listen("gradient/errors", {}, (event) => {
  errors.push(event);
  errors.sort((a, b) => a.exponent - b.exponent);
  drawErrors();
}).catch((e) => check.run(() => { throw e; }));

// ---- training

bindSlider($("#train-steps"), whole);
bindSlider($("#pace"), whole);
new Training("#train", {
  stages: () => [0, 1],
  names: { 0: "stage 0, counting", 1: "stage 1, gradient by hand" },
  steps: () => Number($("#train-steps").value),
  pace: () => Number($("#pace").value),
  chance: Math.log(overview.symbols.length),
});

exercises({
  weights: { answer: async () => (await ask("gradient/check", { exponent: -5 })).byHand.length },
  equal: { tolerance: 0.002, answer: async () => (await ask("gradient/softmax", { logits: [0, 0, 0], target: 0 })).gradient[0] },
  epsilon: { tolerance: 0.25, answer: async () => (await measured, errors).reduce((best, e) => (e.largest < best.largest ? e : best)).exponent },
});

import { $, Panel, ask, bindSlider, bindWord, el, exercises, fmt, whole } from "/shell.js";
import { barChart, grid, ramp, signedRamp, strip, table } from "/charts.js";

const heat = new Panel("#heat");
const inside = new Panel("#inside");
const cache = new Panel("#cache");
let trace;
let at = Infinity; // the position looked at; beyond the end means the last

const layer = (p) => trace.positions[p].trace.layers.at(-1);

function drawHeat() {
  const tokens = trace.positions.map((p) => p.token);
  const weights = trace.positions.map((_, p) => layer(p).heads[0].weights);
  grid($("#heat-map"), {
    rows: tokens, columns: tokens, rowTitle: "looks from", columnTitle: "looks at", most: 64, least: 16,
    value: (i, j) => (j <= i ? weights[i][j] * 0.95 : null), text: (i, j) => fmt(weights[i][j], 2),
    title: (i, j) => `from ${tokens[i]} (${i}) at ${tokens[j]} (${j}): ${fmt(weights[i][j])}`,
    ring: weights[at].map((_, j) => ({ i: at, j })), onPick: (i) => choose(i),
    label: `attention of ${tokens.length} positions; the table beside it has the predictions`,
  });
  $("#heat-key").replaceChildren(ramp("0", "share 1"));
  $("#heat-table").replaceChildren(table(["position", "reads", "predicts", "probability", "loss, nats"],
    trace.positions.map((p, i) => Object.assign([i, el("td", { class: "mono" }, p.token), el("td", { class: "mono" }, p.target), fmt(p.probability), fmt(p.loss)], { now: i === at }))));
  $("#loss").textContent = fmt(trace.loss);
  $("#cut").textContent = trace.cut ? `${trace.cut} predictions do not fit into blockSize ${trace.blockSize}.` : "";
}

function drawInside() {
  const p = trace.positions[at];
  const l = layer(at);
  const head = p.heads[0];
  $("#positions").replaceChildren(...trace.positions.map((q, i) => el("button", { type: "button", class: "token" + (q.token === "BOS" ? " bos" : ""), "aria-pressed": String(i === at), onclick: () => choose(i) }, q.token, el("small", {}, String(i)))));
  const widest = (...vectors) => Math.max(...vectors.flat().map(Math.abs));
  const e = widest(p.trace.tokenEmbedding, p.trace.positionEmbedding, p.sum);
  $("#embedding").replaceChildren(
    strip("token", `wte[${p.token}], [16]`, p.trace.tokenEmbedding, e), strip("+ position", `wpe[${at}], [16]`, p.trace.positionEmbedding, e),
    strip("= sum", "[16]", p.sum, e), strip("rmsNorm → x", "mean square 1", p.trace.input));
  $("#qkv").replaceChildren(strip("rmsNorm(x)", "[16]", l.attentionNorm), strip("query", "Wq · rmsNorm(x), [16]", l.query), strip("key", "Wk · rmsNorm(x), [16]", l.key), strip("value", "Wv · rmsNorm(x), [16]", l.value));
  $("#dim").textContent = trace.headDim;
  const products = widest(head.products);
  const share = (text) => el("b", {}, text);
  $("#scores").replaceChildren(...trace.positions.map((q, t) => {
    if (t > at) {
      return el("div", { class: "strip" }, el("span", { class: "what" }, `at ${q.token} (${t})`), el("span", { class: "note" }, "masked: it comes later"), el("span", {}));
    }
    const row = strip(`at ${q.token} (${t})`, "", head.products[t], products);
    row.querySelector(".what").append(el("small", {}, `score ${fmt(l.heads[0].scores[t], 3)} → share `, share(fmt(l.heads[0].weights[t], 3))));
    return row;
  }));
  const weighted = widest(head.weighted, l.headOutputs);
  $("#weighted").replaceChildren(...head.weighted.map((v, t) => strip(`${fmt(l.heads[0].weights[t], 3)} · value ${t}`, `of ${trace.positions[t].token}`, v, weighted)), strip("= sum", "[16]", l.headOutputs, weighted));
  const stream = widest(p.trace.input, l.attentionOutput, l.afterAttention, l.mlpOutput, l.output);
  $("#residual").replaceChildren(strip("x", "what was there", p.trace.input, stream), strip("+ attention", "Wo · sum", l.attentionOutput, stream), strip("= x", "residual", l.afterAttention, stream),
    strip("relu(W₁ · rmsNorm(x))", `[64], ${l.hidden.filter((v) => v > 0).length} on`, l.hidden), strip("+ perceptron", "W₂ · relu", l.mlpOutput, stream), strip("= x", "residual", l.output, stream));
  $("#inside-key").replaceChildren(signedRamp(stream, "  (scale of the last rows; every group has its own)"));
  const target = trace.symbols.indexOf(p.target);
  barChart($("#prediction"), { label: "probability of the next token", xTitle: `next token, at position ${at}`, yTitle: "probability", picked: target,
    items: trace.symbols.map((name, i) => ({ name, value: p.probabilities[i] })) });
  $("#inside-reading").replaceChildren(`After “${trace.positions.slice(1, at + 1).map((q) => q.token).join("")}” came ${p.target}: probability `, el("b", {}, fmt(p.probabilities[target])), `, loss ${fmt(p.loss)} nats.`);
}

function drawCache() {
  const filled = $("#filled");
  filled.max = trace.positions.length - 1;
  filled.closest("label").querySelector("b").textContent = `${filled.value} (${trace.positions[filled.value].token})`;
  const rows = (part) => trace.positions.map((p, t) => t <= Number(filled.value) ? strip(`${p.token} (${t})`, "", layer(t)[part])
    : el("div", { class: "strip" }, el("span", { class: "what note" }, `${p.token} (${t})`), el("span", { class: "note" }, "not there yet"), el("span", {})));
  $("#keys").replaceChildren(...rows("key"));
  $("#values").replaceChildren(...rows("value"));
  const positions = Number(filled.value) + 1;
  $("#cache-reading").replaceChildren(`${positions} keys and ${positions} values of 16 numbers: `, el("b", {}, `${whole(positions * 2 * 16)} numbers`), ".");
}

function choose(i) {
  at = i;
  drawHeat();
  inside.run(async () => drawInside());
}

bindWord($("#word"));
bindSlider($("#steps"), (v) => `${whole(v)} steps`);
heat.live(() => heat.show("attention/trace", { stage: 3, steps: Number($("#steps").value), word: $("#word").value }, (t) => {
  const sameLength = trace?.positions.length === t.positions.length;
  trace = t;
  at = Math.min(sameLength ? at : Infinity, t.positions.length - 1);
  drawHeat();
  $("#filled").max = t.positions.length - 1;
  if (!sameLength) {
    $("#filled").value = t.positions.length - 1;
  }
  return Promise.all([inside.run(async () => drawInside()), cache.run(async () => drawCache())]);
}));
$("#filled").addEventListener("input", () => cache.run(async () => drawCache()));

exercises({
  first: { answer: async () => (await ask("attention/trace", { stage: 3, steps: 1000, word: "anna" })).positions[0].trace.layers[0].heads[0].weights[0] },
  numbers: { answer: async () => (await ask("attention/trace", { stage: 3, steps: 0, word: "anna" })).positions.reduce((n, p) => n + p.trace.layers[0].key.length + p.trace.layers[0].value.length, 0) },
  even: { tolerance: 0.002, answer: async () => (await ask("attention/trace", { stage: 3, steps: 1000, word: "emma" })).positions.at(-1).trace.layers[0].heads[0].weights[0] },
});

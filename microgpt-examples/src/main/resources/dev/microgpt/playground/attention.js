import { $, Panel, ask, askOverview, bindSlider, el, fmt, refill, some, whole } from "./shell.js";
import { recall, recallNumber, remember } from "./address.js";
import { exercises } from "./answers.js";
import { bindWord } from "./words.js";
import { barChart, legend, ramp, signedRamp, strip, table } from "./charts.js";
import { absent, attentionMap, layer, positions, scores, weighted, widest } from "./trace.js";

const inside = new Panel("#inside");
const cache = new Panel("#cache");
const heat = new Panel("#heat", inside, cache);
let trace;
let at = recallNumber("at", { otherwise: Infinity }); // the position looked at; beyond the end means the last

/** The most probable token, and whether it came. */
function firstGuess(p) {
  const guess = trace.symbols[p.probabilities.indexOf(Math.max(...p.probabilities))];
  const right = guess === p.target;
  return el("td", { class: "mono", title: right ? "this token came" : "another token came" }, `${guess} `, right ? "✓" : "✗");
}

function drawHeat() {
  attentionMap($("#heat-map"), trace, 0, at, choose, 64);
  $("#heat-key").replaceChildren(ramp("0", "share 1"));
  $("#heat-table").replaceChildren(table(["position", "reads", "first guess", "came", "probability", "loss, nats"],
    trace.positions.map((p, i) => Object.assign([i, el("td", { class: "mono" }, p.token), firstGuess(p), el("td", { class: "mono" }, p.target), fmt(p.probability), fmt(p.loss)], { now: i === at }))));
  $("#loss").textContent = fmt(trace.loss);
  $("#cut").textContent = trace.cut ? `${some(trace.cut, "prediction does", "predictions do")} not fit into blockSize ${trace.blockSize}.` : "";
}

function drawInside() {
  const p = trace.positions[at];
  const l = layer(trace, at);
  refill($("#positions"), positions(trace, at, choose));
  const e = widest(p.trace.tokenEmbedding, p.trace.positionEmbedding, p.sum);
  $("#embedding").replaceChildren(
    strip("token", `wte[${p.token}], [16]`, p.trace.tokenEmbedding, e), strip("+ position", `wpe[${at}], [16]`, p.trace.positionEmbedding, e),
    strip("= sum", "[16]", p.sum, e), signedRamp(e));
  const q = widest(p.trace.input, l.attentionNorm, l.query, l.key, l.value);
  $("#qkv").replaceChildren(strip("x = rmsNorm(sum)", "[16], mean square 1", p.trace.input, q), strip("rmsNorm(x)", "[16]", l.attentionNorm, q), strip("query", "Wq · rmsNorm(x), [16]", l.query, q), strip("key", "Wk · rmsNorm(x), [16]", l.key, q), strip("value", "Wv · rmsNorm(x), [16]", l.value, q), signedRamp(q));
  $("#dim").textContent = trace.headDim;
  $("#scores").replaceChildren(...scores(trace, at, 0));
  $("#weighted").replaceChildren(...weighted(trace, at, 0));
  const stream = widest(p.trace.input, l.attentionOutput, l.afterAttention, l.mlpOutput, l.output);
  $("#residual").replaceChildren(strip("x", "what was there", p.trace.input, stream), strip("+ attention", "Wo · sum", l.attentionOutput, stream), strip("= x", "residual", l.afterAttention, stream),
    strip("relu(W₁ · rmsNorm(x))", `[64], ${l.hidden.filter((v) => v > 0).length} on`, l.hidden), strip("+ perceptron", "W₂ · relu", l.mlpOutput, stream), strip("= x", "residual", l.output, stream));
  $("#inside-key").replaceChildren(signedRamp(stream, "  (relu has a scale of its own)"));
  const target = trace.symbols.indexOf(p.target);
  barChart($("#prediction"), { label: "probability of the next token", xTitle: `next token, at position ${at}`, yTitle: "probability", picked: target,
    items: trace.symbols.map((name, i) => ({ name, value: p.probabilities[i] })) });
  $("#prediction-key").replaceChildren(legend([{ name: "the token that came", colour: "var(--green)", shape: "box" }, { name: "the others", colour: "var(--blue)", shape: "box" }]));
  $("#inside-reading").replaceChildren(`After “${trace.positions.slice(1, at + 1).map((q) => q.token).join("")}” came ${p.target}: probability `, el("b", {}, fmt(p.probabilities[target])), `, loss ${fmt(p.loss)} nats.`);
}

function drawCache() {
  const filled = $("#filled");
  filled.max = trace.positions.length - 1;
  filled.closest("label").querySelector("b").textContent = `${filled.value} (${trace.positions[filled.value].token})`;
  for (const part of ["key", "value"]) {
    const vectors = trace.positions.map((_, t) => layer(trace, t)[part]);
    const largest = widest(...vectors);
    $(`#${part}s`).replaceChildren(...trace.positions.map((p, t) => t <= Number(filled.value) ? strip(`${p.token} (${t})`, "", vectors[t], largest) : absent(`${p.token} (${t})`, "not there yet")));
    $(`#${part}s-key`).replaceChildren(signedRamp(largest));
  }
  const kept = Number(filled.value) + 1;
  $("#cache-reading").replaceChildren(`${kept} keys and ${kept} values of 16 numbers: `, el("b", {}, `${whole(kept * 2 * 16)} numbers`), ".");
}

function choose(i) {
  at = i;
  remember("at", i);
  drawHeat();
  inside.run(async () => drawInside());
}

await bindWord($("#word"));
bindSlider($("#steps"), (v) => `${whole(v)} steps`);
heat.live(() => heat.show("attention/trace", { stage: 3, steps: Number($("#steps").value), word: $("#word").value }, (t) => {
  const sameLength = !trace || trace.positions.length === t.positions.length;
  trace = t;
  at = Math.min(sameLength ? at : Infinity, t.positions.length - 1);
  drawHeat();
  $("#filled").max = t.positions.length - 1;
  if (!sameLength || recall("filled") == null) {
    $("#filled").value = t.positions.length - 1;
  }
  return Promise.all([inside.run(async () => drawInside()), cache.run(async () => drawCache())]);
}));
$("#filled").addEventListener("input", () => cache.run(async () => trace && drawCache()));

const { example } = await askOverview();
const last = async (word) => (await ask("attention/trace", { stage: 3, steps: 1000, word })).positions.at(-1).trace.layers[0];
exercises({
  first: { answer: async () => (await last("")).heads[0].weights[0] },
  numbers: { answer: async () => { const { key, value } = await last(""); return 5 * (key.length + value.length); } },
  even: { given: example, tolerance: 0.002, answer: async () => (await last(example)).heads[0].weights[0] },
});

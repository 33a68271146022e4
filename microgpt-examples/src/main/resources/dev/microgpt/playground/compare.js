import { $, Panel, ask, askOverview, bindSlider, el, fmt, listen, some, startAndStop, whole } from "./shell.js";
import { restore } from "./address.js";
import { exercises } from "./answers.js";
import { legend, lineChart, table } from "./charts.js";

const overview = await askOverview();
const chance = Math.log(overview.symbols.length);

// ---- the table

const stages = new Panel("#stages");
const rows = await ask("compare/stages");
const ngram = await ask("compare/ngram");
const last = rows.find((s) => s.stage === "5");

/** What a stage computes, what is new in it, and how its learning rate falls. */
const SAYS = {
  0: ["(count + 1) / (row + V)", "documents, tokens, loss, the loop, sampling"],
  1: ["softmax(W₂ · relu(W₁ · wte[token]))", "weights, embeddings, gradient descent"],
  2: ["the same", "autograd: the gradient finds itself"],
  3: ["x = norm(wte[token] + wpe[position]), x += attention(x), x += perceptron(x), softmax(lm_head · x)", "position, norm, attention, residual connections"],
  4: ["the same, attention in slices", "several heads, layers"],
  5: ["the same", "Adam: a step of its own for each weight"],
  early: ["the same, with relu² and 8 positions", "before stage 5: weights that begin at 0, other βs, a cosine"],
};
const DECAYS = { linear: "in a line to 0", cosine: "half a cosine to 0" };
const broad = (text) => el("th", { class: "broad" }, text);
const cell = (text, ...small) => el("td", { class: "text wrap" }, text, small.map((line) => el("small", {}, line)));

const rate = (s) => (s.peak ? [`${fmt(s.peak, s.peak < 0.1 ? 2 : 1)}, ${DECAYS[s.decay]}`, `optimizer state: ${s.remembered ? some(s.remembered, "number") : "none"}`] : []);

/** The n-grams, which stand below the pairs: what counting can do. */
const counted = (unseen) => ["0, further", cell(`n-grams of order ${ngram.order}`, "mixed by how often they came"), cell("longer contexts"), "–", "–", cell("counting"), whole(ngram.ngrams), "–",
  el("td", { class: "unseen-ngram" }, unseen ? fmt(ngram.unseen) : "–")];

/** figures: of each row the mean of the last 100 and the loss on unseen names, and how many those are; at: the step that is trained. */
function drawStages(figures, at) {
  const value = (x) => (x >= 0 ? fmt(x) : at ? `step ${whole(at)}` : "–");
  $("#stages-table").replaceChildren(table(
    ["stage", el("th", { class: "text" }, "model and function"), el("th", { class: "text" }, "new"), "heads", "layers", el("th", { class: "text" }, "optimizer, learning rate"), "parameters", broad("mean of the last 100, nats"), broad("unseen names, nats")],
    rows.flatMap((s, i) => [[s.stage, cell(s.model, SAYS[s.stage][0]), cell(SAYS[s.stage][1]), s.heads || "–", s.layers || "–", cell(s.optimizer, ...rate(s)), whole(s.parameters),
      el("td", { class: "mean" + s.stage }, value(figures.means[i])), el("td", { class: "unseen" + s.stage }, figures.unseen[i] >= 0 ? fmt(figures.unseen[i]) : "–")], ...(i === 0 ? [counted(figures.names)] : [])])));
  $("#stages-source").textContent = figures.source + (figures.names ? ` Unseen are the next ${some(figures.names, "name")}.` : "");
}

const NONE = rows.map(() => -1);
const known = last.meanOfLast >= 0;
$("#measure").textContent = known ? "Measure again" : "Train all and measure";
stages.run(async () => drawStages({ means: rows.map((s) => s.meanOfLast), unseen: rows.map((s) => s.unseen), names: known ? 1000 : 0,
  source: known ? "Measured once, on the given names; the build checks it. The button measures again." : "This list has not been measured yet." }));
startAndStop($("#measure"), $("#measure-stop"), (signal) => stages.run(() => listen("training/run", { stages: rows.map((s) => s.stage), steps: 1000, stepsPerSecond: 100000 }, (event) => (event.done
  ? drawStages({ means: event.meanOfLast, unseen: event.unseen, names: event.unseenDocuments, source: "Measured just now, on this machine." })
  : drawStages({ means: NONE, unseen: NONE, names: 0, source: "" }, event.from + event.losses[0].length)), signal)));

// ---- two configurations

const two = new Panel("#two");
const colours = ["var(--blue)", "var(--rust)"];
const presets = [{ layerCount: 1, headCount: 4, embedDim: 16, blockSize: 16, optimizer: "adam", learningRate: 0.01 }, { layerCount: 1, headCount: 4, embedDim: 16, blockSize: 16, optimizer: "sgd", learningRate: 0.1 }];
const number = (name, i, attributes) => el("label", {}, name, el("input", { type: "number", id: name + i, value: presets[i][name], ...attributes }));
$("#settings").append(...["A", "B"].map((letter, i) => {
  const title = el("h3", {}, "Configuration " + letter);
  title.style.color = colours[i];
  return el("div", {}, title, el("div", { class: "controls" },
    number("layerCount", i, { min: 1, max: 4 }), number("headCount", i, { min: 1, max: 16 }), number("embedDim", i, { min: 4, max: 64 }), number("blockSize", i, { min: 1, max: 32 }),
    el("label", {}, "optimizer", el("select", { id: "optimizer" + i }, el("option", { value: "adam" }, "Adam"), el("option", { value: "sgd", selected: presets[i].optimizer === "sgd" }, "gradient descent"))),
    number("learningRate", i, { min: 0, max: 10, step: 0.001 })), el("p", { class: "note", id: "weights" + i }));
}));
const read = (i) => ({ ...Object.fromEntries(["layerCount", "headCount", "embedDim", "blockSize", "learningRate"].map((name) => [name, $("#" + name + i).valueAsNumber])), optimizer: $("#optimizer" + i).value });
let runs = [[], []];

/** A configuration by what makes it another than the other one. */
function called(i) {
  const [mine, other] = [read(i), read(1 - i)];
  const say = { layerCount: (v) => some(v, "layer"), headCount: (v) => some(v, "head"), embedDim: (v) => `embedDim ${v}`, blockSize: (v) => `blockSize ${v}`, learningRate: (v) => `rate ${v}`, optimizer: (v) => (v === "adam" ? "Adam" : "descent") };
  const differences = ["optimizer", ...Object.keys(mine).filter((name) => name !== "optimizer")].filter((name) => mine[name] !== other[name]);
  return `${"AB"[i]}${differences.length ? ": " + differences.map((name) => say[name](mine[name])).join(", ") : ""}`;
}

const showNames = () => $("#two-key").replaceChildren(legend([0, 1].map((i) => ({ name: called(i), colour: colours[i] }))));
const drawTwo = () => lineChart($("#two-chart"), { label: "mean loss of the last 100 steps of both configurations", xTitle: "training step", yTitle: "loss, mean of the last 100, nats per token", height: 300,
  series: runs.map((points, i) => ({ name: called(i), label: called(i), colour: colours[i], points })), xDomain: [0, Number($("#steps").value)], yDomain: runs.some((r) => r.length) ? null : [chance - 1.2, chance + 0.3],
  refs: [{ y: chance, label: `guessing (chance): ln V = ${fmt(chance)}` }] });
const question = (i) => ({ ...read(i), steps: Number($("#steps").value) });
const running = () => !$("#stop").disabled;
async function size(i) {
  try {
    return `${whole((await ask("compare/weights", question(i))).weights)} weights`;
  } catch (e) {
    $("#weights" + i).textContent = "";
    throw new Error(`${"AB"[i]}: ${e.message}`);
  }
}
const showSizes = async () => {
  await two.refresh(() => Promise.all([0, 1].map(size)), (sizes) => sizes.forEach((text, i) => ($("#weights" + i).textContent = text)));
  $("#start").disabled = $("#two").dataset.state === "refused" || running();
};
bindSlider($("#steps"), whole);
document.querySelectorAll("#settings input, #settings select").forEach(restore);
two.live(() => {
  showNames();
  drawTwo();
  return showSizes();
});
startAndStop($("#start"), $("#stop"), async (signal) => {
  runs = [[], []];
  const ends = [];
  $("#settings").inert = true; // what is drawn belongs to them
  await two.run(() => Promise.all([0, 1].map((i) => listen("compare/configuration", { ...question(i), stepsPerSecond: 1000 }, (event) => {
    if (event.done) {
      ends[i] = event;
    } else {
      runs[i].push(...event.means[0].map((v, k) => [event.from + k + 1, v]));
      drawTwo();
    }
  }, signal))));
  $("#settings").inert = false;
  $("#two-reading").replaceChildren(ends[0] && ends[1] ? table(["configuration", "mean of the last 100, nats", `next ${whole(ends[0].unseenDocuments)} names, nats`],
    ends.map((end, i) => [called(i), el("td", { class: "end" + i }, fmt(end.meanOfLast[0])), end.unseenDocuments ? fmt(end.unseen[0]) : "–"])) : "stopped");
});

// ---- the arc

const arc = new Panel("#arc");
arc.run(async () => {});
const percent = (v) => fmt(100 * v, 1) + " %";
const tints = ["var(--blue)", "var(--green)", "var(--violet)"];
startAndStop($("#watch"), $("#watch-stop"), (signal) => {
  const moments = [];
  return arc.run(() => listen("compare/arc", {}, (moment) => {
    moments.push(moment);
    const [list, ...steps] = moments;
    $("#arc-table").replaceChildren(table(["after step", ...list.pairs.map((p) => `pair “${p}”`), "ended by BOS", "in the list", el("th", { class: "text" }, "samples")],
      moments.map((m) => Object.assign([m.step < 0 ? "the list itself" : whole(m.step), ...m.shares.map(percent), m.step < 0 ? "–" : percent(m.ended), m.step < 0 ? "–" : percent(m.inList), el("td", { class: "text mono" }, m.samples.join("  "))], { now: m.step < 0 }))));
    if (steps.length > 1) {
      lineChart($("#arc-chart"), { label: "share of the three most frequent pairs in the samples", xTitle: "training step", yTitle: "share of all pairs, %", height: 260, xDomain: [0, 1000],
        series: [...list.pairs.map((_, k) => ({ name: `“${list.pairs[k]}”`, label: `“${list.pairs[k]}”`, colour: tints[k], points: steps.map((m) => [m.step, 100 * m.shares[k]]) })), ...list.pairs.map((_, k) => ({ name: `“${list.pairs[k]}” in the list`, colour: tints[k], dash: "2 5", points: [[0, 100 * list.shares[k]], [1000, 100 * list.shares[k]]] }))] });
      $("#arc-key").replaceChildren(legend(list.pairs.map((p, k) => ({ name: `“${p}” (dotted: in the list)`, colour: tints[k] }))));
    }
  }, signal));
});

exercises({
  remembered: { answer: async () => last.remembered },
  layers: { answer: async () => {
    const shape = { vocabSize: overview.symbols.length, blockSize: 16, embedDim: 16, headCount: 4 };
    return (await ask("heads/parameters", { ...shape, layerCount: 2 })).total - (await ask("heads/parameters", { ...shape, layerCount: 1 })).total;
  } },
  distinct: { answer: async () => Number(rows.find((s) => s.stage !== "1" && s.parameters === rows[1].parameters).stage) },
});

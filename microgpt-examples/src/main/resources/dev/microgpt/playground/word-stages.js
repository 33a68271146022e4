// One word through all stages: what each letter costs in each of them, and what each expects at one letter.
import { $, Panel, bindSlider, el, fmt, whole } from "./shell.js";
import { recallNumber, remember } from "./address.js";
import { bindWord } from "./words.js";
import { grid, legend, ramp, table } from "./charts.js";
import { short } from "./trace.js";

const SHOWN = 0.095; // the least probability that is written into its cell
const KEY = legend([{ name: "the token that came", colour: "var(--green)", shape: "box" }, { name: "the others", colour: "var(--blue)", shape: "box" }]);
const panel = new Panel("#word-stages");
let answer;
let at = recallNumber("letter", { otherwise: Infinity }); // the prediction looked at; beyond the end: the last letter

const called = (stage) => (stage === "early" ? "early" : `stage ${stage}`);
const pair = (t) => `${answer.tokens[t]} → ${answer.tokens[t + 1]}`;

function drawTable() {
  const { stages, tokens } = answer;
  const most = Math.max(...stages.flatMap((s) => s.losses));
  const cost = (loss) => {
    if (loss == null) {
      return "–";
    }
    const bar = el("i", { class: "cost" });
    bar.style.width = `${100 * loss / most}%`;
    return el("td", {}, fmt(loss, 3), bar);
  };
  const choose = (t) => el("button", { type: "button", class: "token", "aria-pressed": String(t === at), onclick: () => {
    at = t;
    remember("letter", t);
    draw();
    $(`#word-table button[data-letter="${t}"]`).focus();
  }, "data-letter": t }, pair(t));
  const rows = tokens.slice(1).map((_, t) => Object.assign([el("td", { class: "text" }, choose(t)), ...stages.map((s) => cost(s.losses[t]))], { now: t === at }));
  rows.push(["mean", ...stages.map((s) => el("td", { class: "word-mean" + s.stage }, el("b", {}, fmt(s.loss))))]);
  $("#word-table").replaceChildren(table(["stage", ...stages.map((s) => s.stage)], rows, ["untrained", ...stages.map((s) => fmt(s.untrained))]));
}

/** The step from one stage to the next that makes the word cheapest, and the letter at which it does. */
function tell() {
  const steps = answer.stages.slice(1, 6).map((s, i) => ({ from: answer.stages[i], to: s, gain: answer.stages[i].loss - s.loss }));
  const { from, to, gain } = steps.reduce((best, step) => (step.gain > best.gain ? step : best));
  const dearer = answer.stages[5].loss > answer.stages[0].loss ? " Stage 5 pays more for this word than stage 0, all the same. One word is noise: compare the means on unseen names in the table above." : "";
  if (gain < 5e-5) {
    $("#word-reading").textContent = "No stage makes this word cheaper than the one before." + dearer;
    return;
  }
  const gains = to.losses.map((loss, t) => from.losses[t] - loss);
  const t = gains.indexOf(Math.max(...gains));
  $("#word-reading").replaceChildren(`The largest gain is that of ${called(to.stage)} over ${called(from.stage)}: `, el("b", { id: "word-gain" }, fmt(gain)), " nats per letter, most of it at ", el("b", {}, pair(t).replaceAll(" ", "\u00a0")), `, where p goes from ${fmt(Math.exp(-from.losses[t]))} to ${fmt(Math.exp(-to.losses[t]))}.${dearer}`);
}

function drawMap() {
  const { stages, symbols, ids } = answer;
  const fit = stages.filter((s) => s.probabilities[at]);
  $("#word-title").textContent = `What comes after “${answer.tokens.slice(1, at + 1).join("")}”? It was ${answer.tokens[at + 1]}`;
  const most = Math.max(...fit.flatMap((s) => s.probabilities[at]));
  $("#word-key").replaceChildren(ramp("0", `probability ${fmt(most, 2)}`), KEY);
  grid($("#word-map"), { rows: fit.map((s) => s.stage), columns: symbols, rowTitle: "stage", columnTitle: "next token", most: 34, least: 9, colour: (_, j) => (j === ids[at + 1] ? "var(--green)" : "var(--blue)"),
    value: (i, j) => fit[i].probabilities[at][j] / most * 0.95, text: (i, j) => (fit[i].probabilities[at][j] > SHOWN ? short(fit[i].probabilities[at][j]) : ""),
    title: (i, j) => `${called(fit[i].stage)}: ${symbols[j]} ${fmt(fit[i].probabilities[at][j])}`, label: `probability of each next token in ${fit.length} stages` });
}

function draw() {
  drawTable();
  tell();
  drawMap();
}

await bindWord($("#word"));
bindSlider($("#word-steps"), (v) => `${whole(v)} steps`);
panel.live(() => panel.show("word/stages", { word: $("#word").value, steps: Number($("#word-steps").value) }, (a) => {
  answer = a;
  const predictions = Math.max(...a.stages.map((s) => s.losses.length));
  at = at < predictions ? at : Math.max(0, predictions - 2);
  answer.tokens = answer.tokens.slice(0, predictions + 1);
  draw();
}));

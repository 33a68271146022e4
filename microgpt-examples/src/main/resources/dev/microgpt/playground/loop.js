// The whole training loop of a stage on one screen: its lines in five parts, and beside each the real numbers of the reader's word
// at the step chosen. The section says which stage, or between which ones to choose: data-stages="5 early".
import { $, Panel, ask, askOverview, choice, el, fmt, scientific, whole } from "./shell.js";
import { recall, recallNumber, remember } from "./address.js";
import { bindWord } from "./words.js";
import { tokenList } from "./charts.js";
import { GradientMap } from "./gradient-map.js";
import { LossTrack } from "./loss-track.js";
import { icon, shareWord } from "./player.js";

const PART = 700; // milliseconds that a part is lit while playing, and at least LINE for each of its numbers
const LINE = 250;
const PARTS = 5;
const STEP = 420; // of a whole step at first; each is faster than the one before
const FASTEST = 1000 / 60;
const DENSE = 9; // lines of a part from which on they are set closer
const ROOM = 62; // characters of a line; of a longer one what is said about it is left out
const still = matchMedia("(prefers-reduced-motion: reduce)");

const NAMES = { early: "early", 0: "stage 0", 1: "stage 1", 2: "stage 2", 3: "stage 3", 4: "stage 4", 5: "stage 5" };

/** What the program has in common with the one before it, and what is new. */
const KEPT = {
  0: ["nothing, this is the beginning", "documents, tokens, the loss, the loop and sampling are born here"],
  1: ["tokens, loss, loop and sampling; the model still sees the current letter only", "the table becomes a function with weights, and counting a step against the gradient"],
  2: ["the model, its weights, the update, and so the losses and the names", "nothing is derived by hand: every number remembers what it was computed from"],
  3: ["tokens, autograd, the perceptron, gradient descent", "position vectors, norm, attention with one head, residuals, lm_head; the learning rate begins at 0.1 instead of 1.0"],
  4: ["everything but the heads, and the number of weights", "four heads instead of one; and the block could be repeated, layer by layer"],
  5: ["the whole model, its loss and its gradient", "the update: Adam (see below) instead of gradient descent, with learning rate 0.01 instead of 0.1"],
  early: ["the parts of the model, and Adam's formulas", "8 positions, relu squared, smaller first weights, other βs, a cosine, 500 steps"],
};

const section = $("#loop");
const stages = section.dataset.stages.split(" ");
let stage = stages.includes(recall("program")) ? recall("program") : stages[0];
let run; // the answer to loop/run
let now; // the answer to loop/step
let step = recallNumber("step", { least: 1, otherwise: 1 }) - 1; // the last one there is, if it is beyond that
let part = recallNumber("part", { least: 1, most: PARTS, otherwise: 1 }) - 1;
let mark = 0; // which of the part's numbers is computed now
const recalled = recall("weight")?.match(/^([\w.]+)\[(\d+)\]\[(\d+)\]$/);
let weight = recalled ? { tensor: recalled[1], row: Number(recalled[2]), column: Number(recalled[3]) } : { tensor: "", row: 0, column: 0 }; // the one that the update moves; at first the library's choice
let chosen = Boolean(recalled); // whether the reader has chosen the weight
let playing = null;

// ---- the frame

const button = (name, label, work) => el("button", { type: "button", "aria-label": label, title: label, "data-do": name, onclick: work }, icon(name));
const word = el("input", { type: "text", class: "loop-word", maxlength: 100, spellcheck: "false", autocomplete: "off" });
const choose = el("div", { class: "buttons", role: "group", "aria-label": "program" });
const about = el("p", { class: "note" });
const list = el("ol", { class: "loop-parts" });
const playButton = el("button", { type: "button", class: "primary", "aria-label": "play", title: "play", "data-do": "play", onclick: () => (playing ? pause() : play()) }, icon("play"));
const where = el("p", { class: "loop-where" });
const spoken = el("p", { class: "unseen", "aria-live": "polite" });
const track = new LossTrack((chosen) => byHand(() => go(chosen, part)));
section.append(
  el("div", { class: "controls loop-head" }, el("div", {}, el("h2", {}, "The whole loop on one screen"), about),
    stages.length > 1 ? choose : null, el("label", {}, "Your name", word)),
  list,
  el("div", { class: "loop-drive", inert: true }, // until there is something to go through
    el("div", {}, el("div", { class: "buttons" },
      button("first", "to step 1", () => byHand(() => go(0, 0))), button("back", "one part back; with Shift one step", (e) => byHand(() => move(-1, e.shiftKey))), playButton,
      button("on", "one part on; with Shift one step", (e) => byHand(() => move(1, e.shiftKey))), button("last", "to the last step", () => byHand(() => go(steps() - 1, 0)))), where),
    track.element),
  spoken);
const panel = new Panel("#loop");

const steps = () => run.losses.length;

// ---- the parts

let parts = []; // of the page: {item, result, sheet, marks}

function buildParts() {
  parts = run.parts.map((source, i) => {
    const result = el("span", { class: "loop-result" });
    const sheet = el("div", { class: "loop-sheet" });
    const lines = source.lines.flatMap((line, n) => { // where lines are left out, that is said
      const text = el("span", { class: "line" + (line.fresh ? " fresh" : "") + (line.text.length > ROOM ? " long" : ""), "data-mark": line.mark || null, title: line.fresh ? "new in this stage" : null }, coloured(line.text.trim()));
      text.style.setProperty("--indent", line.text.search(/\S/));
      text.addEventListener("click", () => line.mark && byHand(() => point(i, marks.indexOf(line.mark))));
      const before = source.lines[n - 1];
      if (before && before.file !== line.file) {
        return [fileLink(line), text];
      }
      return before && source.name.startsWith("Forward") && line.number - before.number > 2 ? [el("span", { class: "line-gap" }, "⋮ the layers, as in stage 4"), text] : [text];
    });
    const marks = [];
    const head = el("button", { type: "button", class: "loop-name", onclick: () => byHand(() => point(i, Infinity)), onkeydown: (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (by) {
        event.preventDefault();
        byHand(() => point(i, Math.min(marks.length - 1, Math.max(0, (i === part ? mark : marks.length) + by))));
      }
    } }, el("span", { class: "loop-number" }, String(i + 1)), el("span", {}, source.name), result);
    const code = lines.length ? el("pre", { tabindex: 0, "aria-label": `the lines of ${source.name}` }, lines) : el("p", { class: "note" }, "no line: there is nothing to derive");
    const item = el("li", { class: source.lines.length > DENSE ? "loop-part dense" : "loop-part" }, el("div", { class: "loop-code" }, el("div", { class: "loop-title" }, head, source.lines.length ? fileLink(source.lines[0]) : null), code), sheet);
    return { item, result, sheet, marks };
  });
  list.replaceChildren(...parts.map((p) => p.item));
}

const fileLink = (line) => el("a", { class: "loop-file", href: "source/dev/microgpt/" + line.file }, `${line.file.split("/").pop()}, line ${line.number}`);

const KEYWORDS = /(\/\/.*)|\b(public|private|static|final|return|new|for|if|else|while|int|double|long|void|boolean|this)\b/g;

function coloured(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(KEYWORDS)) {
    nodes.push(text.slice(at, match.index), el("span", { class: match[1] ? "c" : "k" }, match[0]));
    at = match.index + match[0].length;
  }
  return [...nodes, text.slice(at)];
}

// ---- the numbers

/** Six decimals, or three digits and a power of ten for what is smaller. */
function exact(x, decimals = 6) {
  if (x === 0 || Math.abs(x) >= 1e-4) {
    return fmt(x, decimals).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  }
  return scientific(x, 3);
}
const within = (x) => (x < 0 ? `(${exact(x)})` : exact(x));
const row = (of, name, sum, result, remark) => el("div", { class: "sum", "data-mark": of }, el("i", {}, name), el("span", {}, "= ", sum), el("b", {}, "= ", result, remark ? el("small", {}, " " + remark) : null));

function drawSample({ sheet, result, marks }) {
  const n = now.losses.length;
  marks.splice(0, Infinity, "tokens");
  result.textContent = now.tokens.join(" ");
  sheet.replaceChildren(el("div", { class: "loop-sample" }, el("ul", { class: "tokens", "data-mark": "tokens" }, tokenList(now.tokens, now.ids, { cutFrom: n + 1 })),
    el("p", {}, `${now.ids.length} tokens, `, el("b", {}, `n = ${n}`), ` predictions`, now.cut ? `; ${now.cut} do not fit` : "", el("br"), el("small", {}, `in this one step, instead of ${now.document}`))));
}

function drawForward({ sheet, result, marks }) {
  marks.splice(0, Infinity, "p", "loss");
  const most = Math.max(1.5 * run.chance, ...now.losses);
  const bars = now.losses.map((loss, t) => {
    const bar = el("span", { class: "bar-of-loss" + (loss < 0.2 * most ? " short" : "") }, el("b", {}, fmt(loss, 3)));
    bar.style.width = `${100 * loss / most}%`;
    const mean = el("i");
    mean.style.left = `${100 * now.loss / most}%`;
    return el("div", { class: "loss-row", "data-mark": "p" }, el("span", {}, now.tokens[t], el("small", {}, " → "), el("b", {}, now.tokens[t + 1])), el("span", {}, `p = ${fmt(now.probabilities[t], 3)}`), el("span", { class: "track-of-loss" }, bar, mean));
  });
  const better = run.chance - now.loss;
  result.replaceChildren("mean ", el("b", {}, fmt(now.loss)));
  sheet.replaceChildren(el("div", { class: "loss-rows" + (bars.length > 7 ? " many" : "") }, bars),
    el("p", { "data-mark": "loss" }, "Mean of −ln p: ", el("b", { class: "loop-mean", id: "loop-mean" }, fmt(now.loss)), ` nats. Guessing costs ln ${Math.round(Math.exp(run.chance))} = ${fmt(run.chance, 3)}: `,
      el("b", {}, Math.abs(better) < 0.0005 ? "the same as guessing" : better < 0 ? "worse than guessing" : `${fmt(better, 3)} better than guessing`),
      step === 0 && Math.abs(better) >= 0.0005 ? ", by luck." : "."));
}

const map = new GradientMap((picked) => byHand(() => {
  weight = picked;
  chosen = true;
  return go(step, part);
}));
const mapText = el("p", { "data-mark": "g" });
const nextTensor = el("button", { type: "button", class: "link", onclick: () => map.largestOfNext() }, "Another");

function drawBackward({ sheet, result, marks }) {
  const u = now.update;
  marks.splice(0, Infinity, ...(u ? ["g"] : []));
  if (!u) {
    result.textContent = "nothing to derive";
    sheet.replaceChildren(el("p", {}, "Counting needs no gradient: what came is made likelier by one."));
    return;
  }
  const count = u.map.length;
  result.textContent = `${whole(count)} gradients`;
  map.show(u, symbols);
  const readTokens = [...new Set(now.tokens.slice(0, now.losses.length))];
  mapText.replaceChildren(`Blank is 0, pale is small; of wte only ${readTokens.join(", ")} learn. Framed: `, el("code", { id: "loop-weight" }, map.name(u.weight)), ", ", el("i", {}, "g"), " = ", el("b", { id: "loop-gradient" }, exact(u.gradient)), ". ", nextTensor);
  if (!map.element.isConnected) {
    sheet.replaceChildren(map.element, mapText);
  }
}

function drawUpdate({ sheet, result, marks }) {
  const u = now.update;
  if (!u) {
    marks.splice(0, Infinity, "count");
    result.textContent = `${now.increments.length} pairs`;
    sheet.replaceChildren(...now.increments.map((p) => el("div", { class: "sum", "data-mark": "count" }, el("code", {}, `counts[${p.previous}][${p.next}]`), el("span", {}, `= ${p.before} + 1`), el("b", {}, `= ${p.after}`))));
    return;
  }
  const t = step + 1;
  const weightShown = (w) => exact(w, Math.abs(u.after - u.before) < 1e-5 ? 10 : 6); // so that a small step shows
  const rate = u.decay === "cosine" ? ["½ · ", exact(u.peak), ` · (1 + cos(π · ${step}/${u.steps}))`] : [exact(u.peak), ` · (1 − ${step}/${u.steps})`];
  const rows = [row("lr", "lr", rate, exact(u.learningRate))];
  if (u.adam) {
    const a = u.adam;
    const power = (beta) => [`(1 − ${exact(beta)}`, t > 1 ? el("sup", {}, String(t)) : null, ")"].filter(Boolean);
    rows.push(
      row("m", "m", `${exact(a.beta1)} · ${within(a.mBefore)} + ${exact(1 - a.beta1)} · ${within(u.gradient)}`, exact(a.m)),
      row("v", "v", `${exact(a.beta2)} · ${exact(a.vBefore)} + ${exact(1 - a.beta2)} · ${within(u.gradient)}²`, exact(a.v)),
      row("mHat", "m̂", [`${exact(a.m)} / `, ...power(a.beta1)], exact(a.mHat), t === 1 ? "= g" : ""),
      row("vHat", "v̂", [`${exact(a.v)} / `, ...power(a.beta2)], exact(a.vHat), t === 1 ? "= g²" : ""),
      row("w", "w", `${weightShown(u.before)} − ${exact(u.learningRate)} · ${within(a.mHat)} / (√${exact(a.vHat)} + 10⁻⁸)`, weightShown(u.after)));
  } else {
    rows.push(row("w", "w", `${weightShown(u.before)} − ${exact(u.learningRate)} · ${within(u.gradient)}`, weightShown(u.after)));
  }
  marks.splice(0, Infinity, ...rows.map((r) => r.dataset.mark));
  result.replaceChildren(el("code", {}, map.name(u.weight)), " ", el("b", {}, weightShown(u.after)));
  sheet.replaceChildren(...rows);
}

function drawLog({ sheet, result, marks }) {
  marks.splice(0, Infinity, "log");
  result.textContent = `loss ${fmt(now.loss)}`;
  const read = now.tokens.slice(1, -1).join("");
  sheet.replaceChildren(el("p", {}, el("code", { "data-mark": "log", id: "loop-printed" }, now.printed), el("span", { class: "loop-again" }, `${read} again, after this step: `, el("b", { id: "loop-after" }, fmt(now.lossAfter)))));
}

function draw() {
  [drawSample, drawForward, drawBackward, drawUpdate, drawLog].forEach((drawPart, i) => drawPart(parts[i]));
  light();
}

// ---- where one is

/** Lights the part that one is at, and the line and the number of its mark. */
function light() {
  const marks = parts[part].marks;
  const lit = marks[Math.min(mark, marks.length - 1)];
  parts.forEach((p, i) => {
    p.item.classList.toggle("now", i === part);
    p.item.classList.toggle("later", i > part);
    p.item.querySelector(".loop-name").setAttribute("aria-current", i === part ? "step" : "false");
    for (const element of p.item.querySelectorAll("[data-mark]")) {
      element.classList.toggle("on", i === part && element.dataset.mark === lit);
    }
  });
  where.replaceChildren(el("b", {}, `step ${whole(step + 1)}`), ` of ${whole(steps())}`, el("br"), `part ${part + 1} of ${parts.length}: ${run.parts[part].name.toLowerCase()}`, part + 1 < parts.length ? el("small", {}, " (pale: yet to come)") : "");
  track.at(step, `step ${whole(step + 1)} of ${whole(steps())}: ${now.document} cost ${fmt(run.losses[step])}`);
}

function point(toPart, toMark) {
  part = toPart;
  mark = toMark;
  light();
}

/** Goes to a step and a part of it; resolves when it is shown. */
async function go(toStep, toPart, toMark = Infinity) {
  step = toStep;
  await panel.show("loop/step", { stage, step, word: word.value, ...weight }, (answer) => {
    now = answer;
    if (answer.update) {
      weight = answer.update.weight;
    }
    part = toPart;
    mark = toMark;
    draw();
    $(".loop-drive", section).inert = false;
  });
}

async function move(by, wholeStep) {
  if (wholeStep) {
    return go(Math.min(steps() - 1, Math.max(0, step + by)), part);
  }
  const next = part + by;
  if (next >= 0 && next < parts.length) {
    return point(next, Infinity);
  }
  const toStep = step + by;
  return toStep < 0 || toStep >= steps() ? undefined : go(toStep, next < 0 ? parts.length - 1 : 0);
}

/** Where one is stands in the address, but not while it plays. */
function keepPlace() {
  remember("program", stage === stages[0] ? null : stage);
  remember("step", step === 0 ? null : step + 1);
  remember("part", part === 0 ? null : part + 1);
  remember("weight", chosen ? `${weight.tensor}[${weight.row}][${weight.column}]` : null);
}

/** What the reader does by hand: it stops the playing, and a screen reader says where one is. */
async function byHand(work) {
  pause();
  await work();
  keepPlace();
  if (now && section.dataset.state !== "refused") {
    spoken.textContent = `Step ${step + 1}, part ${part + 1}, ${run.parts[part].name}: ${parts[part].result.textContent}`;
  }
}

// ---- playing

function play() {
  if (step === steps() - 1) {
    step = -1; // once more from the beginning
  }
  playing = { stepsInParts: 0, wait: STEP, timer: 0 };
  playButton.replaceChildren(icon("pause"));
  playButton.setAttribute("aria-label", "pause");
  playButton.title = "pause";
  section.classList.add("playing");
  spoken.textContent = "";
  tick(playing, step < 0 ? "step" : "");
}

function pause() {
  if (playing) {
    clearTimeout(playing.timer);
    playing = null;
    playButton.replaceChildren(icon("play"));
    playButton.setAttribute("aria-label", "play");
    playButton.title = "play";
    section.classList.remove("playing");
    keepPlace();
  }
}

/** Lights the next number, part or step; the first two steps part by part, then whole ones, faster and faster. */
async function tick(mine, force) {
  const began = performance.now();
  let wait;
  if (!force && mine.stepsInParts < 2 && !(part === parts.length - 1 && mark >= parts[part].marks.length - 1)) {
    if (!still.matches && mark < parts[part].marks.length - 1) {
      point(part, mark + 1);
    } else {
      point(part + 1, still.matches ? Infinity : 0);
    }
    wait = Math.max(LINE, PART / Math.max(1, parts[part].marks.length));
  } else if (step + 1 >= steps()) {
    pause();
    return;
  } else {
    mine.stepsInParts++;
    const inParts = mine.stepsInParts < 2;
    await go(step + 1, inParts ? 0 : parts.length - 1, inParts && !still.matches ? 0 : Infinity);
    wait = inParts ? PART : (mine.wait = Math.max(FASTEST, mine.wait * 0.96));
  }
  if (playing === mine && section.dataset.state !== "refused") {
    mine.timer = setTimeout(tick, Math.max(0, (still.matches ? 900 : wait) - (performance.now() - began)), mine);
  } else if (playing === mine) {
    pause();
  }
}

// ---- beginning

let symbols = [];

async function load(program) {
  pause();
  if (stage !== program) {
    [weight, chosen] = [{ tensor: "", row: 0, column: 0 }, false];
  }
  stage = program;
  await panel.run(async () => {
    run = await ask("loop/run", { stage });
    map.clear();
    buildParts();
    track.show(run);
    const times = { 1000: "a thousand", 500: "five hundred" }[steps()] ?? whole(steps());
    const [stays, changes] = KEPT[stage];
    about.replaceChildren(`Everything that ${stage === "early" ? "the early program, the microgpt of 12 February 2026," : NAMES[stage]} does to learn, ${times} times over. `,
      el("span", {}, el("b", {}, "Stays: "), stays, ". "), el("span", { class: stage === "0" ? "" : "loop-legend" }, el("b", {}, stage === "0" ? "New: " : "Changes: "), changes, "."));
  });
  if (section.dataset.state !== "refused") {
    await go(Math.min(step, steps() - 1), part);
  }
  if (section.dataset.state === "refused" && chosen) { // a weight of the address that is none
    [weight, chosen] = [{ tensor: "", row: 0, column: 0 }, false];
    await go(Math.min(step, steps() - 1), part);
  }
}

await bindWord(word);
symbols = (await askOverview()).symbols;
choice(choose, stages.map((s) => [s, NAMES[s]]), stage, (s) => byHand(() => load(s)));
let typing;
function typed() {
  section.dataset.state = "busy";
  clearTimeout(typing);
  typing = setTimeout(() => byHand(() => (now ? go(step, part) : load(stage))), 150);
}
word.addEventListener("input", typed);
shareWord(word, typed);
await load(stage);

// The network as one drawing: ribbons of numbers from a letter to what comes next, and the gradients on their way back.
import { $, Panel, ask, bindSlider, choice, el, fmt, refill, whole } from "./shell.js";
import { recall, remember } from "./address.js";
import { bindWord } from "./words.js";
import { signed as colour } from "./colour.js";
import { Shape } from "./network-shape.js";
import { icon, shareWord } from "./player.js";
import { newIn, reach, share, stationsOf } from "./network-words.js";

const SVG = "http://www.w3.org/2000/svg";
const STATION = 450; // milliseconds that a station takes while playing, twice that where motion is reduced
const MOST_TEXTS = 40; // tokens whose letters have room at the end
const still = matchMedia("(prefers-reduced-motion: reduce)");
const narrow = matchMedia("(max-width: 760px)");

const section = $(".network");
const word = el("input", { type: "text", class: "network-word", maxlength: 100, spellcheck: "false", autocomplete: "off" });
const trained = el("input", { type: "range", id: "network-steps", min: 0, max: 1000, step: 50, value: 1000 });
const stageButtons = el("div", { class: "buttons", role: "group", "aria-label": "stage" });
const wayButtons = el("div", { class: "buttons", role: "group", "aria-label": "direction" });
const letters = el("div", { class: "tokens", role: "group", "aria-label": "letter on its way" });
const task = el("p", { class: "network-task" });
const facts = el("p", { class: "network-facts" });
const where = el("p", { class: "network-where" });
const drawing = el("div", { class: "network-drawing", role: "group", tabindex: 0, "aria-roledescription": "drawing of the network", onkeydown: key });
const reading = el("p", { class: "network-reading", "aria-live": "polite" });
const spoken = el("p", { class: "unseen", "aria-live": "polite" });
const open = el("div", { class: "network-open" });
const key1 = el("p", { class: "network-key" });
const numbers = el("div");
const drive = (name, label, work) => el("button", { type: "button", "data-do": name, "aria-label": label, title: label, onclick: work }, icon(name));
const playButton = drive("play", "play", () => (playing ? pause() : play()));
playButton.className = "primary";
const driving = el("div", { class: "network-drive", inert: true }, // until there is a letter to go with
  el("div", { class: "buttons" },
  drive("first", "to the first station", () => byHand(() => walk(first()))), drive("back", "one station back", () => byHand(() => walk(at - 1))), playButton,
  drive("on", "one station on", () => byHand(() => walk(at + 1))), drive("last", "everything", () => byHand(rest))), where, wayButtons);
const line = el("div", { class: "network-line" }, letters, task);
const dock = el("div", { class: "network-dock" }, open);
section.append(
  el("div", { class: "controls network-top" }, el("label", {}, "Name", word), el("label", {}, "Trained for ", el("b", {}), trained), el("div", { class: "network-stages" }, el("span", {}, "Stage"), stageButtons)),
  line, facts, drawing, reading, dock, key1,
  el("details", {}, el("summary", {}, "The numbers of this station as a table"), numbers), spoken);

/** On a phone the controls lie below the drawing, with the open station. */
const placeControls = () => (narrow.matches ? dock.prepend(driving) : line.append(driving));
placeControls();
const panel = new Panel("#" + section.id);

const asked = Number(recall("network") ?? section.dataset.stage);
let stage = [2, 3, 4, 5].includes(asked) ? asked : Number(section.dataset.stage);
let way = recall("way") === "backward" ? "backward" : "forward";
let letter; // the answer to network/letter
const linesOf = {}; // the Java lines of each station, by stage
let lines = {};
let position; // of the letter that is shown
let wanted = /^\d+$/.test(recall("letter")) ? Number(recall("letter")) : null; // the one that the reader chose
let stations = stationsOf(stage);
const recalled = stations.findIndex((s) => s.id === recall("station"));
let at = recalled >= 0 ? recalled : stage > 2 ? 8 : 2; // the open station, counted forward
let walking = false; // only what has been reached is lit
let playing = null;
let shape;
let ribbons = [];
let boxes = new Map();
let lane = -1; // the number that is read by keyboard

const numbersOf = (of) => (of === "probabilities" ? (way === "forward" ? letter.probabilities : letter.backward.logits) : letter[way][of]);

// ---- drawing

function node(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => value != null && element.setAttribute(key, value));
  element.append(...children);
  return element;
}

let svg;

/** A ribbon: a lane for each number; station: the one that makes it; values: of a letter and a direction. */
function ribbon(station, values, path, width, { scale, reverse } = {}) {
  const count = values(letter.forward).length;
  const group = node("g", { class: "ribbon", "aria-hidden": "true" });
  const span = width * count;
  group.append(node("path", { class: "edge", d: path(-span / 2) + path(span / 2) }));
  const lanes = Array.from({ length: count }, (_, i) => node("path", { d: path((i - (count - 1) / 2) * width, i), "stroke-width": width + 0.25, pathLength: 1 }));
  group.append(...lanes);
  svg.append(group);
  ribbons.push({ station, values, group, lanes, scale: scale ?? ((n) => Math.max(...values(n).map(Math.abs))), reverse });
}

function box(id, area, label, extra = "") {
  const rect = node("rect", { ...area, rx: 5, class: "station" + extra });
  const group = node("g", { class: "box" + (newIn[stage].includes(id) ? " fresh" : ""), "data-station": id });
  group.append(rect);
  if (label) {
    group.append(node("text", { x: area.x + area.width / 2, y: area.y + area.height / 2 + 5, class: "weight" }, label));
  }
  group.addEventListener("click", () => byHand(() => openStation(stations.findIndex((s) => s.id === id))));
  svg.append(group);
  boxes.set(id, [...(boxes.get(id) ?? []), group]);
}

function plus(id, along) {
  const [x, y] = shape.at(along, shape.street);
  const group = node("g", { class: "box plus" + (newIn[stage].includes(id) ? " fresh" : ""), "data-station": id }, node("circle", { cx: x, cy: y, r: 11, class: "station" }), node("path", { d: `M${x - 5},${y}h10M${x},${y - 5}v10` }));
  group.addEventListener("click", () => byHand(() => openStation(stations.findIndex((s) => s.id === id))));
  svg.append(group);
  boxes.set(id, [group]);
}

function text(along, across, words, { anchor = "middle", cls = "", dx = 0, dy = 0 } = {}) {
  const [x, y] = shape.at(along, across);
  const element = node("text", { x: x + dx, y: y + dy, "text-anchor": anchor, class: cls }, words);
  svg.append(element);
  return element;
}

const pills = [];

/** How large the numbers of a ribbon are. */
function pill(along, across, values) {
  const [x, y] = shape.at(along, across);
  const rect = node("rect", { x: x - 19, y: y - 9, width: 38, height: 18, rx: 9, class: "pill" });
  const label = node("text", { x, y: y + 4, class: "pill-text" });
  svg.append(rect, label);
  pills.push(() => {
    const v = values(letter[way]);
    label.textContent = v ? reach(v) : "";
  });
}

const span = (n, width) => (n * width) / 2 + 5;

function build() {
  shape = new Shape(narrow.matches);
  ribbons = [];
  boxes = new Map();
  pills.length = 0;
  svg = node("svg", { viewBox: `-2 -8 ${shape.width + 4} ${shape.height + 12}`, role: "img", "aria-label": `the network of stage ${stage}, with the numbers of ${letter.tokens[position]} at place ${position}` });
  svg.classList.toggle("turned", shape.turned);
  drawing.replaceChildren(svg);
  const g = shape;
  stage > 2 ? buildGpt(g) : buildPerceptron(g);
  buildEnd(g);
  paint();
}

function block([from, to, left, right], name, what, fresh) {
  const area = shape.rect(from, to, left, right);
  svg.append(node("rect", { ...area, rx: 14, class: "block" + (fresh ? " fresh" : "") }));
  const [x, y] = shape.turned ? [area.x + area.width - 10, area.y + area.height - 26] : [area.x + area.width / 2, area.y + area.height - 10];
  const label = node("text", { x, y, class: "block-name", "text-anchor": shape.turned ? "end" : "middle" }, node("tspan", { class: "strong" }, name));
  label.append(shape.turned ? node("tspan", { x, dy: 16 }, what) : node("tspan", { dx: 5 }, what));
  svg.append(label);
  if (fresh) {
    badge(area.x + area.width - 28, shape.turned ? area.y + 14 : area.y + area.height - 15);
  }
}

function badge(x, y) {
  svg.append(node("rect", { x: x - 17, y: y - 8, width: 34, height: 16, rx: 8, class: "badge" }), node("text", { x, y: y + 4, class: "badge-text" }, "new"));
}

function buildGpt(g) {
  const n = position + 1;
  const heads = letter.forward.shares.length;
  const l = g.lane;
  const half = span(16, l);
  const fresh = stage === 3;
  block(g.attentionBlock, "Attention", "letters speak with one another", fresh);
  block(g.mlpBlock, "Perceptron", "each letter alone", false);

  // the street
  for (const [id, across] of [["token", g.token], ["place", g.place]]) {
    ribbon(id, (v) => v[id], (d) => g.straight(g.start, g.bend, across)(d) + g.bent(g.bend, g.plus, across, g.street)(d).replace("M", "L"), l);
  }
  ribbon("sum", (v) => v.sum, g.straight(g.plus, g.norm[0], g.street), l);
  ribbon("input", (v) => v.input, g.straight(g.norm[1], g.plusAttention, g.street), l);
  ribbon("plusAttention", (v) => v.afterAttention, g.straight(g.plusAttention, g.plusMlp, g.street), l);
  ribbon("plusMlp", (v) => v.output, g.straight(g.plusMlp, g.lmHead[0], g.street), l);

  // attention
  ribbon("norm", (v) => v.fork, g.forkOff(g.fork, g.query), l, { reverse: true });
  for (const across of [g.key, g.query, g.value]) {
    ribbon("norm", (v) => v.norm, g.straight(g.blockNorm[1], g.weights[0], across), l);
  }
  const keyScale = (n) => Math.max(...n.keys.flat().map(Math.abs));
  const valueScale = (n) => Math.max(...n.values.flat().map(Math.abs));
  ribbon("key", (v) => v.keys[position], g.straight(g.weights[1], g.heads[0] - 6, g.key), l, { scale: keyScale });
  ribbon("value", (v) => v.values[position], g.straight(g.weights[1], g.heads[0] - 6, g.value), l, { scale: valueScale });
  const part = 16 / heads;
  const rowMiddle = (i) => { const [from, to] = g.row(Math.floor(i / part), heads); return (from + to) / 2 + (i % part - (part - 1) / 2) * l; };
  const middle = (i) => (i - 7.5) * l;
  const bent = (from, to, inward) => (d, i) => (i == null ? "" : inward ? g.bent(from, to, g.query, 0)(middle(i), rowMiddle(i)) : g.bent(from, to, 0, g.query)(rowMiddle(i), middle(i)));
  ribbon("query", (v) => v.query, bent(g.weights[1], g.heads[0] - 5, true), l);
  ribbon("heads", (v) => v.mix, bent(g.heads[1] + 5, g.wo[0], false), l);
  ribbon("wo", (v) => v.attention, g.ramp(g.wo[1], g.query), l);
  for (let t = 0; t < n; t++) {
    const [from, to] = g.column(t, n);
    ribbon("key", (v) => v.keys[t], g.straight(from, to, g.key), l, { scale: keyScale });
    ribbon("value", (v) => v.values[t], g.straight(from, to, g.value), l, { scale: valueScale });
  }
  const [nowFrom, nowTo] = g.column(position, n);
  for (const across of [g.key, g.value]) {
    svg.append(node("rect", { ...g.rect(nowFrom, nowTo, across - 8 * l - 1.5, across + 8 * l + 1.5), rx: 2, class: "own" }));
  }
  letter.tokens.slice(0, n).forEach((token, t) => {
    const [from, to] = g.column(t, n);
    text((from + to) / 2, g.turned ? g.key - 27 : 163, token, { cls: "token-name" + (t === position ? " strong" : ""), anchor: g.turned ? "end" : "middle", dy: g.turned ? 4 : 0 });
  });
  if (!g.turned) {
    text((g.heads[0] + nowTo) / 2 - (n > 1 ? (nowTo - nowFrom) / 2 : 0), 147, n > 1 ? "kept from before" : "now", { cls: "small" });
    n > 1 && text((nowFrom + nowTo) / 2, 147, "now", { cls: "small" });
  }
  drawHeads(g, n, heads);

  // the perceptron
  ribbon("mlpNorm", (v) => v.mlpFork, g.forkOff(g.forkMlp, g.mlp), l, { reverse: true });
  ribbon("mlpNorm", (v) => v.mlpNorm, g.straight(g.mlpNorm[1], g.fc1[0], g.mlp), l);
  ribbon("fc1", (v) => v.preActivation, g.straight(g.fc1[1], g.relu[0], g.mlp), g.hiddenLane);
  ribbon("relu", (v) => v.hidden, g.straight(g.relu[1], g.fc2[0], g.mlp), g.hiddenLane);
  ribbon("fc2", (v) => v.mlp, g.ramp(g.fc2[1], g.mlp), l);
  ribbon("lmHead", (v) => v.logits, g.straight(g.lmHead[1], g.softmax[0], g.street), g.logitLane * 27 / letter.symbols.length);

  // stations
  box("token", g.rect(g.start - 4, g.start + 6, g.token - half, g.token + half), null, " gate");
  box("place", g.rect(g.start - 4, g.start + 6, g.place - half, g.place + half), null, " gate");
  plus("sum", g.plus);
  box("input", g.rect(...g.norm, g.street - half - 4, g.street + half + 4));
  box("norm", g.rect(...g.blockNorm, g.key - half + 2, g.value + half - 2));
  for (const [id, across, name] of [["key", g.key, "Wk"], ["query", g.query, "Wq"], ["value", g.value, "Wv"]]) {
    box(id, g.rect(...g.weights, across - g.weightsHalf, across + g.weightsHalf), name);
  }
  box("wo", g.rect(...g.wo, g.query - g.weightsHalf, g.query + g.weightsHalf), "Wo");
  plus("plusAttention", g.plusAttention);
  box("mlpNorm", g.rect(...g.mlpNorm, g.mlp - half - 2, g.mlp + half + 2));
  hiddenStations(g);
  plus("plusMlp", g.plusMlp);
  box("lmHead", g.rect(...g.lmHead, g.street - 48 * g.lane / 3, g.street + 48 * g.lane / 3), "W");

  // what they are called
  const down = g.turned ? [g.radius, 62] : [g.radius, 117]; // where there is room on a fork, from where it leaves the street
  pill(g.fork + down[0], g.street + down[1], (v) => v.fork);
  pill(g.plusAttention, g.street + down[1] + (g.turned ? 10 : 0), (v) => v.attention);
  pill(g.forkMlp + down[0], g.street + down[1], (v) => v.mlpFork);
  pill(g.plusMlp, g.street + down[1] + (g.turned ? 10 : 0), (v) => v.mlp);
  pill(g.turned ? g.plus + 8 : g.plus + 19, g.street + (g.turned ? 50 : 40), (v) => v.sum);
  if (g.turned) {
    text(g.start - 10, g.token, "token " + letter.tokens[position], { cls: "strong" });
    text(g.start - 10, g.place, "position " + position, { cls: "strong" });
    text(g.norm[1], g.street + 34, "norm", { anchor: "start", dy: -2 });
    text(g.blockNorm[0], g.value + 24, "norm", { anchor: "end", dy: -5 });
    text(g.heads[1] + 24, g.key, "keys");
    text(g.heads[1] + 24, g.value, "values");
    text(g.mlpNorm[1], g.mlp + 34, "norm", { anchor: "start", dy: -2 });
    text(g.fc1[1], g.mlp - 114, "fc1", { anchor: "start", dy: -9, cls: "over" });
    text(g.fc2[1], g.mlp - 114, "fc2", { anchor: "start", dy: -9, cls: "over" });
    text(g.lmHead[1], g.street + 50, `lm_head: ${letter.symbols.length} logits`, { anchor: "start", dy: -8 });
  } else {
    const name = (words, strong) => [node("tspan", { class: "strong" }, strong), words];
    const tokenName = text(g.start, g.token - 34, "", { anchor: "start" });
    tokenName.append(...name(` row ${letter.token} of wte`, "token " + letter.tokens[position]));
    const placeName = text(g.start, g.place + 41, "", { anchor: "start" });
    placeName.append(...name(` row ${position} of wpe`, "position " + position));
    text(172, g.street - 42, "norm");
    text(192, g.street - 36, way === "forward" ? "the residual stream: 16 numbers run straight through, blocks only add" : "the gradient comes back along the street; each block adds its own", { cls: "says", anchor: "start" });
    text(g.plusAttention, g.street - 34, "+ attention");
    text(g.plusMlp - 6, g.street - 34, "+ perceptron");
    text(262, g.key - 38, "norm");
    text(324, g.key - 44, "key", { dx: 0 });
    text(324, g.query - 38, "query");
    text(324, g.value - 38, "value");
    text(767, g.mlp + 48, "norm");
    text(834, 167, "64", { cls: "small" });
    hiddenNames(g);
    text(1014, g.street - 56, "lm_head");
  }
  if (fresh) {
    for (const [along, across] of g.turned ? [[g.plus, g.street + 34], [g.norm[1] - 6, g.street + 84], [g.mlpNorm[1] - 6, g.mlp + 84]] : [[172, g.street - 60], [g.plusAttention, g.street - 54], [g.plusMlp, g.street - 54], [1020, 152], [30, g.place + 58], [767, g.mlp - 44]]) {
      badge(...g.at(along, across));
    }
  } else if (stage === 4) {
    badge(...g.at(g.turned ? g.heads[0] - 16 : (g.heads[0] + g.heads[1]) / 2, g.turned ? (g.headsFrom + g.headsTo) / 2 : g.headsTo + 13));
  }
}

let cells = [];

/** The shares: a row for each head, a column for each letter that it can look at. */
function drawHeads(g, n, heads) {
  cells = [];
  const group = node("g", { class: "box heads" + (newIn[stage].includes("heads") ? " fresh" : ""), "data-station": "heads" });
  group.append(node("rect", { ...g.rect(g.heads[0] - 6, g.heads[1] + 4, g.headsFrom - 6, g.headsTo + 4), rx: 8, class: "station" }));
  for (let h = 0; h < heads; h++) {
    const [left, right] = g.row(h, heads);
    for (let t = 0; t < n; t++) {
      const area = g.rect(...g.column(t, n), left, right);
      const rect = node("rect", { ...area, rx: 3 });
      const label = area.width >= 26 && area.height >= 13 ? node("text", { x: area.x + area.width / 2, y: area.y + area.height / 2 + 4.5 }) : null;
      group.append(rect, ...(label ? [label] : []));
      cells.push({ h, t, rect, label });
    }
    if (!g.turned && heads > 1) {
      text(g.heads[1] + 9, left - 2, `head ${h}`, { anchor: "start", cls: "small" });
    }
  }
  group.addEventListener("click", () => byHand(() => openStation(stations.findIndex((s) => s.id === "heads"))));
  svg.append(group);
  boxes.set("heads", [group]);
}

function hiddenStations(g) {
  const half = 32 * g.hiddenLane + 6;
  box("fc1", g.rect(...g.fc1, g.mlp - half, g.mlp + half), "W₁");
  box("relu", g.rect(...g.relu, g.mlp - half, g.mlp + half));
  box("fc2", g.rect(...g.fc2, g.mlp - half, g.mlp + half), "W₂");
}

function hiddenNames(g) {
  const on = letter.forward.hidden.filter((x) => x > 0).length;
  text(886, 167, `${on} of 64`, { cls: "small" });
  const top = g.mlp - 32 * g.hiddenLane - 12;
  text(804, top, "fc1");
  text(856, top, "relu");
  text(922, top, "fc2");
}

/** Stage 2: the letter goes to the perceptron at once. */
function buildPerceptron(g) {
  ribbon("token", (v) => v.token, g.straight(g.start, g.fc1[0], g.mlp), g.lane);
  ribbon("fc1", (v) => v.preActivation, g.straight(g.fc1[1], g.relu[0], g.mlp), g.hiddenLane);
  ribbon("relu", (v) => v.hidden, g.straight(g.relu[1], g.fc2[0], g.mlp), g.hiddenLane);
  ribbon("fc2", (v) => v.logits, (d) => g.bent(g.fc2[1], g.softmax[0], g.mlp, g.street)(d), g.logitLane * 27 / letter.symbols.length);
  box("token", g.rect(g.start - 4, g.start + 6, g.mlp - 29, g.mlp + 29), null, " gate");
  hiddenStations(g);
  const tokenName = text(g.start, g.turned ? g.mlp : g.mlp - 36, "", g.turned ? { dy: -12 } : { anchor: "start" });
  tokenName.append(node("tspan", { class: "strong" }, "token " + letter.tokens[position]), ` row ${letter.token} of wte`);
  if (!g.turned) {
    hiddenNames(g);
    text(430, g.mlp - 40, "no position, no looking back: only the last letter counts", { cls: "says" });
  }
}

let ends = [];

/** Softmax, and what each token gets. */
function buildEnd(g) {
  const symbols = letter.symbols;
  const logit = (i) => (i - (symbols.length - 1) / 2) * g.logitLane * 27 / symbols.length;
  box("softmax", g.rect(...g.softmax, g.street - 48 * g.lane / 3, g.street + 48 * g.lane / 3));
  text(g.turned ? g.softmax[1] : (g.softmax[0] + g.softmax[1]) / 2 + 18, g.turned ? g.street + 50 : g.street - 56, "softmax", g.turned ? { anchor: "start", dy: -2 } : {});
  const group = node("g", { class: "box ends", "data-station": "loss" });
  ends = symbols.map((symbol, i) => {
    const across = g.letter(i, symbols.length);
    const lane = node("path", { class: "fan", d: g.bent(g.softmax[1], g.fanTo, g.street + logit(i), across)(0), pathLength: 1 });
    const bar = node("rect", { rx: 1 });
    const [x, y] = g.at(g.letters, across);
    const name = symbols.length <= MOST_TEXTS || i === letter.target ? node("text", { x, y: y + (g.turned ? 0 : 4), class: symbol.length > 1 ? "letter long" : "letter", "text-anchor": "middle", transform: g.turned && symbol.length > 1 ? `rotate(-90 ${x} ${y - 4})` : null }, symbol) : "";
    const label = node("text", { class: "share" });
    group.append(lane, bar, name, label);
    return { across, lane, bar, name, label };
  });
  group.append(node("rect", { ...g.rect(g.letters - 10, g.bars - 3, ends[letter.target].across - 8, ends[letter.target].across + 8), rx: 4, class: "station target" }));
  group.addEventListener("click", () => byHand(() => openStation(stations.length - 1)));
  svg.append(group);
  boxes.set("loss", [group]);
}

// ---- colours

const signedShare = (x) => (Math.abs(x) < 0.0005 ? "0" : (x < 0 ? "−" : "+") + Math.abs(x).toFixed(3).replace(/^0/, ""));

/** Colours everything for the letter and the direction; what is drawn stays. */
function paint() {
  const v = letter[way];
  section.classList.toggle("backward", way === "backward");
  for (const { values, lanes, scale } of ribbons) {
    const numbers = values(v) ?? [];
    const largest = scale(v);
    lanes.forEach((lane, i) => (lane.style.stroke = colour(numbers[i] ?? 0, largest)));
  }
  pills.forEach((write) => write());
  const largestShare = way === "forward" ? 1 : Math.max(1e-12, ...v.shares.flat().map(Math.abs));
  for (const { h, t, rect, label } of cells) {
    const x = v.shares[h]?.[t] ?? 0;
    rect.style.fill = way === "forward" ? colour(x * 0.95, 1) : colour(x, largestShare);
    if (label) {
      label.textContent = way === "forward" ? share(x) : signedShare(x);
      label.classList.toggle("on-colour", Math.abs(x) / largestShare > 0.6);
    }
  }
  const ended = numbersOf("probabilities");
  const most = Math.max(...ended.map(Math.abs));
  const named = new Set([letter.target, ...ended.map((x, i) => [Math.abs(x), i]).sort((a, b) => b[0] - a[0]).slice(0, 4).filter(([x]) => x > 0.04).map(([, i]) => i)]);
  ends.forEach(({ across, lane, bar, name, label }, i) => {
    const length = Math.max(1.2, shape.barLength * Math.abs(ended[i]) / most);
    const area = shape.rect(shape.bars, shape.bars + length, across - 5, across + 5);
    Object.entries(area).forEach(([key, value]) => bar.setAttribute(key, value));
    const target = i === letter.target;
    const hue = way === "forward" ? (target ? "var(--green)" : "var(--blue)") : ended[i] < 0 ? "var(--rust)" : "var(--blue)";
    bar.style.fill = hue;
    lane.style.stroke = hue;
    lane.style.opacity = target ? 1 : 0.2 + 0.8 * Math.abs(ended[i]) / most;
    name && name.classList.toggle("target", target);
    const [x, y] = shape.at(shape.bars + length + (shape.turned ? 13 : 4), across);
    label.setAttribute("x", x);
    label.setAttribute("y", y + (shape.turned ? 0 : 4));
    label.setAttribute("text-anchor", shape.turned ? "middle" : "start");
    label.classList.toggle("target", target);
    label.textContent = named.has(i) ? (way === "forward" ? share(ended[i]) : (ended[i] < 0 ? "−" : "+") + share(Math.abs(ended[i]))) : "";
  });
}

/** What is lit: everything, or while walking what has been reached. */
function light(growing) {
  const order = new Map(stations.map((s, i) => [s.id, i]));
  // a ribbon that comes up from a block leads to its norm: backward it is reached with it
  const reached = (id) => !walking || (way === "forward" ? order.get(id) <= at : order.get(id) >= at);
  for (const { station, group, reverse } of ribbons) {
    const lit = reached(station);
    const first = lit && group.classList.contains("unlit");
    group.classList.toggle("unlit", !lit);
    group.classList.remove("grow", "grow-back");
    if (first && growing && !still.matches) {
      group.getBoundingClientRect(); // so that the growing begins anew
      group.classList.add(way === "forward" ? "grow" : "grow-back");
    }
  }
  svg.classList.toggle("heads-unlit", !reached("heads"));
  svg.classList.toggle("ends-unlit", !reached(way === "forward" ? "softmax" : "loss"));
  for (const [id, groups] of boxes) {
    groups.forEach((group) => group.classList.toggle("open", id === stations[at].id));
  }
}

// ---- the open station

const formula = (text) => text.split(/(_[A-Za-z0-9]+)/).map((part) => (part.startsWith("_") ? el("sub", {}, part.slice(1)) : part));

function tell() {
  const s = stations[at];
  if (!playing) {
    remember("station", s.id === "heads" ? null : s.id);
    remember("network", stage === Number(section.dataset.stage) ? null : stage);
    remember("way", way === "forward" ? null : way);
    remember("letter", wanted);
  }
  const source = (way === "backward" ? lines.backward : lines[s.id]) ?? [];
  const v = letter.symbols.length;
  const shapeOf = stage === 2 && s.id === "fc2" ? `W₂ ${v} × 64` : s.shape.replace("27", v);
  where.replaceChildren(el("b", {}, `Station ${at + 1} of ${stations.length}`), el("br"), s.name);
  open.replaceChildren(
    el("div", {}, el("h3", {}, way === "backward" && s.backTitle ? s.backTitle : s.title), el("p", { class: "says" }, s[way](letter))),
    el("div", {}, el("p", { class: "kicker" }, "Formula · shape"), el("p", { class: "network-formula" }, formula(way === "forward" ? s.formula : s.back)), el("p", { class: "note" }, formula(shapeOf))),
    el("div", {}, source.length ? [el("p", { class: "kicker" }, el("a", { href: "source/dev/microgpt/" + source[0].file }, `${source[0].file.split("/").pop()}, line ${source[0].number}`)),
      el("pre", { tabindex: 0 }, source.map((line) => line.text).join("\n"))] : null));
  drawing.setAttribute("aria-label", `${s.name}, station ${at + 1} of ${stations.length}, ${way}: ${s[way](letter)} Arrow keys go from station to station, down reads its numbers`);
  lane = -1;
  reading.textContent = "";
  const vector = numbersOf(s.of) ?? [];
  const rows = Array.isArray(vector[0]) ? vector : [vector];
  numbers.replaceChildren(el("div", { class: "scroll" }, el("table", {}, el("tbody", {}, rows[0].map((_, i) => el("tr", {}, el("th", {}, s.of === "probabilities" || s.of === "logits" ? letter.symbols[i] : String(i)), ...rows.map((row) => el("td", {}, fmt(row[i], 4)))))))));
  const p = letter.probabilities[letter.target];
  key1.replaceChildren(way === "forward" ? "below 0 " : "gradient below 0 ", el("i", { class: "network-ramp" }), ` above 0. A lane is a number; a pill such as ${reach(letter[way].sum ?? letter[way].token)} says what is darkest there. `,
    el("span", {}, way === "forward" ? [`${letter.symbols[letter.target]} was given `, el("b", { id: "network-share" }, share(p)), ` → loss −ln ${fmt(p, 3)} = `, el("b", { id: "network-loss" }, fmt(letter.loss, 3))] : [`${letter.symbols[letter.target]}: ${share(p)} − 1 = `, el("b", {}, fmt(p - 1, 2)), " pushes its logit up; all others are pushed down"]));
}

function openStation(i) {
  walking = false;
  at = i;
  light(false);
  tell();
}

/** Steps to a station: what has not been reached yet fades. */
function walk(i) {
  walking = true;
  at = Math.max(0, Math.min(stations.length - 1, i));
  light(true);
  tell();
}

function rest() {
  walking = false;
  light(false);
  tell();
}

async function byHand(work) {
  pause();
  await work();
  const s = stations[at];
  spoken.textContent = letter ? `${s.name}, station ${at + 1} of ${stations.length}: ${s[way](letter)}` : "";
}

function key(event) {
  if (!letter) {
    return;
  }
  const read = (i) => {
    const vector = (numbersOf(stations[at].of) ?? []).flat();
    lane = Math.max(0, Math.min(vector.length - 1, i));
    reading.textContent = `${stations[at].name}[${lane}] = ${fmt(vector[lane], 4)}`;
  };
  const leave = () => {
    lane = -1;
    reading.textContent = "";
  };
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const work = {
    ArrowRight: () => (lane < 0 ? byHand(() => walk(at + 1)) : read(lane + 1)),
    ArrowLeft: () => (lane < 0 ? byHand(() => walk(at - 1)) : read(lane - 1)),
    ArrowDown: () => read(lane < 0 ? 0 : lane), ArrowUp: leave, Escape: () => (lane < 0 ? byHand(rest) : leave()),
    Home: () => byHand(() => walk(0)), End: () => byHand(() => walk(stations.length - 1)),
    Enter: () => byHand(() => openStation(at)), " ": () => (playing ? pause() : play()),
  }[event.key];
  if (work && (step || lane < 0 || ["ArrowUp", "ArrowDown", "Escape"].includes(event.key))) {
    event.preventDefault();
    work();
  }
}

// ---- playing

const first = () => (way === "forward" ? 0 : stations.length - 1);

function play() {
  playing = { timer: 0 };
  playButton.replaceChildren(icon("pause"));
  playButton.setAttribute("aria-label", "pause");
  playButton.title = "pause";
  spoken.textContent = "";
  const end = way === "forward" ? at === stations.length - 1 : at === 0;
  walk(!walking || end ? first() : at);
  next(playing);
}

function next(mine) {
  mine.timer = setTimeout(() => {
    const to = at + (way === "forward" ? 1 : -1);
    if (to < 0 || to >= stations.length) {
      pause();
      rest();
      return;
    }
    walk(to);
    next(mine);
  }, still.matches ? 2 * STATION : STATION);
}

function pause() {
  if (playing) {
    clearTimeout(playing.timer);
    playing = null;
    letter && tell();
    playButton.replaceChildren(icon("play"));
    playButton.setAttribute("aria-label", "play");
    playButton.title = "play";
  }
}

// ---- asking

async function load() {
  const get = async () => ask("network/letter", { stage, steps: Number(trained.value), word: word.value, position: wanted ?? await lastPosition() });
  await panel.refresh(get, async (answer) => {
    letter = Object.assign(answer, { stage });
    position = answer.position;
    lines = linesOf[stage] ??= await ask("network/lines", { stage });
    refill(letters, answer.tokens.slice(0, answer.tokens.length - 1 - answer.cut).map((token, i) => el("button", { type: "button", class: "token", "aria-pressed": String(i === position), onclick: () => byHand(() => {
      wanted = i;
      return load();
    }) }, token, el("small", {}, String(i)))));
    const before = answer.tokens.slice(1, position + 1).join("");
    task.replaceChildren(before ? `After “${before}” ` : "At the beginning ", el("br"), "the model should say ", el("b", {}, answer.symbols[answer.target]), ".");
    facts.replaceChildren(el("b", {}, `Stage ${stage}`), ` · ${whole(answer.weights)} weights · ${WHAT[stage]}`);
    build();
    light(false);
    tell();
    driving.inert = false;
  });
}

const WHAT = {
  2: "only the last letter counts, whatever stands before it",
  3: "new: position, norm, attention, + and lm_head; fc2 stays, but returns to 16 numbers, so that they can be added",
  4: "new: four heads instead of one. Everything else stays, and so does the number of weights",
  5: "the same network as stage 4: only the way it learns is new",
};

/** The position before the last letter, where most has been read. */
async function lastPosition() {
  const { tokens } = await ask("network/letter", { stage, steps: 0, word: word.value, position: 0 });
  return Math.max(0, Math.min(tokens.length - 3, 15));
}

let typing;
await bindWord(word);
bindSlider(trained, (v) => `${whole(v)} steps`);
choice(stageButtons, [2, 3, 4, 5].map((s) => [s, String(s)]), stage, (s) => byHand(() => {
  const id = stations[at].id;
  stage = s;
  stations = stationsOf(stage);
  at = Math.max(0, stations.findIndex((station) => station.id === id));
  return load();
}));
choice(wayButtons, [["forward", "Forward →"], ["backward", "← Backward"]], way, (chosen) => byHand(() => {
  way = chosen;
  walking = false;
  build();
  light(false);
  tell();
}));
word.addEventListener("input", () => (wanted = null));
narrow.addEventListener("change", () => {
  placeControls();
  if (letter) {
    build();
    light(false);
  }
});
shareWord(word, () => {
  wanted = null;
  section.dataset.state = "busy";
  clearTimeout(typing);
  typing = setTimeout(load, 150);
});
panel.live(load);

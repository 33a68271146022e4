// The drawing of a network for one letter and one direction: ribbons of numbers from station to station.
import { signed as colour } from "./colour.js";
import { newIn, reach, share } from "./network-words.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_TEXTS = 40; // tokens whose letters have room at the end

const span = (n, width) => (n * width) / 2 + 5;

const signedShare = (x) => (Math.abs(x) < 0.0005 ? "0" : (x < 0 ? "−" : "+") + Math.abs(x).toFixed(3).replace(/^0/, ""));

function node(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => value != null && element.setAttribute(key, value));
  element.append(...children);
  return element;
}

export class NetworkDrawing {
  #stage;
  #letter; // the answer to network/letter
  #way;
  #shape;
  #onOpen;
  #position;
  #fresh; // the stations that are marked as new
  #svg;
  #ribbons = [];
  #boxes = new Map(); // station → its parts
  #pills = [];
  #cells = []; // the shares of the heads
  #ends = []; // the tokens at the end

  /** Draws a letter into a host; marked: what is new in the stage; onOpen is told which station was clicked. */
  constructor(host, { stage, letter, way, shape, marked = true, onOpen = () => {} }) {
    [this.#stage, this.#letter, this.#way, this.#shape, this.#onOpen, this.#position] = [stage, letter, way, shape, onOpen, letter.position];
    this.#fresh = marked ? newIn[stage] : [];
    this.#svg = node("svg", { viewBox: `-2 -8 ${shape.width + 4} ${shape.height + 12}`, role: "img", "aria-label": `the network of stage ${stage}, with the numbers of ${letter.tokens[letter.position]} at place ${letter.position}` });
    this.#svg.classList.toggle("turned", shape.turned);
    this.#svg.classList.toggle("backward", way === "backward");
    host.replaceChildren(this.#svg);
    stage > 2 ? this.#buildGpt(shape) : this.#buildPerceptron(shape);
    this.#buildEnd(shape);
    this.#paint();
  }

  /** A ribbon: a lane for each number; station: the one that makes it; values: of a letter and a direction. */
  #ribbon(station, values, path, width, { scale } = {}) {
    const count = values(this.#letter.forward).length;
    const group = node("g", { class: "ribbon", "aria-hidden": "true" });
    const span = width * count;
    group.append(node("path", { class: "edge", d: path(-span / 2) + path(span / 2) }));
    const lanes = Array.from({ length: count }, (_, i) => node("path", { d: path((i - (count - 1) / 2) * width, i), "stroke-width": width + 0.25, pathLength: 1 }));
    group.append(...lanes);
    this.#svg.append(group);
    this.#ribbons.push({ station, values, group, lanes, scale: scale ?? ((n) => Math.max(...values(n).map(Math.abs))) });
  }

  #box(id, area, label, extra = "") {
    const rect = node("rect", { ...area, rx: 5, class: "station" + extra });
    const group = node("g", { class: "box" + (this.#fresh.includes(id) ? " fresh" : ""), "data-station": id });
    group.append(rect);
    if (label) {
      group.append(node("text", { x: area.x + area.width / 2, y: area.y + area.height / 2 + 5, class: "weight" }, label));
    }
    group.addEventListener("click", () => this.#onOpen(id));
    this.#svg.append(group);
    this.#boxes.set(id, [...(this.#boxes.get(id) ?? []), group]);
  }

  #plus(id, along) {
    const [x, y] = this.#shape.at(along, this.#shape.stream);
    const group = node("g", { class: "box plus" + (this.#fresh.includes(id) ? " fresh" : ""), "data-station": id }, node("circle", { cx: x, cy: y, r: 11, class: "station" }), node("path", { d: `M${x - 5},${y}h10M${x},${y - 5}v10` }));
    group.addEventListener("click", () => this.#onOpen(id));
    this.#svg.append(group);
    this.#boxes.set(id, [group]);
  }

  #text(along, across, words, { anchor = "middle", cls = "", dx = 0, dy = 0 } = {}) {
    const [x, y] = this.#shape.at(along, across);
    const element = node("text", { x: x + dx, y: y + dy, "text-anchor": anchor, class: cls }, words);
    this.#svg.append(element);
    return element;
  }

  /** How large the numbers of a ribbon are. */
  #pill(along, across, values) {
    const [x, y] = this.#shape.at(along, across);
    const rect = node("rect", { y: y - 9, height: 18, rx: 9, class: "pill" });
    const label = node("text", { x, y: y + 4, class: "pill-text" });
    this.#svg.append(rect, label);
    this.#pills.push(() => {
      const v = values(this.#letter[this.#way]);
      label.textContent = v ? reach(v) : "";
      const half = Math.max(19, 3.7 * label.textContent.length);
      rect.setAttribute("x", x - half);
      rect.setAttribute("width", 2 * half);
    });
  }

  #block([from, to, left, right], name, what, fresh) {
    const area = this.#shape.rect(from, to, left, right);
    this.#svg.append(node("rect", { ...area, rx: 14, class: "block" + (fresh ? " fresh" : "") }));
    const [x, y] = this.#shape.turned ? [area.x + area.width - 10, area.y + area.height - 26] : [area.x + area.width / 2, area.y + area.height - 10];
    const label = node("text", { x, y, class: "block-name", "text-anchor": this.#shape.turned ? "end" : "middle" }, node("tspan", { class: "strong" }, name));
    label.append(this.#shape.turned ? node("tspan", { x, dy: 16 }, what) : node("tspan", { dx: 5 }, what));
    this.#svg.append(label);
    if (fresh) {
      this.#badge(area.x + area.width - 28, this.#shape.turned ? area.y + 14 : area.y + area.height - 15);
    }
  }

  #badge(x, y) {
    this.#svg.append(node("rect", { x: x - 17, y: y - 8, width: 34, height: 16, rx: 8, class: "badge" }), node("text", { x, y: y + 4, class: "badge-text" }, "new"));
  }

  #buildGpt(g) {
    const n = this.#position + 1;
    const heads = this.#letter.forward.shares.length;
    const l = g.lane;
    const half = span(16, l);
    const fresh = this.#stage === 3 && this.#fresh.length > 0;
    this.#block(g.attentionBlock, "Attention", "letters speak with one another", fresh);
    this.#block(g.mlpBlock, "Perceptron", "each letter alone", false);

    // the stream
    for (const [id, across] of [["token", g.token], ["place", g.place]]) {
      this.#ribbon(id, (v) => v[id], (d) => g.straight(g.start, g.bend, across)(d) + g.bent(g.bend, g.plus, across, g.stream)(d).replace("M", "L"), l);
    }
    this.#ribbon("sum", (v) => v.sum, g.straight(g.plus, g.norm[0], g.stream), l);
    this.#ribbon("input", (v) => v.input, g.straight(g.norm[1], g.plusAttention, g.stream), l);
    this.#ribbon("plusAttention", (v) => v.afterAttention, g.straight(g.plusAttention, g.plusMlp, g.stream), l);
    this.#ribbon("plusMlp", (v) => v.output, g.straight(g.plusMlp, g.lmHead[0], g.stream), l);

    // attention
    this.#ribbon("norm", (v) => v.fork, g.forkOff(g.fork, g.query), l);
    for (const across of [g.key, g.query, g.value]) {
      this.#ribbon("norm", (v) => v.norm, g.straight(g.blockNorm[1], g.weights[0], across), l);
    }
    const keyScale = (n) => Math.max(...n.keys.flat().map(Math.abs));
    const valueScale = (n) => Math.max(...n.values.flat().map(Math.abs));
    this.#ribbon("key", (v) => v.keys[this.#position], g.straight(g.weights[1], g.heads[0] - 6, g.key), l, { scale: keyScale });
    this.#ribbon("value", (v) => v.values[this.#position], g.straight(g.weights[1], g.heads[0] - 6, g.value), l, { scale: valueScale });
    const part = 16 / heads;
    const rowMiddle = (i) => { const [from, to] = g.row(Math.floor(i / part), heads); return (from + to) / 2 + (i % part - (part - 1) / 2) * l; };
    const middle = (i) => (i - 7.5) * l;
    const bent = (from, to, inward) => (d, i) => (i == null ? "" : inward ? g.bent(from, to, g.query, 0)(middle(i), rowMiddle(i)) : g.bent(from, to, 0, g.query)(rowMiddle(i), middle(i)));
    this.#ribbon("query", (v) => v.query, bent(g.weights[1], g.heads[0] - 5, true), l);
    this.#ribbon("heads", (v) => v.mix, bent(g.heads[1] + 5, g.wo[0], false), l);
    this.#ribbon("wo", (v) => v.attention, g.ramp(g.wo[1], g.query), l);
    for (let t = 0; t < n; t++) {
      const [from, to] = g.column(t, n);
      this.#ribbon("key", (v) => v.keys[t], g.straight(from, to, g.key), l, { scale: keyScale });
      this.#ribbon("value", (v) => v.values[t], g.straight(from, to, g.value), l, { scale: valueScale });
    }
    const [nowFrom, nowTo] = g.column(this.#position, n);
    for (const across of [g.key, g.value]) {
      this.#svg.append(node("rect", { ...g.rect(nowFrom, nowTo, across - 8 * l - 1.5, across + 8 * l + 1.5), rx: 2, class: "own" }));
    }
    this.#letter.tokens.slice(0, n).forEach((token, t) => {
      const [from, to] = g.column(t, n);
      this.#text((from + to) / 2, g.turned ? g.key - 27 : 163, token, { cls: "token-name" + (t === this.#position ? " strong" : ""), anchor: g.turned ? "end" : "middle", dy: g.turned ? 4 : 0 });
    });
    if (!g.turned) {
      this.#text((g.heads[0] + nowTo) / 2 - (n > 1 ? (nowTo - nowFrom) / 2 : 0), 147, n > 1 ? "kept from before" : "now", { cls: "small" });
      n > 1 && this.#text((nowFrom + nowTo) / 2, 147, "now", { cls: "small" });
    }
    this.#drawHeads(g, n, heads);

    // the perceptron
    this.#ribbon("mlpNorm", (v) => v.mlpFork, g.forkOff(g.forkMlp, g.mlp), l);
    this.#ribbon("mlpNorm", (v) => v.mlpNorm, g.straight(g.mlpNorm[1], g.fc1[0], g.mlp), l);
    this.#ribbon("fc1", (v) => v.preActivation, g.straight(g.fc1[1], g.relu[0], g.mlp), g.hiddenLane);
    this.#ribbon("relu", (v) => v.hidden, g.straight(g.relu[1], g.fc2[0], g.mlp), g.hiddenLane);
    this.#ribbon("fc2", (v) => v.mlp, g.ramp(g.fc2[1], g.mlp), l);
    this.#ribbon("lmHead", (v) => v.logits, g.straight(g.lmHead[1], g.softmax[0], g.stream), g.logitLane * 27 / this.#letter.symbols.length);

    // stations
    this.#box("token", g.rect(g.start - 4, g.start + 6, g.token - half, g.token + half), null, " gate");
    this.#box("place", g.rect(g.start - 4, g.start + 6, g.place - half, g.place + half), null, " gate");
    this.#plus("sum", g.plus);
    this.#box("input", g.rect(...g.norm, g.stream - half - 4, g.stream + half + 4));
    this.#box("norm", g.rect(...g.blockNorm, g.key - half + 2, g.value + half - 2));
    for (const [id, across, name] of [["key", g.key, "Wk"], ["query", g.query, "Wq"], ["value", g.value, "Wv"]]) {
      this.#box(id, g.rect(...g.weights, across - g.weightsHalf, across + g.weightsHalf), name);
    }
    this.#box("wo", g.rect(...g.wo, g.query - g.weightsHalf, g.query + g.weightsHalf), "Wo");
    this.#plus("plusAttention", g.plusAttention);
    this.#box("mlpNorm", g.rect(...g.mlpNorm, g.mlp - half - 2, g.mlp + half + 2));
    this.#hiddenStations(g);
    this.#plus("plusMlp", g.plusMlp);
    this.#box("lmHead", g.rect(...g.lmHead, g.stream - 48 * g.lane / 3, g.stream + 48 * g.lane / 3), "W");

    // what they are called
    const down = g.turned ? [g.radius, 62] : [g.radius, 117]; // where there is room on a fork, from where it leaves the stream
    this.#pill(g.fork + down[0], g.stream + down[1], (v) => v.fork);
    this.#pill(g.plusAttention, g.stream + down[1] + (g.turned ? 10 : 0), (v) => v.attention);
    this.#pill(g.forkMlp + down[0], g.stream + down[1], (v) => v.mlpFork);
    this.#pill(g.plusMlp, g.stream + down[1] + (g.turned ? 10 : 0), (v) => v.mlp);
    this.#pill(g.turned ? g.plus + 8 : g.plus + 19, g.stream + (g.turned ? 50 : 40), (v) => v.sum);
    if (g.turned) {
      this.#text(g.start - 10, g.token, "token " + this.#letter.tokens[this.#position], { cls: "strong" });
      this.#text(g.start - 10, g.place, "position " + this.#position, { cls: "strong" });
      this.#text(g.norm[1], g.stream + 34, "norm", { anchor: "start", dy: -2 });
      this.#text(g.blockNorm[0], g.value + 24, "norm", { anchor: "end", dy: -5 });
      this.#text(g.heads[1] + 24, g.key, "keys");
      this.#text(g.heads[1] + 24, g.value, "values");
      this.#text(g.mlpNorm[1], g.mlp + 34, "norm", { anchor: "start", dy: -2 });
      this.#turnedHiddenNames(g);
      this.#text(g.lmHead[1], g.stream + 50, `lm_head: ${this.#letter.symbols.length} logits`, { anchor: "start", dy: -8 });
    } else {
      const name = (words, strong) => [node("tspan", { class: "strong" }, strong), words];
      const tokenName = this.#text(g.start, g.token - 34, "", { anchor: "start" });
      tokenName.append(...name(` row ${this.#letter.token} of wte`, "token " + this.#letter.tokens[this.#position]));
      const placeName = this.#text(g.start, g.place + 41, "", { anchor: "start" });
      placeName.append(...name(` row ${this.#position} of wpe`, "position " + this.#position));
      this.#text(172, g.stream - 42, "norm");
      this.#text(192, g.stream - 36, this.#way === "forward" ? "the residual stream: 16 numbers run straight through, blocks only add" : "the gradient comes back along the stream; each block adds its own", { cls: "says", anchor: "start" });
      this.#text(g.plusAttention, g.stream - 34, "+ attention");
      this.#text(g.plusMlp - 6, g.stream - 34, "+ perceptron");
      this.#text(262, g.key - 38, "norm");
      this.#text(324, g.key - 44, "key", { dx: 0 });
      this.#text(324, g.query - 38, "query");
      this.#text(324, g.value - 38, "value");
      this.#text(767, g.mlp + 48, "norm");
      this.#text(834, 167, "64", { cls: "small" });
      this.#hiddenNames(g);
      this.#text(1014, g.stream - 56, "lm_head");
    }
    if (fresh) {
      for (const [along, across] of g.turned ? [[g.plus + 8, g.stream + 90], [g.norm[1] - 6, g.stream + 88], [g.mlpNorm[1] - 6, g.mlp + 88]] : [[172, g.stream - 60], [g.plusAttention, g.stream - 54], [g.plusMlp, g.stream - 54], [1020, 152], [30, g.place + 58], [767, g.mlp - 44]]) {
        this.#badge(...g.at(along, across));
      }
    } else if (this.#stage === 4 && this.#fresh.length > 0) {
      this.#badge(...g.at(g.turned ? g.heads[0] - 16 : (g.heads[0] + g.heads[1]) / 2, g.turned ? (g.headsFrom + g.headsTo) / 2 : g.headsTo + 13));
    }
  }

  /** The shares: a row for each head, a column for each letter that it can look at. */
  #drawHeads(g, n, heads) {
    this.#cells = [];
    const group = node("g", { class: "box heads" + (this.#fresh.includes("heads") ? " fresh" : ""), "data-station": "heads" });
    group.append(node("rect", { ...g.rect(g.heads[0] - 6, g.heads[1] + 4, g.headsFrom - 6, g.headsTo + 4), rx: 8, class: "station" }));
    for (let h = 0; h < heads; h++) {
      const [left, right] = g.row(h, heads);
      for (let t = 0; t < n; t++) {
        const area = g.rect(...g.column(t, n), left, right);
        const rect = node("rect", { ...area, rx: 3 });
        const label = area.width >= 26 && area.height >= 13 ? node("text", { x: area.x + area.width / 2, y: area.y + area.height / 2 + 4.5 }) : null;
        group.append(rect, ...(label ? [label] : []));
        this.#cells.push({ h, t, rect, label, signs: area.width >= (g.turned ? 31 : 38) });
      }
      if (!g.turned) {
        const upper = h < heads / 2; // the name of a head lies on the side from which its ribbon bends away
        this.#text(g.heads[1] + 9, upper ? left + 9 : right, heads > 1 ? `${h ? "" : "head "}${h}` : "shares", { anchor: "start", cls: "small" });
      }
    }
    group.addEventListener("click", () => this.#onOpen("heads"));
    this.#svg.append(group);
    this.#boxes.set("heads", [group]);
  }

  #hiddenStations(g) {
    const half = 32 * g.hiddenLane + 6;
    this.#box("fc1", g.rect(...g.fc1, g.mlp - half, g.mlp + half), "W₁");
    this.#box("relu", g.rect(...g.relu, g.mlp - half, g.mlp + half));
    this.#box("fc2", g.rect(...g.fc2, g.mlp - half, g.mlp + half), "W₂");
  }

  #hiddenNames(g) {
    const on = this.#letter.forward.hidden.filter((x) => x > 0).length;
    const top = g.mlp - 32 * g.hiddenLane - 12;
    this.#text(886, top - 17, `${on} of 64`, { cls: "small" });
    this.#text(804, top, "fc1");
    this.#text(856, top, "relu");
    this.#text(922, top, "fc2");
  }

  /** Stages 1 and 2: the letter goes to the perceptron at once. */
  #turnedHiddenNames(g) {
    for (const [id, dy] of [["fc1", -9], ["relu", -4], ["fc2", -9]]) {
      this.#text(g[id][1], g.mlp - 114, id, { anchor: "start", dy, cls: "over" });
    }
  }

  #buildPerceptron(g) {
    this.#ribbon("token", (v) => v.token, g.straight(g.start, g.fc1[0], g.mlp), g.lane);
    this.#ribbon("fc1", (v) => v.preActivation, g.straight(g.fc1[1], g.relu[0], g.mlp), g.hiddenLane);
    this.#ribbon("relu", (v) => v.hidden, g.straight(g.relu[1], g.fc2[0], g.mlp), g.hiddenLane);
    this.#ribbon("fc2", (v) => v.logits, (d) => g.bent(g.fc2[1], g.softmax[0], g.mlp, g.stream)(d), g.logitLane * 27 / this.#letter.symbols.length);
    this.#box("token", g.rect(g.start - 4, g.start + 6, g.mlp - 29, g.mlp + 29), null, " gate");
    this.#hiddenStations(g);
    const tokenName = this.#text(g.start, g.turned ? g.mlp : g.mlp - 36, "", g.turned ? { dy: -12 } : { anchor: "start" });
    tokenName.append(node("tspan", { class: "strong" }, "token " + this.#letter.tokens[this.#position]), ` row ${this.#letter.token} of wte`);
    if (!g.turned) {
      this.#hiddenNames(g);
      this.#text(430, g.mlp - 40, "no position, no looking back: only the last letter counts", { cls: "says" });
    } else {
      this.#turnedHiddenNames(g);
    }
  }

  /** Softmax, and what each token gets. */
  #buildEnd(g) {
    const symbols = this.#letter.symbols;
    const logit = (i) => (i - (symbols.length - 1) / 2) * g.logitLane * 27 / symbols.length;
    this.#box("softmax", g.rect(...g.softmax, g.stream - 48 * g.lane / 3, g.stream + 48 * g.lane / 3));
    const [along, across, how] = g.turned ? [g.softmax[1], g.stream + 50, { anchor: "start", dy: -2 }] : this.#stage < 3 ? [g.softmax[0] - 4, g.stream - 52, { anchor: "end" }] : [(g.softmax[0] + g.softmax[1]) / 2 + 18, g.stream - 56, {}];
    this.#text(along, across, "softmax", how);
    const group = node("g", { class: "box ends", "data-station": "loss" });
    this.#ends = symbols.map((symbol, i) => {
      const across = g.letter(i, symbols.length);
      const lane = node("path", { class: "fan", d: g.bent(g.softmax[1], g.fanTo, g.stream + logit(i), across)(0), pathLength: 1 });
      const bar = node("rect", { rx: 1 });
      const [x, y] = g.at(g.letters, across);
      const name = symbols.length <= MOST_TEXTS || i === this.#letter.target ? node("text", { x, y: y + (g.turned ? 0 : 4), class: symbol.length > 1 ? "letter long" : "letter", "text-anchor": "middle", transform: g.turned && symbol.length > 1 ? `rotate(-90 ${x} ${y - 4})` : null }, symbol) : "";
      const label = node("text", { class: "share" });
      group.append(lane, bar, name, label);
      return { across, lane, bar, name, label };
    });
    group.append(node("rect", { ...g.rect(g.letters - 10, g.bars - 3, this.#ends[this.#letter.target].across - 8, this.#ends[this.#letter.target].across + 8), rx: 4, class: "station target" }));
    group.addEventListener("click", () => this.#onOpen("loss"));
    this.#svg.append(group);
    this.#boxes.set("loss", [group]);
  }

  /** Colours everything. */
  #paint() {
    const way = this.#way;
    const v = this.#letter[way];
    for (const { values, lanes, scale } of this.#ribbons) {
      const numbers = values(v) ?? [];
      const largest = scale(v);
      lanes.forEach((lane, i) => (lane.style.stroke = colour(numbers[i] ?? 0, largest)));
    }
    this.#pills.forEach((write) => write());
    const largestShare = way === "forward" ? 1 : Math.max(1e-12, ...v.shares.flat().map(Math.abs));
    for (const { h, t, rect, label, signs } of this.#cells) {
      const x = v.shares[h]?.[t] ?? 0;
      rect.style.fill = way === "forward" ? colour(x * 0.95, 1) : colour(x, largestShare);
      if (label) {
        label.textContent = way === "forward" ? share(x) : signs ? signedShare(x) : "";
        label.classList.toggle("on-colour", Math.abs(x) / largestShare > 0.6);
      }
    }
    const ended = way === "forward" ? this.#letter.probabilities : v.logits;
    const most = Math.max(...ended.map(Math.abs));
    const apart = (i, j) => Math.abs(this.#ends[i].across - this.#ends[j].across) >= (this.#shape.turned ? 24 : 12); // room for a share
    const named = new Set([this.#letter.target]);
    for (const [x, i] of ended.map((x, i) => [Math.abs(x), i]).sort((a, b) => b[0] - a[0]).slice(0, 6)) {
      x > 0.04 && [...named].every((j) => apart(i, j)) && named.add(i);
    }
    this.#ends.forEach(({ across, lane, bar, name, label }, i) => {
      const length = Math.max(1.2, this.#shape.barLength * Math.abs(ended[i]) / most);
      const area = this.#shape.rect(this.#shape.bars, this.#shape.bars + length, across - 5, across + 5);
      Object.entries(area).forEach(([key, value]) => bar.setAttribute(key, value));
      const target = i === this.#letter.target;
      const hue = way === "forward" ? (target ? "var(--green)" : "var(--blue)") : ended[i] < 0 ? "var(--rust)" : "var(--blue)";
      bar.style.fill = hue;
      lane.style.stroke = hue;
      lane.style.opacity = target ? 1 : 0.2 + 0.8 * Math.abs(ended[i]) / most;
      name && name.classList.toggle("target", target);
      name && name.classList.toggle("unseen-letter", this.#shape.compact && !named.has(i)); // there is no room for all
      const [x, y] = this.#shape.at(this.#shape.bars + length + (this.#shape.turned ? 13 : 4), across);
      label.setAttribute("x", x);
      label.setAttribute("y", y + (this.#shape.turned ? 0 : 4));
      label.setAttribute("text-anchor", this.#shape.turned ? "middle" : "start");
      label.classList.toggle("target", target);
      label.textContent = named.has(i) ? (way === "forward" ? share(ended[i]) : (ended[i] < 0 ? "−" : "+") + share(Math.abs(ended[i]))) : "";
    });
  }

  /** Lights what is reached: a function of a station; growing: what was not lit before grows on its way. */
  light(reached, open, growing = false) {
    for (const { station, group } of this.#ribbons) {
      const lit = reached(station);
      const first = lit && group.classList.contains("unlit");
      group.classList.toggle("unlit", !lit);
      group.classList.remove("grow", "grow-back");
      if (first && growing) {
        group.getBoundingClientRect(); // so that the growing begins anew
        group.classList.add(this.#way === "forward" ? "grow" : "grow-back");
      }
    }
    this.#svg.classList.toggle("heads-unlit", !reached("heads"));
    this.#svg.classList.toggle("ends-unlit", !reached(this.#way === "forward" ? "softmax" : "loss"));
    for (const [id, groups] of this.#boxes) {
      groups.forEach((group) => group.classList.toggle("open", id === open));
    }
  }
}

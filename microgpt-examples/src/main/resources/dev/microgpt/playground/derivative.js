// What a derivative is: the loss of the reader's word over one weight; the point can be dragged, and the secant shrinks to the tangent.
import { $, Panel, ask, el, fmt, scientific } from "./shell.js";
import { recallNumber, remember } from "./address.js";
import { axes } from "./charts.js";
import { bindWord } from "./words.js";

const d3 = globalThis.d3;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const ROWS = [2.2, 1, 0.1, 0.01, 0.001]; // ε of the table
const SMALLEST = 0.001;
const SHRINKING = 1200; // milliseconds
const RATE = 1; // the learning rate with which stage 1 begins

const panel = new Panel("#derivative");
const word = $("#word");
const choice = $("#derivative-weight");
let curve;
let at; // the answer to derivative/secants: for ε and then for those of the table
let w = recallNumber("derivative-w", { least: -100, most: 100, whole: false, otherwise: -1 });
let epsilon = 10 ** recallNumber("derivative-epsilon", { least: -3, most: 1, whole: false, otherwise: Math.log10(2.2) });
let trail = []; // where downhill steps began
let shrinking = 0;

const question = () => ({ word: word.value, steps: 1000, ...curve.weight });
const name = ({ tensor, row, column }) => `${tensor}[${tensor === "mlp_fc1" ? row : curve.symbols[row]}][${column}]`;
const signed = (x, digits = 4) => (x < 0 ? "" : "+") + fmt(x, digits);

// ---- the drawing

let x;
let y;

function draw() {
  const host = $("#derivative-chart");
  const width = Math.max(280, host.clientWidth);
  const height = Math.min(470, Math.max(300, 0.62 * width));
  const margin = { top: 24, right: 14, bottom: 46, left: 46 };
  const [low, high] = d3.extent(curve.losses);
  x = d3.scaleLinear().domain(d3.extent(curve.w)).range([margin.left, width - margin.right]);
  y = d3.scaleLinear().domain([low - 0.22 * (high - low), high]).nice().range([height - margin.bottom, margin.top]);
  host.replaceChildren();
  const svg = d3.select(host).append("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img")
    .attr("aria-label", `loss of ${word.value} over ${name(curve.weight)}, from ${fmt(curve.w[0], 2)} to ${fmt(curve.w.at(-1), 2)}; lowest ${fmt(low)} nats`);
  axes(svg, { x, y, xTitle: `the weight w = ${name(curve.weight)}`, yTitle: `loss of ${word.value}, nats per token`, width, height, margin, xTicks: [6] });
  svg.append("path").attr("class", "d-curve").attr("d", d3.line((_, i) => x(curve.w[i]), (l) => y(l))(curve.losses));
  const there = d3.bisectLeft(curve.w, curve.trained);
  const left = x(curve.trained) + 100 > width;
  svg.append("circle").attr("class", "d-trained").attr("cx", x(curve.trained)).attr("cy", y(curve.losses[there])).attr("r", 5);
  svg.append("text").attr("x", x(curve.trained) + (left ? -9 : 9)).attr("y", y(curve.losses[there]) + 30).attr("text-anchor", left ? "end" : "start").attr("class", "halo").text(`trained: ${fmt(curve.trained, 3)}`);
  svg.append("g").attr("class", "d-moving");
  move();
}

/** Draws what depends on w and ε, from the answer for them. */
function move() {
  const group = d3.select("#derivative-chart .d-moving");
  group.selectAll("*").remove();
  if (!at || group.empty()) {
    return;
  }
  const [left, right] = x.domain();
  const clamp = (v) => Math.min(right, Math.max(left, v));
  const line = (cls, slope, from, to) => {
    const [a, b] = [clamp(from), clamp(to)];
    group.append("line").attr("class", cls).attr("x1", x(a)).attr("y1", y(at.loss + slope * (a - w))).attr("x2", x(b)).attr("y2", y(at.loss + slope * (b - w)));
  };
  trail.forEach((point) => group.append("circle").attr("class", "d-trail").attr("cx", x(point.w)).attr("cy", y(point.loss)).attr("r", 4));
  line("d-tangent", at.slope, w - 1.4, w + 1.4);
  line("d-secant", at.secants[0], w - 1.1, w + epsilon + 1.5);
  if (w + epsilon <= right) {
    const [x0, x1, y0, y1] = [x(w), x(w + epsilon), y(at.loss), y(at.losses[0])];
    group.append("path").attr("class", "d-stair").attr("d", `M${x0},${y0}H${x1}V${y1}`);
    group.append("circle").attr("class", "d-other").attr("cx", x1).attr("cy", y1).attr("r", 7);
    if (x1 - x0 > 70) {
      const within = Math.abs(y1 - y0) > 40; // the triangle has room for a label
      group.append("text").attr("class", "d-gold halo").attr("x", (x0 + x1) / 2 - 8).attr("y", y0 + ((y1 < y0) === within ? -6 : 16)).attr("text-anchor", "middle").text(`ε = ${fmt(epsilon, 2)}`);
      group.append("text").attr("class", "d-gold halo").attr("x", x1 + 8).attr("y", (y0 + y1) / 2 + 4).text(signed(at.losses[0] - at.loss));
    }
  }
  const ends = [["d-violet", "tangent: right here", at.slope, clamp(w + 1.4)], ["d-gold", "secant: across ε", at.secants[0], clamp(w + epsilon + 1.5)]]
    .map(([cls, words, slope, end]) => ({ cls, words, x: x(end), y: y(at.loss + slope * (end - w)) }));
  if (Math.abs(ends[0].y - ends[1].y) < 16 && Math.abs(ends[0].x - ends[1].x) < 140) {
    ends[0].y += 18;
  }
  const most = x.range()[1];
  ends.forEach((end) => group.append("text").attr("class", end.cls + " halo").attr("x", Math.min(most, end.x + 60)).attr("y", end.y + (end.cls === "d-gold" ? -8 : 16)).attr("text-anchor", "end").text(end.words));
  group.append("circle").attr("class", "d-hit").attr("cx", x(w)).attr("cy", y(at.loss)).attr("r", 22);
  group.append("circle").attr("class", "d-handle").attr("cx", x(w)).attr("cy", y(at.loss)).attr("r", 11);
}

// ---- the numbers

function tell() {
  $("#derivative-slope").textContent = fmt(at.slope);
  $("#derivative-way").replaceChildren(...(Math.abs(at.slope) < 1e-9 ? ["0: nothing changes here, so there is no downhill."]
    : [at.slope < 0 ? "Below 0: more w, less loss. Downhill is to the " : "Above 0: more w, more loss. Downhill is to the ", el("b", {}, at.slope < 0 ? "right" : "left"), "."]));
  $("#derivative-secant").replaceChildren(`( ${fmt(at.losses[0], epsilon < 0.1 ? 7 : 4)} − ${fmt(at.loss, epsilon < 0.1 ? 7 : 4)} ) / ${fmt(epsilon, epsilon < 0.1 ? 3 : 2)} = `, el("b", {}, fmt(at.secants[0])));
  $("#derivative-rows").replaceChildren(...ROWS.map((e, i) => el("tr", { class: Math.abs(Math.log(e / epsilon)) < 0.05 ? "now" : null }, el("td", {}, String(e)), el("td", {}, signed(at.secants[i + 1], 5)), el("td", {}, scientific(Math.abs(at.secants[i + 1] - at.slope))))));
  const wrong = at.secants[0] * at.slope < 0;
  const kink = Math.abs(at.secants.at(-1) - at.slope) > 1e-3; // without one it is off by some ε²
  $("#derivative-verdict").textContent = wrong ? `With ε = ${fmt(epsilon, 2)} even the sign is wrong. The smaller ε, the closer the secant comes to the tangent.` : kink ? "Near here the curve has a kink, where a relu switches. A secant across it stays off until ε is smaller than the way to the kink." : "The smaller ε, the closer the secant comes to the tangent.";
  $("#derivative-w-value").textContent = fmt(w, 2);
  $("#derivative-epsilon-value").textContent = fmt(epsilon, epsilon < 0.1 ? 3 : 2);
  $("#derivative-w").setAttribute("aria-valuetext", `w = ${fmt(w, 2)}, loss ${fmt(at.loss)}, slope ${fmt(at.slope)}`);
}

/** Asks for the point at w, and shows it. */
const point = () => panel.refresh(() => ask("derivative/secants", { ...question(), w, epsilons: [epsilon, ...ROWS] }), (answer) => {
  at = answer;
  move();
  tell();
});

function set(newW, newEpsilon) {
  const [left, right] = [curve.w[0], curve.w.at(-1)];
  w = Math.min(right, Math.max(left, newW));
  epsilon = newEpsilon;
  $("#derivative-w").value = w;
  $("#derivative-epsilon").value = Math.log10(epsilon);
  remember("derivative-w", w === -1 ? null : String(Number(w.toFixed(4))));
  remember("derivative-epsilon", Math.abs(epsilon - 2.2) < 1e-9 ? null : Math.log10(epsilon).toFixed(3));
  return point();
}

async function load(weight) {
  cancelAnimationFrame(shrinking);
  await panel.refresh(() => ask("derivative/curve", { word: word.value, steps: 1000, ...(weight ?? { tensor: "" }) }), async (answer) => {
    curve = answer;
    trail = [];
    at = null;
    const known = curve.choices.some((c) => name(c) === name(curve.weight)) ? curve.choices : [curve.weight, ...curve.choices];
    choice.replaceChildren(...known.map((c) => el("option", { value: JSON.stringify(c), selected: name(c) === name(curve.weight) }, name(c))));
    $("#derivative-w").min = curve.w[0];
    $("#derivative-w").max = curve.w.at(-1);
    draw();
  });
  if (curve) {
    await set(w, epsilon);
  }
}

// ---- what the reader does

$("#derivative-w").addEventListener("input", (event) => curve && set(Number(event.target.value), epsilon));
$("#derivative-epsilon").addEventListener("input", (event) => curve && set(w, 10 ** Number(event.target.value)));
$("#derivative-w").addEventListener("keydown", (event) => {
  const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
  if (by && curve) {
    event.preventDefault();
    set(Math.round((w + by * (event.shiftKey ? 0.1 : 0.01)) * 100) / 100, epsilon);
  }
});
choice.addEventListener("change", () => load(JSON.parse(choice.value)));
$("#derivative-shrink").addEventListener("click", () => {
  if (!at) {
    return;
  }
  cancelAnimationFrame(shrinking);
  const from = epsilon <= 2 * SMALLEST ? 2.2 : epsilon;
  if (still.matches) {
    set(w, SMALLEST);
    return;
  }
  const began = performance.now();
  let asking = false;
  const frame = async () => {
    const done = Math.min(1, (performance.now() - began) / SHRINKING);
    if (!asking) {
      asking = true;
      await set(w, from * (SMALLEST / from) ** done);
      asking = false;
    }
    if (done < 1) {
      shrinking = requestAnimationFrame(frame);
    }
  };
  frame();
});
$("#derivative-down").addEventListener("click", () => {
  if (!at) {
    return;
  }
  trail.push({ w, loss: at.loss });
  set(w - RATE * at.slope, epsilon);
});
let dragging = false;
$("#derivative-chart").addEventListener("pointerdown", (event) => {
  if (event.target.matches(".d-hit, .d-handle")) {
    dragging = true;
    $("#derivative-chart").setPointerCapture(event.pointerId);
    event.preventDefault();
  }
});
$("#derivative-chart").addEventListener("pointermove", (event) => {
  if (dragging) {
    const svg = $("#derivative-chart svg");
    const box = svg.getBoundingClientRect();
    const scale = box.width / svg.viewBox.baseVal.width || 1; // in large type a picture is drawn larger
    set(Math.round(x.invert((event.clientX - box.left) / scale) * 100) / 100, epsilon);
  }
});
["pointerup", "pointercancel"].forEach((end) => $("#derivative-chart").addEventListener(end, () => (dragging = false)));

let typing;
await bindWord(word);
word.addEventListener("input", () => {
  $("#derivative").dataset.state = "busy";
  clearTimeout(typing);
  typing = setTimeout(load, 150);
});
await load();
new ResizeObserver(() => curve && draw()).observe($("#derivative-chart"));

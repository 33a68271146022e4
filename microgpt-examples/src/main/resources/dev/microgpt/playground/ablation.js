// Parts of stage 5 are switched off, and what is left is trained: once, live, and with 50 seeds, a dot for each. A row per variant stays.
import { $, Panel, ask, choice, el, fmt, listen, whole } from "./shell.js";
import { recall, remember } from "./address.js";
import { exercises } from "./answers.js";
import { legend, lineChart, table } from "./charts.js";

const d3 = globalThis.d3;
const PARTS = ["attention", "position", "residual", "norm", "mask", "perceptron"];
const HEIGHT = 38;
const REDRAW = 50; // milliseconds at least between two pictures
const panel = new Panel("#parts");

// ---- the switches, which are also in the address

const state = { off: new Set(), heads: "4", optimizer: "adam", beginning: "drawn" };
read(recall("variant") ?? "whole");

function read(key) {
  const words = new Set(key.split(" "));
  state.off = new Set(PARTS.filter((part) => words.has(part)));
  state.heads = words.has("one-head") ? "1" : "4";
  state.optimizer = words.has("descent") ? "descent" : "adam";
  state.beginning = words.has("zeros") ? "zeros" : "drawn";
}

function key() {
  const words = [...PARTS.filter((part) => state.off.has(part)), ...(state.heads === "1" ? ["one-head"] : []), ...(state.beginning === "zeros" ? ["zeros"] : []), ...(state.optimizer === "descent" ? ["descent"] : [])];
  return words.join(" ") || "whole";
}

/** A variant for people. */
function called(variant) {
  const words = variant.split(" ");
  if (variant === "attention position") {
    return "without both";
  }
  const missing = words.filter((word) => PARTS.includes(word));
  const others = words.filter((word) => word !== "whole" && !PARTS.includes(word)).map((word) => ({ "one-head": "one head for four", zeros: "all weights start at 0", descent: "plain descent for Adam" })[word]);
  return [missing.length ? "without " + missing.join(", ") : null, ...others].filter(Boolean).join(", ") || "the whole model";
}

/** What is to be said of it in small letters. */
function note({ key: variant, unused }) {
  const said = { whole: "stage 5", "attention position": "attention and position", mask: "sees what comes", descent: "learning rate 0.1: stage 4", "one-head": "stage 3’s attention", zeros: "every gradient is 0", "one-head descent": "stage 3" }[variant];
  return said ?? (unused ? whole(unused) + " weights fewer" : "");
}

function drawSwitches() {
  $("#switches").replaceChildren(...PARTS.map((part) => {
    const button = el("button", { type: "button", role: "switch", class: "ab-switch", "aria-checked": String(!state.off.has(part)), "data-part": part, onclick: () => {
      state.off.has(part) ? state.off.delete(part) : state.off.add(part);
      button.setAttribute("aria-checked", String(!state.off.has(part)));
      changed();
    } }, el("i"), part);
    return button;
  }));
  const options = (id, name, values) => choice($(id), values, state[name], (value) => {
    state[name] = value;
    changed();
  });
  options("#heads", "heads", [["1", "1 head"], ["4", "4 heads"]]);
  options("#optimizer", "optimizer", [["adam", "Adam"], ["descent", "descent"]]);
  options("#beginning", "beginning", [["drawn", "N(0, 0.08²)"], ["zeros", "all 0"]]);
}

function changed() {
  const now = key();
  remember("variant", now === "whole" ? null : now);
  rows.forEach((row) => row.element.classList.toggle("chosen", row.key === now && now !== "whole"));
}

// ---- the rows

let answer = { rows: [], seeds: 50 };
let rows = []; // {key, unused, losses, differences, luck, element}
let scales;
let width; // that the rows are drawn for
const list = el("ol", { class: "ab-rows" });
const swarm = 14;

/** Where each dot stands above or below the line, so that none hides another. */
function swarmed(values, x) {
  const placed = [];
  return values.map((value, i) => ({ i, value, x: x(value) })).sort((a, b) => a.x - b.x).map((dot) => {
    const near = placed.filter((other) => dot.x - other.x < 5.6);
    dot.y = swarm * Math.sin(2.4 * dot.i); // where there is no room left
    for (let k = 0; k <= 6; k++) {
      const y = (k % 2 ? 1 : -1) * Math.ceil(k / 2) * 4.7;
      if (near.every((other) => Math.hypot(dot.x - other.x, y - other.y) >= 4.6)) {
        dot.y = y;
        break;
      }
    }
    placed.push(dot);
    return dot;
  });
}

function domains() {
  const first = rows.find((row) => row.key === "whole");
  const close = rows.filter((row) => row.losses?.length && (!first?.luck || Math.abs(row.luck.mean - first.luck.mean) < 0.25));
  const losses = close.flatMap((row) => row.losses);
  const differences = close.flatMap((row) => row.differences);
  const [low, high] = losses.length ? d3.extent(losses) : [2.4, 2.7];
  const [least, most] = differences.length ? d3.extent(differences) : [0, 0.1];
  return { losses: [low - 0.02, Math.max(high + 0.02, low + 0.1)], differences: [Math.min(-0.012, least - 0.005), Math.max(0.03, most + 0.008)] };
}

function strip(row, values, domain, mean, error, zero) {
  const host = el("div");
  const paint = () => {
    const width = Math.max(120, host.clientWidth);
    const x = d3.scaleLinear().domain(domain).range([8, width - 8]);
    host.replaceChildren();
    const svg = d3.select(host).append("svg").attr("width", width).attr("height", HEIGHT).attr("aria-hidden", "true").attr("aria-label", "dots");
    svg.append("g").attr("class", "grid").selectAll("line").data(x.ticks(width < 220 ? 3 : 5)).join("line").attr("x1", (t) => x(t)).attr("x2", (t) => x(t)).attr("y2", HEIGHT);
    if (zero) {
      svg.append("line").attr("class", "zero").attr("x1", x(0)).attr("x2", x(0)).attr("y2", HEIGHT);
    }
    if (!values?.length) {
      return;
    }
    if (mean < domain[0] || mean > domain[1]) {
      const left = mean < domain[0];
      svg.append("path").attr("class", "arrow").attr("d", left ? `M 2 ${HEIGHT / 2} l 12 -6 v 12 z` : `M ${width - 2} ${HEIGHT / 2} l -12 -6 v 12 z`);
      svg.append("text").attr("class", "off").attr("x", left ? Math.max(20, zero ? x(0) + 6 : 0) : width - 20).attr("y", HEIGHT / 2 + 4).attr("text-anchor", left ? "start" : "end").text(`${fmt(mean, 3)}, far off`);
      return;
    }
    svg.append("g").attr("transform", `translate(0,${HEIGHT / 2})`).selectAll("circle").data(swarmed(values, x)).join("circle").attr("class", (dot) => "dot" + (dot.i === row.at ? " on" : ""))
      .attr("r", (dot) => (dot.i === row.at ? 4.2 : 2.9)).attr("cx", (dot) => dot.x).attr("cy", (dot) => dot.y);
    svg.append("line").attr("class", "error").attr("stroke-width", 7).attr("x1", x(mean - error)).attr("x2", x(mean + error)).attr("y1", HEIGHT / 2).attr("y2", HEIGHT / 2);
    svg.append("line").attr("class", "mean").attr("stroke-width", 2).attr("x1", x(mean)).attr("x2", x(mean)).attr("y1", 6).attr("y2", HEIGHT - 6);
    svg.on("pointermove", (event) => {
      const at = d3.pointer(event)[0];
      point(row, d3.least(d3.range(values.length), (i) => Math.abs(x(values[i]) - at)));
    });
  };
  return { host, paint };
}

/** Points at one seed of a row, in both strips, and says what came out. */
function point(row, i) {
  if (row.at === i) {
    return;
  }
  rows.filter((other) => other.at != null).forEach((other) => {
    other.at = null;
    other.paint();
  });
  row.at = i;
  row.paint();
  $("#rows-reading").replaceChildren(called(row.key), ", seed ", el("b", {}, String(answer.firstSeed + i)), ": ", fmt(row.losses[i]), " nats per token",
    row.key === "whole" ? "" : `, ${plus(row.differences[i])} against the whole model`);
}

const plus = (v, digits = 4) => (v < 0 ? "" : "+") + v.toFixed(digits).replace("-", "−");

function drawRow(row) {
  const { luck } = row;
  const left = strip(row, row.losses, scales.losses, luck?.mean, luck?.meanError, false);
  const right = strip(row, row.key === "whole" ? [] : row.differences, scales.differences, luck?.difference, luck?.differenceError, true);
  const strips = [left, right].map(({ host }, k) => {
    host.className = "ab-strip";
    if (k === 0) {
      host.tabIndex = 0;
      host.setAttribute("role", "img");
      host.setAttribute("aria-label", luck ? `${called(row.key)}: mean ${fmt(luck.mean)}, difference ${plus(luck.difference)} ± ${fmt(luck.differenceError)}. Arrow keys read the seeds.` : `${called(row.key)}: not measured yet`);
      host.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (step && row.losses?.length) {
          event.preventDefault();
          point(row, Math.max(0, Math.min(row.losses.length - 1, (row.at ?? -1) + step)));
        }
      });
    }
    return host;
  });
  row.paint = () => {
    left.paint();
    right.paint();
  };
  const verdict = !luck ? [el("span", {}, "not measured yet")]
    : row.key === "whole" ? [luck.verdict, el("small", {}, `${fmt(luck.mean)} ± ${fmt(luck.meanError)}`)]
    : [luck.verdict, el("small", {}, `${plus(luck.difference)} ± ${fmt(luck.differenceError)} · worse in ${luck.worse} of ${luck.seeds}`)];
  const element = el("li", { class: row.key === "whole" ? "whole" : null, "data-key": row.key },
    el("button", { type: "button", class: "ab-name", title: "set the switches so", onclick: () => {
      read(row.key);
      drawSwitches();
      changed();
    } }, called(row.key), el("small", {}, note(row))),
    strips[0], strips[1], el("div", { class: "ab-verdict" }, verdict));
  row.element?.replaceWith(element);
  row.element = element;
  return element;
}

function foot() {
  const axis = (domain, title) => {
    const host = el("div");
    host.paint = () => {
      const width = Math.max(120, host.clientWidth);
      host.replaceChildren();
      const svg = d3.select(host).append("svg").attr("width", width).attr("height", 36).attr("aria-hidden", "true").attr("aria-label", "scale");
      svg.append("g").attr("class", "axis").call(d3.axisBottom(d3.scaleLinear().domain(domain).range([8, width - 8])).ticks(width < 220 ? 3 : 5).tickSize(0).tickPadding(6)).call((g) => g.select(".domain").remove());
      svg.append("text").attr("x", width / 2).attr("y", 32).attr("text-anchor", "middle").text(title);
    };
    return host;
  };
  return el("li", { class: "foot", "aria-hidden": "true" }, el("span"), axis(scales.losses, "nats per token"), axis(scales.differences, "better ← → worse"), el("span"));
}

function drawRows() {
  scales = domains();
  const end = foot();
  list.replaceChildren(el("li", { class: "head" }, el("span"), el("span", {}, "Loss on unseen names"), el("span", {}, "Same seed, minus the whole model"), el("span", {}, "Is it luck?")), ...rows.map(drawRow), end);
  if (!list.isConnected) {
    $("#rows").append(list);
  }
  rows.forEach((row) => row.paint());
  end.querySelectorAll("div").forEach((host) => host.paint());
  width = $("#rows").clientWidth;
  changed();
  drawTable();
}

function drawTable() {
  $("#rows-table").replaceChildren(table([el("th", { class: "text" }, "variant"), "seeds", "mean loss", "± standard error", "difference", "± standard error", "worse in", el("th", { class: "text" }, "is it luck?")],
    rows.filter((row) => row.luck).map(({ key: variant, luck }) => [called(variant), String(luck.seeds), fmt(luck.mean), fmt(luck.meanError), plus(luck.difference), fmt(luck.differenceError), String(luck.worse), el("td", { class: "text" }, luck.verdict)])));
  const of = (variant) => rows.find((row) => row.key === variant)?.luck;
  const [attention, position, both] = ["attention", "position", "attention position"].map(of);
  $("#says").replaceChildren(...(attention && position && both && both.difference > 3 * Math.max(attention.difference, position.difference)
    ? [el("b", {}, "What this says. "), `On the left a seed also chooses the names, which hides small differences; seed by seed, on the right, they show. Taking attention away costs ${fmt(attention.difference, 3)} nats, taking the position away ${fmt(position.difference, 3)}. Take both, and ${fmt(both.difference, 3)} is lost: either one gives nearly the whole gain.`] : []));
}

const row = (from) => ({ ...from, differences: from.losses && from.losses.map((loss, i) => loss - answer.rows[0].losses[i]) });
new ResizeObserver(() => {
  if (scales && Math.abs(width - $("#rows").clientWidth) > 1) {
    drawRows();
  }
}).observe($("#rows"));

drawSwitches();
await panel.run(async () => {
  answer = await ask("ablation/rows");
  rows = answer.rows.map(row);
  $("#rows-intro").textContent = `Each dot is a run of 1,000 steps: ${answer.seeds} seeds from ${answer.firstSeed} on, each of which shuffles the names anew, learns ${whole(answer.learned)} of them and is measured on ${whole(answer.unseen)} others. `
    + (answer.rows[0].losses ? "The rows were measured before; train one again, or one of your own." : "Choose a row and train it.");
  drawRows();
});

// ---- training

let trained; // the row that seeds are coming in for
let last = 0;
function arrived(event, variant) {
  if (event.seed === answer.firstSeed) {
    trained = rows.find((r) => r.key === variant);
    if (!trained) {
      rows.push(trained = { key: variant });
    }
    Object.assign(trained, { unused: event.unused, losses: [], differences: [], at: null });
  }
  trained.losses.push(event.loss);
  trained.differences.push(event.loss - event.whole);
  trained.luck = event.luck;
  $("#progress").value = event.luck.seeds;
  $("#progress-text").textContent = `${event.luck.seeds} of ${answer.seeds} seeds`;
  if (performance.now() - last > REDRAW) {
    last = performance.now();
    drawTrained();
  }
}

/** Draws the row that seeds are coming in for, and all rows only if they need another scale. */
function drawTrained() {
  const needed = domains();
  const fits = ["losses", "differences"].every((name) => needed[name][0] >= scales[name][0] && needed[name][1] <= scales[name][1]);
  if (!fits || !trained.element) {
    drawRows();
    return;
  }
  drawRow(trained);
  trained.paint();
  changed();
}

const buttons = [$("#train"), $("#seeds"), $("#clear")]; // not while a run goes on
let stopping;
$("#stop").addEventListener("click", () => stopping.abort());
const withStop = (button, work) => button.addEventListener("click", async () => {
  stopping = new AbortController();
  buttons.forEach((other) => (other.disabled = true));
  $("#stop").disabled = false;
  await panel.run(() => work(stopping.signal));
  buttons.forEach((other) => (other.disabled = false));
  $("#stop").disabled = true;
});
withStop($("#seeds"), async (signal) => {
  const variant = key();
  try {
    await listen("ablation/seeds", { variant }, (event) => arrived(event, variant), signal);
  } finally {
    drawRows();
  }
});
withStop($("#train"), async (signal) => {
  const variant = key();
  const lines = [[], []];
  $("#live").hidden = false;
  const chance = answer.chance;
  $("#live-key").replaceChildren(legend([{ name: "the whole model", colour: "var(--blue)" }, { name: called(variant) + " (dashed)", colour: "var(--rust)" }]));
  await listen("ablation/train", { variant, stepsPerSecond: 500 }, (event) => {
    if (event.done) {
      $("#live-reading").replaceChildren("On unseen names: the whole model ", el("b", {}, fmt(event.whole)), `, ${called(variant)} `, el("b", {}, fmt(event.variant)), `, a difference of ${plus(event.variant - event.whole)} with this one seed.`);
      return;
    }
    [event.whole, event.variant].forEach((values, i) => lines[i].push(...values.map((v, k) => [event.from + k + 1, v])));
    lineChart($("#live-chart"), { label: "mean loss of the last 100 steps, with and without", xTitle: "training step", yTitle: "loss, mean of the last 100, nats per token", height: 260, xDomain: [0, 1000],
      series: [{ colour: "var(--blue)", points: lines[0] }, { colour: "var(--rust)", points: lines[1], dash: "5 4" }], refs: [{ y: chance, label: `guessing (chance): ln V = ${fmt(chance)}` }] });
  }, signal);
});
$("#clear").addEventListener("click", () => {
  rows = rows.filter((r) => r.key === "whole");
  drawRows();
});

exercises({
  unused: { answer: async () => answer.rows.find((r) => r.key === "perceptron").unused },
  start: { answer: async () => answer.chance, tolerance: 0.0005 },
  error: { answer: async () => 0.005 / Math.sqrt(50), tolerance: 0.00005 },
});

import { $, Panel, ask, bindSlider, el, fmt } from "./shell.js";
import { exercises } from "./answers.js";
import { bindWord } from "./words.js";
import { legend, table } from "./charts.js";

const d3 = globalThis.d3;
const graphPanel = new Panel("#graph");
const values = { a: 2, b: -3, c: 1, w: -1, x: 2 };
for (const [name, value] of new URLSearchParams(location.search)) {
  if (name.startsWith("variable-") && Number.isFinite(Number(value))) {
    values[name.slice("variable-".length)] = Number(value);
  }
}
let graph = { nodes: [], variables: {} };
let walked = 0; // values whose gradient has been passed on

const WIDTH = 116, HEIGHT = 58, ACROSS = 138, DOWN = 30;
const LABEL = 100; // of ACROSS: the straight end of an arrow, which bears the label

/** Columns by level, each value near the middle of its operands. */
function layout(nodes, across = ACROSS) {
  const place = {};
  const columns = d3.groups(nodes, (n) => n.level).sort((a, b) => a[0] - b[0]);
  const users = (id) => nodes.filter((n) => n.edges.some((e) => e.from === id));
  let rows = 0;
  for (const [level, column] of columns) {
    const wish = (n) => (n.edges.length ? d3.mean(n.edges, (e) => place[e.from].y) : null);
    const free = column.map((n, i) => ({ n, y: wish(n) ?? i * (HEIGHT + DOWN) })).sort((a, b) => a.y - b.y);
    let least = -Infinity;
    for (const item of free) {
      item.y = Math.max(item.y, least);
      least = item.y + HEIGHT + DOWN;
      place[item.n.id] = { x: level * (WIDTH + across), y: item.y };
    }
    rows = Math.max(rows, least);
  }
  // a leaf stands just left of what uses it first, if there is room
  for (const n of nodes.filter((node) => !node.edges.length && node.inner)) {
    const level = Math.min(...users(n.id).map((u) => u.level)) - 1;
    const x = level * (WIDTH + across);
    const inColumn = Object.entries(place).filter(([id, p]) => id !== n.id && p.x === x).map(([, p]) => p.y);
    let y = d3.mean(users(n.id), (u) => place[u.id].y);
    for (const other of inColumn.sort((a, b) => a - b)) {
      y = Math.abs(other - y) < HEIGHT + DOWN ? other + HEIGHT + DOWN : y;
    }
    place[n.id] = { x, y };
  }
  const points = Object.values(place);
  const top = Math.min(...points.map((p) => p.y));
  points.forEach((p) => (p.y -= top));
  return { place, width: Math.max(...points.map((p) => p.x)) + WIDTH, height: Math.max(...points.map((p) => p.y)) + HEIGHT };
}

/** Draws a graph; "done" are the values that have passed their gradient on, the "active" one does so now. */
function drawGraph(host, nodes, done, active, across) {
  const { place, width, height } = layout(nodes, across);
  host.replaceChildren();
  const scale = Math.max(0.8, Math.min(1, host.clientWidth / (width + 4)));
  const svg = d3.select(host).append("svg").attr("width", scale * (width + 4)).attr("height", scale * (height + 44)).attr("viewBox", `0 0 ${width + 4} ${height + 44}`).style("max-width", "none")
    .attr("role", "img").attr("aria-label", `graph of ${nodes.length} values; the table below has its numbers`).append("g").attr("transform", "translate(2,20)");
  const arrows = svg.append("g");
  const labels = svg.append("g");
  const reached = (n) => n === nodes.at(-1) || nodes.some((u) => done.has(u.id) && u.edges.some((e) => e.from === n.id));
  const soFar = (n) => (n === nodes.at(-1) ? n.gradient : nodes.filter((u) => done.has(u.id)).flatMap((u) => u.edges).filter((e) => e.from === n.id).reduce((sum, e) => sum + e.contribution, 0));
  for (const n of nodes) {
    n.edges.forEach((edge, k) => {
      const a = place[edge.from];
      const b = place[n.id];
      const labelled = across === undefined;
      const y2 = b.y + HEIGHT * (n.edges.length === 2 ? (k === 0 ? 0.2 : 0.8) : 0.5);
      const x1 = a.x + WIDTH, y1 = a.y + HEIGHT / 2, x2 = b.x - (labelled ? LABEL : 0);
      const bend = (x2 - x1) / 2;
      const flows = done.has(n.id);
      arrows.append("path").attr("d", `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2} H${b.x}`).attr("fill", "none")
        .style("stroke", flows ? "var(--rust)" : "var(--line)").attr("stroke-width", n.id === active ? 2.5 : 1.5);
      if (flows && labelled) {
        [[-4, `${fmt(edge.incoming, 2)} × ${fmt(edge.local, 2)}`], [11, `= ${fmt(edge.contribution, 2)}`]].forEach(([below, label]) => {
          const text = labels.append("text").attr("x", b.x - 6).attr("y", y2 + below).attr("text-anchor", "end").attr("class", "halo").style("font-size", "10.5px").style("fill", "var(--rust)").text(label);
          if (text.node().getComputedTextLength() > LABEL - 8) {
            text.attr("textLength", LABEL - 8).attr("lengthAdjust", "spacingAndGlyphs");
          }
        });
      }
    });
  }
  for (const n of nodes) {
    const { x, y } = place[n.id];
    const box = svg.append("g").attr("transform", `translate(${x},${y})`);
    const leaf = !n.edges.length;
    box.append("rect").attr("width", WIDTH).attr("height", HEIGHT).attr("rx", 9).style("fill", leaf ? "var(--shade)" : "var(--card)")
      .style("stroke", n.id === active ? "var(--rust)" : n.inner ? "var(--soft)" : "var(--ink)").attr("stroke-width", n.id === active ? 2.5 : 1.2).attr("stroke-dasharray", n.inner ? "4 3" : null);
    const name = n.inner ? (leaf ? "constant" : n.operation) : n.name;
    box.append("text").attr("x", 10).attr("y", 16).attr("class", "strong").style("font-size", "12.5px").text(name.length > 13 ? name.slice(0, 12) + "…" : name);
    if (!leaf && !n.inner) {
      box.append("text").attr("x", WIDTH - 9).attr("y", 16).attr("text-anchor", "end").text(name.length > 9 ? "" : n.operation);
    }
    box.append("text").attr("x", 10).attr("y", 33).text(fmt(n.data));
    box.append("text").attr("x", 10).attr("y", 49).style("fill", "var(--rust)").text(reached(n) ? `grad ${fmt(soFar(n))}` : "");
    if (n.made) {
      box.append("text").attr("x", 0).attr("y", -5).style("font-size", "11px").style("font-style", "italic").text(n.made);
    }
    box.append("title").text(`${name}: data ${n.data}, gradient ${n.gradient}`);
  }
}

function drawWalk() {
  const order = [...graph.nodes].reverse().filter((n) => n.edges.length);
  const done = new Set(order.slice(0, walked).map((n) => n.id));
  const active = walked > 0 ? order[walked - 1] : null;
  drawGraph($("#drawing"), graph.nodes, done, active?.id);
  $("#back").disabled = walked >= order.length;
  const name = (id) => {
    const n = graph.nodes.find((node) => node.id === id);
    return n.name || (n.edges.length ? "the inner " + n.operation : "the constant " + fmt(n.data, 2));
  };
  $("#walk-reading").replaceChildren(...(active === null
    ? ["Forward: ", el("b", {}, `${graph.nodes.at(-1).name} = ${fmt(graph.nodes.at(-1).data)}`), ". Its own gradient is 1. Now step backward."]
    : [`Step ${walked} of ${order.length}: `, el("b", {}, name(active.id)), ` passes its gradient ${fmt(active.gradient)} on: `,
      active.edges.map((e) => `to ${name(e.from)} ${fmt(e.incoming)} × ${fmt(e.local)} = ${fmt(e.contribution)}`).join("; "), "."]));
}

function drawSliders() {
  const names = Object.keys(graph.variables);
  const host = $("#sliders");
  if (names.join() === host.dataset.names) {
    return;
  }
  host.dataset.names = names.join();
  host.replaceChildren(...names.map((name) => {
    const input = el("input", { type: "range", min: -5, max: 5, step: 0.1, value: graph.variables[name], id: "variable-" + name, oninput: () => {
      values[name] = Number(input.value);
      showGraph(false);
    } });
    return el("label", {}, name + " ", el("b", {}), input);
  }));
  names.forEach((name) => bindSlider($("#variable-" + name), (v) => fmt(v, 1)));
}

const showGraph = (afresh = true) => graphPanel.show("autograd/graph", { expression: $("#expression").value, variables: values }, (g) => {
  const same = graph.nodes.length === g.nodes.length;
  graph = g;
  if (!same) {
    walked = g.nodes.filter((n) => n.edges.length).length;
  }
  drawSliders();
  drawWalk();
  $("#graph-table").replaceChildren(table([el("th", { class: "text" }, "value"), "operation", "data", "gradient", el("th", { class: "text" }, "passes on: incoming × local = contribution")],
    g.nodes.map((n) => [el("td", { class: "text mono" }, n.inner ? "(inner)" : n.name), n.operation, fmt(n.data), el("td", { "data-gradient": n.name }, fmt(n.gradient)),
      el("td", { class: "text" }, n.edges.map((e) => `${fmt(e.incoming)} × ${fmt(e.local)} = ${fmt(e.contribution)}`).join(",  "))])));
});
let typing;
$("#expression").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(showGraph, 150);
});
$("#examples").addEventListener("input", () => {
  if ($("#examples").value) {
    $("#expression").value = $("#examples").value;
    $("#expression").dispatchEvent(new Event("input", { bubbles: true }));
  }
});
$("#first").addEventListener("click", () => { walked = 0; drawWalk(); });
$("#back").addEventListener("click", () => { walked++; drawWalk(); });
$("#all").addEventListener("click", () => { walked = graph.nodes.filter((n) => n.edges.length).length; drawWalk(); });
$("#drawing-key").append(legend([{ name: "gradient, and what flows back", colour: "var(--rust)" }, { name: "solid frame: in your formula", colour: "var(--ink)" }, { name: "dashed frame: an exponent (fixed, so 0 stands there), or inside an operation made of others", colour: "var(--soft)", shape: "dash" }]));
showGraph();

// ---- the neuron

const neuron = new Panel("#neuron");
await bindWord($("#word"));
bindSlider($("#unit"));
bindSlider($("#position"));
const fit = () => {
  const most = Math.max(0, [...$("#word").value].length);
  $("#position").max = most;
  $("#position").dispatchEvent(new Event("refit"));
};
$("#position").addEventListener("refit", () => ($("#position").closest("label").querySelector("b").textContent = $("#position").value));
$("#word").addEventListener("input", fit);
fit();
neuron.live(() => neuron.show("autograd/neuron", { word: $("#word").value, unit: Number($("#unit").value), position: Number($("#position").value) }, (n) => {
  const h = n.graph.at(-1);
  $("#neuron-reading").replaceChildren(`At ${n.token}: h = relu(Σ w·x) = `, el("b", {}, fmt(h.data)), `. The loss of “${n.word}” is `, el("b", { id: "neuron-loss" }, fmt(n.loss)), " nats per token.");
  $("#neuron-table").replaceChildren(table(["k", "x", "w", "∂loss/∂w by autograd", "by hand"],
    n.weights.map((w, k) => [k, fmt(n.inputs[k]), fmt(w), fmt(n.autograd[k], 10), fmt(n.byHand[k], 10)])));
  $("#difference").textContent = fmt(n.largestDifference, 2);
  drawGraph($("#neuron-drawing"), n.graph, new Set(n.graph.map((v) => v.id)), null, 26);
}));

const gradientOf = async (expression, variables, name) => (await ask("autograd/graph", { expression, variables })).nodes.find((n) => n.name === name).gradient;
exercises({
  twice: { answer: () => gradientOf("a*a", { a: 3 }, "a"), tolerance: 0.001 },
  relu: { answer: () => gradientOf("relu(w*x)", { w: -1, x: 2 }, "w"), tolerance: 0 },
  minus: { answer: async () => (await ask("autograd/graph", { expression: "a - b", variables: {} })).nodes.length },
});

// −ln p as a curve, with the letters of the reader's word on it: why a product of probabilities is written as a sum of costs.
import { $, Panel, el, fmt } from "./shell.js";
import { bindWord } from "./words.js";
import { axes, canvas, draw } from "./charts.js";

const d3 = globalThis.d3;
const STEP = 999; // names that have been counted
const HEIGHT = 300;
const panel = new Panel("#surprise");
let step;

const drawCurve = () => draw($("#surprise-chart"), (width) => {
  const margin = { top: 26, right: 16, bottom: 42, left: 46 };
  const most = Math.max(5, ...step.losses) + 0.4;
  const x = d3.scaleLinear().domain([0, 1]).range([margin.left, width - margin.right]);
  const y = d3.scaleLinear().domain([0, most]).range([HEIGHT - margin.bottom, margin.top]);
  const svg = canvas($("#surprise-chart"), width, HEIGHT, `−ln p over p, with the predictions of ${step.tokens.slice(1, -1).join("")} on it`);
  axes(svg, { x, y, xTitle: "p, the probability of the letter that came", yTitle: "−ln p, nats", width, height: HEIGHT, margin, xTicks: [5] });
  const curve = d3.range(Math.exp(-most), 1.0001, 0.002);
  svg.append("path").attr("fill", "none").style("stroke", "var(--blue)").attr("stroke-width", 2.2).attr("d", d3.line((p) => x(p), (p) => y(-Math.log(p)))(curve));
  const points = step.losses.map((loss, t) => ({ loss, p: step.probabilities[t], name: `${step.tokens[t]} → ${step.tokens[t + 1]}`, y: y(loss) }));
  let last = Infinity; // labels stand above the curve, each above the one that lies lower
  for (const point of [...points].sort((a, b) => b.y - a.y)) {
    point.label = last = Math.min(point.y - 8, last - 16);
  }
  const groups = svg.append("g").selectAll("g").data(points).join("g");
  groups.append("line").attr("x1", (d) => x(d.p)).attr("y1", (d) => d.y).attr("x2", (d) => x(d.p) + 24).attr("y2", (d) => d.label).style("stroke", "var(--soft)");
  groups.append("circle").attr("cx", (d) => x(d.p)).attr("cy", (d) => d.y).attr("r", 5).style("fill", "var(--ink)").append("title").text((d) => `${d.name}: p = ${fmt(d.p)}, −ln p = ${fmt(d.loss)}`);
  groups.append("text").attr("x", (d) => x(d.p) + 28).attr("y", (d) => d.label + 4).attr("class", "strong halo").text((d) => `${d.name}  ${fmt(d.loss, 2)}`);
});

function tell() {
  const product = step.probabilities.reduce((all, p) => all * p, 1);
  const sum = step.losses.reduce((all, loss) => all + loss, 0);
  const [digits, power] = product.toExponential(2).split("e-");
  $("#surprise-reading").replaceChildren(`All letters of the word: ${step.probabilities.map((p) => fmt(p, 3)).join(" · ")} = ${digits}·10`, el("sup", {}, "−" + power), `. And −ln of that: ${step.losses.map((l) => fmt(l, 2)).join(" + ")} = `, el("b", { id: "surprise-sum" }, fmt(sum)), ` nats; divided by ${step.losses.length}, the loss ${fmt(step.loss)}.`);
}

const refresh = () => panel.show("loop/step", { stage: "0", step: STEP, word: $("#word").value, tensor: "" }, (answer) => {
  step = answer;
  drawCurve();
  tell();
});
let typing;
await bindWord($("#word"), { quiet: true });
$("#word").addEventListener("input", () => {
  $("#surprise").dataset.state = "busy";
  clearTimeout(typing);
  typing = setTimeout(refresh, 150);
});
await refresh();

// The start page: the path from stage 0 to stage 5, whose height is the loss, with a small picture of each.
import { $, ask, askOverview, el, fmt, pages, whole } from "./shell.js";
import { bindWord } from "./words.js";
import { tint } from "./colour.js";

const d3 = globalThis.d3;
const NARROW = 800; // pixels, below which the path goes down instead of to the right
const NAT = 137; // pixels, on the way to the right
const SIZE = [150, 120]; // of a picture

const overview = await askOverview();
const chance = Math.log(overview.symbols.length);
const word = () => $("#word").value;
const losses = [];
let unseen = true;

$("#size").textContent = ` of ${whole(overview.documents)} names`;
await bindWord($("#word"));
$("#start").addEventListener("submit", (event) => {
  event.preventDefault();
  location.href = "counting.html#table";
});

// ---- the cards

const stages = pages.filter((page) => page.mark);
$("#stages").append(...stages.map((page) => el("li", {}, el("a", { href: page.href, class: "stage" },
  el("div", { class: "picture", id: "picture" + page.mark }), el("h2", {}, el("span", {}, page.mark), " ", page.title), el("p", {}, page.about),
  el("p", { class: "invents" }, "invents ", el("code", { id: "invents" + page.mark }, "computing …"))))));
$("#others").append(...pages.slice(1).filter((page) => !page.mark).map((page) => el("a", { href: page.href }, page.before === "Before stage 0" ? `Before: ${page.title.toLowerCase()}` : page.title)));

// ---- the line

/** What a step of the path brought, in a word or two; the numbers say how much. */
function gain(stage) {
  const change = losses[stage] - losses[stage - 1];
  if (stage === 2 && Math.abs(change) < 1e-6) {
    return "the same numbers, now automatic";
  }
  if (stage === 1 && Math.abs(change) < 0.02) {
    return "as good, but learned instead of counted";
  }
  const size = Math.abs(change) < 0.005 ? "no gain yet" : change > 0 ? "worse" : change > -0.03 ? "a little better" : "better";
  return stage === 3 && size === "better" ? "place and past help" : size;
}

/** Where elements stand, in the pixels that a drawing has within them: in large type the screen has more. */
function boxes(...elements) {
  const scale = elements[0].getBoundingClientRect().width / elements[0].offsetWidth || 1;
  return elements.map((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left: left / scale, top: top / scale, width: width / scale, height: height / scale };
  });
}

function drawLine() {
  const host = $("#line");
  const [frame, ...cards] = boxes(host.parentElement, ...document.querySelectorAll("#stages li"));
  const down = innerWidth <= NARROW;
  const known = losses.flatMap((loss, stage) => (loss === undefined ? [] : [stage]));
  const middle = (card) => (down ? card.top - frame.top + 22 : card.left - frame.left + card.width / 2);
  const nat = down ? 34 : NAT;
  const level = (loss) => (down ? 34 - (chance - loss) * nat : 22 + (chance - loss) * nat);
  const place = (at, loss) => (down ? [level(loss), at] : [at, level(loss)]);
  const size = down ? [frame.width, frame.height] : [frame.width, cards[0].top - frame.top];
  const svg = d3.create("svg").attr("width", size[0]).attr("height", size[1]).attr("viewBox", `0 0 ${size[0]} ${size[1]}`).attr("role", "img")
    .attr("aria-label", `loss of each stage: guessing ${fmt(chance, 3)}, ${known.map((s) => `stage ${s} ${fmt(losses[s], 3)}`).join(", ")}`);
  const points = [place(down ? 8 : 34, chance), ...known.map((stage) => place(middle(cards[stage]), losses[stage]))];
  if (!down) {
    known.forEach((stage, i) => svg.append("line").attr("x1", points[i + 1][0]).attr("x2", points[i + 1][0]).attr("y1", points[i + 1][1]).attr("y2", size[1]).style("stroke", "var(--line)").attr("stroke-width", 2));
  }
  svg.append("path").attr("d", d3.line()(points)).attr("fill", "none").style("stroke", "var(--blue)").attr("stroke-width", 3).attr("stroke-linejoin", "round");
  svg.append("circle").attr("cx", points[0][0]).attr("cy", points[0][1]).attr("r", 6.5).style("fill", "var(--blue)");
  svg.append("text").attr("x", points[0][0] + 18).attr("y", points[0][1] + 5).style("fill", "var(--ink)").style("font-size", "13px").text(`${fmt(chance, 3)} guessing: ln ${overview.symbols.length}${down ? "" : `, for ${overview.symbols.length - 1} letters and the end`}`);
  known.forEach((stage, i) => {
    const [x, y] = points[i + 1];
    svg.append("circle").attr("cx", x).attr("cy", y).attr("r", down ? 6 : 8).style("fill", "var(--card)").style("stroke", "var(--blue)").attr("stroke-width", 3);
    if (!down) {
      svg.append("text").attr("class", "level").attr("x", stage ? x : x + 14).attr("y", y - 16).attr("text-anchor", stage ? "middle" : "start").text(fmt(losses[stage], 3));
      if (stage && losses[stage - 1] !== undefined) {
        const at = (points[i][0] + x) / 2;
        split(gain(stage)).forEach((part, k) => svg.append("text").attr("class", "gain").attr("x", at).attr("y", Math.max(points[i][1], y) + 20 + 15 * k).attr("text-anchor", "middle").text(part));
      }
    }
  });
  if (!down) {
    svg.append("text").attr("x", size[0]).attr("y", 16).attr("text-anchor", "end").style("font-size", "13px").text(`loss on ${unseen ? "names not seen in training" : "the names of the list"}, nats per token: lower is better`);
  }
  host.replaceChildren(svg.node());
  known.forEach((stage) => $("#stages").children[stage].style.setProperty("--loss", `"${fmt(losses[stage], 3)}${stage && losses[stage - 1] !== undefined ? " · " + gain(stage) : ""}"`));
}

/** A caption in two lines, if it is long. */
function split(text) {
  const words = text.split(" ");
  const half = Math.ceil(words.length / 2);
  return text.length < 20 ? [text] : [words.slice(0, half).join(" "), words.slice(half).join(" ")];
}

new ResizeObserver(drawLine).observe($("#path"));

// ---- small pictures, from the numbers of the stages

function picture(stage, label, width = SIZE[0], height = SIZE[1]) {
  const svg = d3.create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height).attr("role", "img").attr("aria-label", label);
  $("#picture" + stage).replaceChildren(svg.node());
  return svg;
}

const cell = (svg, x, y, size, share) => svg.append("rect").attr("x", x).attr("y", y).attr("width", size * 0.92).attr("height", size * 0.92).attr("rx", size / 8).style("fill", tint("var(--blue)", share));

const path = (svg, points, colour) => svg.append("path").attr("d", d3.line()(points)).attr("fill", "none").style("stroke", colour).attr("stroke-width", 2).attr("stroke-linejoin", "round");

async function counts() {
  const { counts: table } = await ask("counting/table", { names: 1000 });
  const svg = picture(0, "the table of counts after 1,000 names");
  const size = SIZE[1] / table.length;
  const most = Math.max(...table.flat());
  table.forEach((row, i) => row.forEach((n, j) => cell(svg, 15 + j * size, i * size, size, n ? 0.1 + 0.85 * Math.sqrt(n / most) : 0.02)));
}

async function slope() {
  const s = await ask("start/slope");
  const svg = picture(1, `the loss over one weight, ${s.weight}, and steps downhill`);
  const x = d3.scaleLinear(d3.extent(s.curve, (p) => p[0]), [8, SIZE[0] - 8]);
  const y = d3.scaleLinear(d3.extent(s.curve, (p) => p[1]), [SIZE[1] - 14, 14]);
  path(svg, s.curve.map(([w, loss]) => [x(w), y(loss)]), "var(--blue)");
  s.walk.forEach(([w, loss], i) => svg.append("circle").attr("cx", x(w)).attr("cy", y(loss)).attr("r", 4).style("fill", i === s.walk.length - 1 ? "var(--ink)" : "var(--card)").style("stroke", "var(--ink)").attr("stroke-width", 1.4));
}

async function graph() {
  const { nodes } = await ask("autograd/graph", { expression: "relu(a*b + c)", variables: { a: 2, b: -3, c: 10 } });
  const svg = picture(2, "a small graph of values and their gradients");
  const at = { a: [18, 30], b: [18, 92], "a*b": [60, 50], c: [60, 106], "a*b + c": [100, 78], "relu(a*b + c)": [134, 46] };
  const of = Object.fromEntries(nodes.map((n) => [n.id, n]));
  nodes.forEach((n) => n.edges.forEach((e) => path(svg, [at[of[e.from].name], at[n.name]], "var(--soft)").attr("stroke-width", 1.2)));
  nodes.forEach((n) => {
    const [x, y] = at[n.name];
    const leaf = !n.edges.length;
    svg.append("circle").attr("cx", x).attr("cy", y).attr("r", 13).style("fill", leaf ? "var(--card)" : "var(--shade)").style("stroke", "var(--ink)").attr("stroke-width", 1.2);
    svg.append("text").attr("class", "strong").attr("x", x).attr("y", y + 4).attr("text-anchor", "middle").style("font-size", n.operation === "relu" ? "10.5px" : "12px").text(leaf ? fmt(n.data, 0) : n.operation);
    svg.append("text").attr("class", "strong").attr("x", x).attr("y", y - 16).attr("text-anchor", "middle").style("fill", n.gradient < 0 ? "var(--rust)" : "var(--blue)").text(fmt(n.gradient, 0));
  });
}

async function looks(stage) {
  const trace = await ask("attention/trace", { stage, steps: 1000, word: word() });
  const shown = trace.positions.slice(0, 6);
  const letters = stage === 3 ? 26 : 0;
  const svg = picture(stage, `where the heads of stage ${stage} look in ${shown.slice(1).map((p) => p.token).join("")}`);
  shown[0].trace.layers.at(-1).heads.forEach((_, head, heads) => {
    const side = Math.ceil(Math.sqrt(heads.length));
    const room = (SIZE[1] - 6 * (side - 1)) / side;
    const size = room / shown.length;
    const [left, top] = [letters + 8 + (head % side) * (room + 12), Math.floor(head / side) * (room + 6)];
    shown.forEach((p, i) => {
      if (letters) {
        svg.append("text").attr("x", letters).attr("y", top + size * (i + 0.6)).attr("text-anchor", "end").style("font-size", i ? "12px" : "9px").style("fill", "var(--ink)").text(p.token);
      }
      p.trace.layers.at(-1).heads[head].weights.forEach((share, j) => cell(svg, left + size * j, top + size * i, size, share * 0.95));
    });
  });
}

async function bowl() {
  const b = await ask("start/bowl");
  const svg = picture(5, "the way of Adam and of gradient descent into a narrow valley");
  const scale = 0.92 * Math.min(SIZE[0] / 2 / b.width, SIZE[1] / 2 / b.height);
  const [cx, cy] = [SIZE[0] / 2, SIZE[1] / 2 + 4];
  b.levels.forEach(([rx, ry]) => svg.append("ellipse").attr("cx", cx).attr("cy", cy).attr("rx", rx * scale).attr("ry", ry * scale).attr("fill", "none").style("stroke", "var(--line)"));
  for (const [name, walk, colour, y] of [["gradient descent", b.sgd, "var(--gold)", SIZE[1] - 2], ["Adam", b.adam, "var(--blue)", 12]]) {
    const points = walk.map(([x, v]) => [cx + x * scale, cy - v * scale]);
    path(svg, points, colour);
    points.forEach(([x, v]) => svg.append("circle").attr("cx", x).attr("cy", v).attr("r", 1.8).style("fill", colour));
    svg.append("text").attr("class", "strong").attr("x", SIZE[0]).attr("y", y).attr("text-anchor", "end").style("fill", colour).text(name);
  }
}

const showLooks = () => Promise.all([looks(3), looks(4)]).catch(() => {}); // a word that cannot be read: the pictures before stay, the field says why
let typing;
$("#word").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(showLooks, 200);
});

async function measure() {
  for (const { mark } of stages) {
    const stage = Number(mark);
    const answer = await ask("start/stage", { stage });
    losses[stage] = answer.loss;
    unseen = answer.unseen;
    $("#invents" + mark).textContent = answer.invented.map((text) => text || "∅").join(" · ");
    drawLine();
  }
}

await Promise.all([measure(), counts(), slope(), graph(), showLooks(), bowl()]);
$("#path").dataset.state = "ready";

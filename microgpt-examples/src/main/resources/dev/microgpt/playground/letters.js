// The letters as a map: where their vectors lie, seen from the side on which they differ most.
import { $, Panel, bindSlider, choice, el, fmt, whole } from "./shell.js";
import { recall, remember } from "./address.js";
import { axes, canvas, draw, legend, table } from "./charts.js";
import { inARow, readable } from "./readout.js";

const d3 = globalThis.d3;
const STAGES = [[4, "gradient descent (stage 4)"], [5, "Adam (stage 5)"]];
const MARKS = { vowel: "M-11,0a11,11 0 1 0 22,0a11,11 0 1 0 -22,0", other: "M-9,-9h18v18h-18z", bos: "M0,-10L10,0L0,10L-10,0z" };
const SMALL = 400; // pixels of a map, below which its letters are smaller
const MARGIN = { top: 26, right: 26, bottom: 50, left: 60 };

const panel = new Panel("#letters");
let stage = STAGES.some(([s]) => String(s) === recall("letters")) ? Number(recall("letters")) : 5;
let map; // the answer to letters/map
let move; // shows the letters of another map of the same stage

const kind = (letter) => (letter.symbol === "BOS" ? "bos" : letter.vowel ? "vowel" : "other");
const share = (x) => `${fmt(100 * x, 0)}\u00a0%`;

/** One scale for both axes, so that distances are what they look like. */
function scales(width, height) {
  const inner = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  const unit = Math.min(...map.extent.map(([low, high], axis) => inner[axis] / ((high - low) * 1.06 || 1)));
  const domain = map.extent.map(([low, high], axis) => [-1, 1].map((side) => (low + high) / 2 + side * inner[axis] / unit / 2));
  return [d3.scaleLinear(domain[0], [MARGIN.left, width - MARGIN.right]), d3.scaleLinear(domain[1], [height - MARGIN.bottom, MARGIN.top])];
}

const title = (axis) => `${["first", "second"][axis]} component`;

function drawMap() {
  draw($("#letters-map"), (width) => {
    const height = Math.min(560, Math.max(330, 0.8 * width));
    const svg = canvas($("#letters-map"), width, height, `the ${map.letters.length} vectors of wte on their first two principal components`);
    const [x, y] = scales(width, height);
    axes(svg, { x, y, xTitle: title(0), yTitle: title(1), width, height, margin: MARGIN });
    const drawn = [...map.letters.keys()].sort((a, b) => "other bos vowel".indexOf(kind(map.letters[a])) - "other bos vowel".indexOf(kind(map.letters[b])));
    const trails = svg.append("g").selectAll("line").data(drawn).join("line").attr("class", "letters-trail");
    const marks = svg.append("g").selectAll("g").data(drawn).join("g").attr("class", "letter-mark");
    marks.append("path").attr("d", (i) => MARKS[kind(map.letters[i])]).attr("class", (i) => kind(map.letters[i]) + (map.letters[i].symbol.length > 3 ? " long" : ""));
    marks.append("text").attr("y", (i) => (kind(map.letters[i]) === "bos" ? -14 : 4.5)).text((i) => map.letters[i].symbol);
    let order;
    move = () => {
      const at = ({ place }) => [x(place[0]), y(place[1])];
      marks.attr("transform", (i) => `translate(${at(map.letters[i]).map((v) => v.toFixed(1))}) scale(${width < SMALL ? 0.8 : 1})`);
      trails.attr("x1", (i) => x(map.letters[i].start[0])).attr("y1", (i) => y(map.letters[i].start[1])).attr("x2", (i) => at(map.letters[i])[0]).attr("y2", (i) => at(map.letters[i])[1]);
      order = d3.sort(map.letters.map((letter) => ({ letter, at: at(letter) })), (l) => l.at[0]);
    };
    move();
    readable($("#letters-map"), svg, { count: () => order.length, step: inARow,
      near: (px, py) => d3.minIndex(order, ({ at }) => Math.hypot(at[0] - px, at[1] - py)),
      read: (i) => {
        const { letter, at } = order[i];
        return { x: at[0] + 8, y: at[1] - 8, text: [letter.symbol, `nearest: ${letter.nearest}, at ${fmt(letter.distance, 2)}`, `read ${whole(letter.read)} times, moved by ${fmt(letter.moved, 2)}`], marks: [{ x: at[0] - 13, y: at[1] - 13, frame: 26, colour: "var(--ink)" }] };
      } });
  });
}

function tell() {
  const all = map.shares[0] + map.shares[1];
  const vowels = map.letters.filter((letter) => letter.vowel);
  const near = vowels.filter((letter) => vowels.some((other) => other.symbol === letter.nearest)).length;
  $("#letters-reading").replaceChildren("These two of 16 directions hold ", el("b", { id: "letters-share" }, share(all)), ` of the variance: ${share(map.shares[0])} and ${share(map.shares[1])}. `,
    ...(map.withinVowels < 0 ? [] : ["Two vowels are on average ", el("b", { id: "letters-within" }, fmt(map.withinVowels, 2)), " apart, a vowel and another letter ", el("b", { id: "letters-between" }, fmt(map.vowelToOther, 2)), `. The nearest of ${near} of ${vowels.length} vowels is a vowel.`]));
  $("#letters-table").replaceChildren(table([el("th", { class: "text" }, "letter"), "first component", "second", "times read", "moved by", el("th", { class: "text" }, "nearest"), "at distance"],
    map.letters.map((l) => [el("td", { class: "mono" }, l.symbol), fmt(l.place[0], 3), fmt(l.place[1], 3), whole(l.read), fmt(l.moved, 3), el("td", { class: "text mono" }, l.nearest), fmt(l.distance, 3)])));
}

const refresh = () => panel.show("letters/map", { stage, steps: Number($("#letters-steps").value) }, (answer) => {
  const same = move && String(map.extent) === String(answer.extent);
  map = answer;
  same ? move() : drawMap();
  tell();
});

$("#letters-key").replaceChildren(legend([{ name: "a vowel", colour: "var(--blue)", shape: "dot" }, { name: "another letter", colour: "var(--soft)", shape: "ring" }, { name: "BOS, which begins and ends a name", colour: "var(--ink)", shape: "diamond" }]));
bindSlider($("#letters-steps"), (v) => `${whole(v)} steps`);
choice($("#letters-stage"), STAGES, stage, (s) => {
  stage = s;
  remember("letters", s === 5 ? null : s);
  refresh();
});
panel.live(refresh);

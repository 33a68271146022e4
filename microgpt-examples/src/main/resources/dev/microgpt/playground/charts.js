// The pictures: drawn with d3, coloured by the theme, redrawn when their width changes.
import { el, fmt } from "/shell.js";

const d3 = globalThis.d3;
const drawn = new WeakMap();
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const picture = drawn.get(target);
    if (picture && Math.abs(picture.width - target.clientWidth) > 1) {
      redraw(target);
    }
  }
});

function redraw(host) {
  const picture = drawn.get(host);
  picture.width = host.clientWidth;
  picture.draw(Math.max(260, picture.width));
}

/** Draws into a host now, and again whenever its width changes. */
function draw(host, paint) {
  const first = !drawn.has(host);
  drawn.set(host, { draw: paint, width: 0 });
  redraw(host);
  if (first) {
    watcher.observe(host);
  }
}

function canvas(host, width, height, label) {
  host.replaceChildren();
  return d3.select(host).append("svg").attr("width", width).attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img").attr("aria-label", label);
}

export const colours = { 0: "var(--gold)", 1: "var(--rust)", 2: "var(--violet)", 3: "var(--green)", 4: "var(--teal)", 5: "var(--blue)" };

/** A share of a colour on the card, for heat maps: 0 is the card itself. */
export const tint = (colour, share) => `color-mix(in oklab, ${colour} ${(100 * Math.min(1, Math.max(0, share))).toFixed(1)}%, var(--card))`;

/** Blue above 0, rust below; strength by the share of the largest. */
export const signed = (value, largest) => tint(value < 0 ? "var(--rust)" : "var(--blue)", Math.abs(value) / (largest || 1) * 0.92 + 0.03);

export function legend(items) {
  return el("ul", { class: "legend" }, items.map(({ name, colour, shape = "" }) => {
    const mark = el("i", { class: shape });
    mark.style.color = colour;
    return el("li", {}, mark, name);
  }));
}

/** The key of a signed heat map. */
export function signedRamp(largest, unit = "") {
  const ramp = el("i");
  ramp.style.background = `linear-gradient(to right, ${signed(-1, 1)}, var(--card), ${signed(1, 1)})`;
  return el("span", { class: "ramp" }, "−" + fmt(largest, 2), ramp, "+" + fmt(largest, 2) + unit);
}

/** The key of a heat map from 0 up. */
export function ramp(from, to, colour = "var(--blue)") {
  const ramp = el("i");
  ramp.style.background = `linear-gradient(to right, ${tint(colour, 0)}, ${tint(colour, 0.95)})`;
  return el("span", { class: "ramp" }, from, ramp, to);
}

function axes(svg, { x, y, xTitle, yTitle, width, height, margin, xTicks, yTicks = [5] }) {
  const inner = width - margin.left - margin.right;
  svg.append("g").attr("class", "grid").attr("transform", `translate(${margin.left},0)`)
    .call(d3.axisLeft(y).ticks(...yTicks).tickSize(-inner).tickFormat(""));
  if (x) {
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${height - margin.bottom})`)
      .call(d3.axisBottom(x).ticks(...(xTicks ?? [Math.max(3, Math.floor(inner / 90))])).tickSizeOuter(0));
  }
  svg.append("g").attr("class", "axis").attr("transform", `translate(${margin.left},0)`)
    .call(d3.axisLeft(y).ticks(...yTicks).tickSizeOuter(0)).call((g) => g.select(".domain").remove());
  svg.append("text").attr("class", "title").attr("x", margin.left + inner / 2).attr("y", height - 6).attr("text-anchor", "middle").text(xTitle);
  svg.append("text").attr("class", "title").attr("x", 0).attr("y", 12).text(yTitle);
}

/** Dotted lines to compare with: {y, label}. */
function references(svg, refs, y, left, right) {
  for (const ref of refs) {
    svg.append("line").attr("class", "ref").attr("x1", left).attr("x2", right).attr("y1", y(ref.y)).attr("y2", y(ref.y));
    svg.append("text").attr("x", right).attr("y", y(ref.y) - 5).attr("text-anchor", "end").text(ref.label);
  }
}

/**
 * Lines over a common x. series: {name, colour, points: [[x, y], …], dash, faint, dots}; between: {colour, points: [[x, y0, y1], …]}, a
 * shaded area; refs: {y, label}; mark: an x.
 */
export function lineChart(host, { series, between, xTitle, yTitle, refs = [], mark, xDomain, yDomain, xLog, yLog, xTicks, height = 280, label }) {
  draw(host, (width) => {
    const margin = { top: 26, right: 14, bottom: 42, left: 52 };
    const svg = canvas(host, width, height, label);
    const all = series.flatMap((s) => s.points);
    const finite = all.map((p) => Number(p[1])).filter((v) => Number.isFinite(v) && (!yLog || v > 0)).concat(refs.map((r) => r.y));
    const x = (xLog ? d3.scaleLog() : d3.scaleLinear()).domain(xDomain ?? d3.extent(all, (p) => p[0])).range([margin.left, width - margin.right]);
    const y = (yLog ? d3.scaleLog() : d3.scaleLinear()).domain(yDomain ?? (finite.length ? d3.extent(finite) : [0, 1])).range([height - margin.bottom, margin.top]);
    if (!yDomain) {
      y.nice();
    }
    axes(svg, { x, y, xTitle, yTitle, width, height, margin, yTicks: yLog ? [6, "~e"] : [5], xTicks: xTicks ?? (xLog ? [Math.min(8, Math.floor(width / 70)), "~e"] : undefined) });
    references(svg, refs, y, margin.left, width - margin.right);
    const line = d3.line().defined((p) => Number.isFinite(Number(p[1])) && (!yLog || p[1] > 0)).x((p) => x(p[0])).y((p) => y(p[1]));
    const clip = svg.append("g");
    if (between) {
      clip.append("path").datum(between.points).attr("d", d3.area().x((p) => x(p[0])).y0((p) => y(p[1])).y1((p) => y(p[2]))).style("fill", tint(between.colour, 0.12));
    }
    for (const s of series) {
      clip.append("path").datum(s.points).attr("d", line).attr("fill", "none").style("stroke", s.colour)
        .attr("stroke-width", s.faint ? 1 : 2).attr("opacity", s.faint ? 0.35 : 1).attr("stroke-dasharray", s.dash ?? null).attr("stroke-linejoin", "round");
      if (s.dots) {
        clip.append("g").selectAll("circle").data(s.points).join("circle").attr("cx", (p) => x(p[0])).attr("cy", (p) => y(p[1])).attr("r", 4).style("fill", s.dash ? "var(--card)" : s.colour).style("stroke", s.colour).attr("stroke-width", 1.6)
          .append("title").text((p) => `${s.name}: ${fmt(p[1])}`);
      }
    }
    if (mark != null) {
      svg.append("line").attr("x1", x(mark)).attr("x2", x(mark)).attr("y1", margin.top).attr("y2", height - margin.bottom).style("stroke", "var(--ink)").attr("stroke-width", 1.5);
    }
  });
}

/** Bars in the order given. items: {name, value, colour, title}; the one picked is rust. */
export function barChart(host, { items, xTitle, yTitle, yMax, refs = [], height = 220, label, format = (v) => fmt(v, 3), picked, yTicks }) {
  draw(host, (width) => {
    const margin = { top: 26, right: 8, bottom: 44, left: 50 };
    const svg = canvas(host, width, height, label);
    const x = d3.scaleBand().domain(d3.range(items.length)).range([margin.left, width - margin.right]).padding(0.22);
    const low = Math.min(0, d3.min(items, (i) => i.value) ?? 0);
    const y = d3.scaleLinear().domain([low, yMax ?? (d3.max(items, (i) => i.value) || 1)]).range([height - margin.bottom, margin.top]);
    if (yMax == null) {
      y.nice();
    }
    axes(svg, { y, xTitle, yTitle, width, height, margin, yTicks: yTicks ?? [4] });
    const bars = svg.append("g").selectAll("g").data(items).join("g");
    bars.append("rect").attr("x", (_, i) => x(i)).attr("width", x.bandwidth()).attr("rx", Math.min(3, x.bandwidth() / 4))
      .attr("y", (d) => Math.min(y(0), y(d.value))).attr("height", (d) => Math.abs(y(d.value) - y(0))).style("fill", (d, i) => i === picked ? "var(--rust)" : d.colour ?? "var(--blue)");
    bars.append("title").text((d) => d.title ?? `${d.name}: ${format(d.value)}`);
    const numbers = items.every((d) => /^\d+$/.test(d.name)); // of which every so many-th is enough
    const every = numbers ? Math.ceil(10 * String(items.length).length / x.step()) : 1;
    bars.append("text").attr("class", (_, i) => i === picked ? "strong" : null).datum((d, i) => (i % every ? "" : d.name))
      .call(headings, (_, i) => x(i) + x.bandwidth() / 2, height - margin.bottom + 15, x.step() * every, "end");
    references(svg, refs, y, margin.left, width - margin.right);
  });
}

/** Labels in a row, each as large as its room allows; a BOS that does not fit stands upright. */
function headings(texts, x, y, room, anchor = "start") {
  const upright = (d) => d.length > 2 && d.length < 7 && room < 8.7 * d.length;
  const longest = Math.max(1, ...texts.data().filter((d) => !upright(d)).map((d) => d.length));
  texts.attr("transform", (d, i) => `translate(${x(d, i) + (upright(d) ? 3 : 0)},${upright(d) && anchor === "end" ? y - 9 : y})${upright(d) ? " rotate(-90)" : ""}`)
    .attr("text-anchor", (d) => (upright(d) ? anchor : "middle")).style("font-size", (d) => `${upright(d) ? 8.5 : labelSize(1.3 * room / longest)}px`).text((d) => d);
}

const labelSize = (room) => Math.max(8.5, Math.min(12, room));

/**
 * A square grid of numbers. value(i, j) in [0, 1] gives the strength, or null for no cell; text(i, j) what stands in it.
 */
export function grid(host, { rows, columns, value, text, title, rowTitle, columnTitle, colour = () => "var(--blue)", ring, onPick, most = 30, least = 9, label }) {
  draw(host, (width) => {
    const left = 54;
    const top = 44;
    const size = Math.max(least, Math.min(most, (width - left - 4) / columns.length));
    const svg = canvas(host, Math.max(150, left + size * columns.length + 4), top + size * rows.length + 4, label);
    svg.append("text").attr("x", left).attr("y", 12).text(columnTitle + " →");
    svg.append("text").attr("transform", `translate(11,${top + size * rows.length}) rotate(-90)`).text("← " + rowTitle);
    svg.append("g").selectAll("text").data(columns).join("text").call(headings, (_, j) => left + size * (j + 0.5), top - 7, size);
    svg.append("g").selectAll("text").data(rows).join("text").attr("x", left - 6).attr("y", (_, i) => top + size * (i + 0.5) + 4).attr("text-anchor", "end")
      .style("font-size", (d) => (d === "BOS" ? "9.5px" : `${labelSize(size)}px`)).text((d) => d);
    const cells = rows.flatMap((_, i) => columns.map((_, j) => ({ i, j, v: value(i, j) }))).filter((c) => c.v != null);
    const marks = svg.append("g").selectAll("rect").data(cells).join("rect").attr("x", (c) => left + size * c.j).attr("y", (c) => top + size * c.i)
      .attr("width", size - 1).attr("height", size - 1).attr("rx", size > 16 ? 3 : 1).style("fill", (c) => tint(colour(c.i, c.j), c.v));
    marks.append("title").text((c) => title(c.i, c.j));
    if (onPick) {
      marks.style("cursor", "pointer").on("click", (_, c) => onPick(c.i, c.j));
    }
    if (text && size >= 17) {
      svg.append("g").style("pointer-events", "none").selectAll("text").data(cells).join("text").attr("x", (c) => left + size * (c.j + 0.5) - 0.5).attr("y", (c) => top + size * (c.i + 0.5) + 3.5).attr("text-anchor", "middle")
        .style("font-size", size > 34 ? "12.5px" : size > 24 ? "10.5px" : "9px").style("fill", (c) => (c.v > 0.6 ? "var(--on-colour)" : "var(--ink)")).text((c) => text(c.i, c.j));
    }
    for (const { i, j, colour: ringColour } of ring ?? []) {
      svg.append("rect").attr("x", left + size * j - 1).attr("y", top + size * i - 1).attr("width", size + 1).attr("height", size + 1).attr("rx", 3).attr("fill", "none").style("stroke", ringColour ?? "var(--rust)").attr("stroke-width", 2.5).style("pointer-events", "none");
    }
  });
}

/** Points by group. points: [{x, y, group}]. */
export function scatter(host, { points, colour, xTitle, yTitle, height = 340, label, domain }) {
  draw(host, (width) => {
    const margin = { top: 26, right: 14, bottom: 42, left: 60 };
    const svg = canvas(host, width, height, label);
    const x = d3.scaleLinear().domain(domain).range([margin.left, width - margin.right]);
    const y = d3.scaleLinear().domain(domain).range([height - margin.bottom, margin.top]);
    axes(svg, { x, y, xTitle, yTitle, width, height, margin });
    svg.append("line").attr("class", "ref").attr("x1", x(domain[0])).attr("y1", y(domain[0])).attr("x2", x(domain[1])).attr("y2", y(domain[1]));
    svg.append("g").attr("class", "points").selectAll("circle").data(points).join("circle").attr("r", 2.2).attr("cx", (p) => x(p.x))
      .attr("cy", (p) => y(Math.min(domain[1], Math.max(domain[0], p.y)))).style("fill", (p) => colour(p.group)).attr("opacity", 0.55);
  });
}

/** A vector as a row of cells, blue above 0 and rust below; arrow keys read its numbers. */
export function strip(name, shape, values, largest = Math.max(...values.map(Math.abs))) {
  const cells = values.map((v, i) => {
    const cell = el("i", { title: `${name}[${i}] = ${fmt(v)}` });
    cell.style.background = signed(v, largest);
    return cell;
  });
  const reading = el("span", { class: "value", "aria-live": "polite" });
  let at = -1;
  const read = (i) => {
    cells[at]?.classList.remove("on");
    at = Math.max(0, Math.min(cells.length - 1, i));
    cells[at].classList.add("on");
    reading.textContent = `[${at}] ${fmt(values[at])}`;
  };
  cells.forEach((cell, i) => cell.addEventListener("pointerenter", () => read(i)));
  const row = el("div", { class: "cells", role: "img", tabindex: 0,
    "aria-label": `${name}: ${values.length} numbers from ${fmt(Math.min(...values), 3)} to ${fmt(Math.max(...values), 3)}`,
    onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        event.preventDefault();
        read(at + step);
      }
    } }, cells);
  return el("div", { class: "strip" }, el("span", { class: "what" }, name, shape ? el("small", {}, shape) : null), row, reading);
}

/** Tokens with their ids; those from "cutFrom" on are crossed out. */
export function tokenList(symbols, ids, { cutFrom = Infinity } = {}) {
  return symbols.map((symbol, i) => el("li", { class: "token" + (symbol === "BOS" ? " bos" : "") + (i >= cutFrom ? " cut" : "") },
    symbol, el("small", {}, String(ids[i]))));
}

export function table(head, rows, foot) {
  const line = (cells, tag) => el("tr", cells.now ? { class: "now" } : {}, cells.map((cell) => cell instanceof Node && /T[DH]/.test(cell.tagName) ? cell : el(tag, {}, cell)));
  return el("div", { class: "scroll" }, el("table", {}, el("thead", {}, line(head, "th")), el("tbody", {}, rows.map((row) => line(row, "td"))),
    foot ? el("tfoot", {}, line(foot, "td")) : null));
}

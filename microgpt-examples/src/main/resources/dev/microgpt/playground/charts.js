// The pictures: drawn with d3, coloured by the theme, redrawn when their width or the theme changes.
import { colours, onSigned, onTint, signed, tint } from "./colour.js";
import { saveButton } from "./picture.js";
import { inARow, readable } from "./readout.js";
import { el, fmt } from "./shell.js";

export { colours, signed, tint };

const d3 = globalThis.d3;
const drawn = new Map(); // host → its picture
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const picture = drawn.get(target);
    if (!target.isConnected) {
      drawn.delete(target);
    } else if (picture && target.clientWidth && Math.abs(picture.width - target.clientWidth) > 1) {
      redraw(target);
    }
  }
});

function redraw(host) {
  const picture = drawn.get(host);
  picture.width = host.clientWidth;
  picture.draw(Math.max(260, picture.width));
}

new MutationObserver(() => {
  [...drawn.keys()].filter((host) => host.isConnected).forEach(redraw);
  document.querySelectorAll(".strip .cells").forEach((row) => row.dispatchEvent(new Event("theme")));
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

/** Draws into a host now, and again whenever its width changes. */
export function draw(host, paint) {
  const first = !drawn.has(host);
  if (first) {
    [...drawn.keys()].filter((other) => !other.isConnected).forEach((gone) => drawn.delete(gone));
  }
  drawn.set(host, { draw: paint, width: 0 });
  redraw(host);
  if (first) {
    watcher.observe(host);
  }
}

/** A new picture in a host, in the place of the one that is there; it can be saved. */
export function canvas(host, width, height, label) {
  const svg = d3.create("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img").attr("aria-label", label);
  const old = host.querySelector(":scope > svg");
  if (old) {
    const focused = document.activeElement === old;
    svg.attr("tabindex", "0");
    old.replaceWith(svg.node());
    if (focused) {
      svg.node().focus({ preventScroll: true });
    }
    host.querySelector(":scope > .save")?.setAttribute("aria-label", "save picture: " + label);
  } else {
    host.classList.add("chart");
    host.replaceChildren(svg.node(), saveButton(host, label));
  }
  return svg;
}

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

/** Grid, axes and titles of a picture. */
export function axes(svg, { x, y, xTitle, yTitle, width, height, margin, xTicks, yTicks = [5] }) {
  const inner = width - margin.left - margin.right;
  svg.append("g").attr("class", "grid").attr("transform", `translate(${margin.left},0)`)
    .call(d3.axisLeft(y).ticks(...yTicks).tickSize(-inner).tickFormat(""));
  if (x) {
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${height - margin.bottom})`)
      .call(d3.axisBottom(x).ticks(...(xTicks ?? [Math.max(3, Math.floor(inner / 90))])).tickSizeOuter(0));
  }
  svg.append("g").attr("class", "axis").attr("transform", `translate(${margin.left},0)`)
    .call(d3.axisLeft(y).ticks(...yTicks).tickSizeOuter(0)).call((g) => g.select(".domain").remove())
    .call((g) => g.selectAll("text").filter((v) => v === 0).text("0")); // nothing has no unit
  svg.append("text").attr("class", "title").attr("x", margin.left + inner / 2).attr("y", height - 6).attr("text-anchor", "middle").text(xTitle);
  svg.append("text").attr("class", "title").attr("x", 0).attr("y", 12).text(yTitle);
}

/** Dotted lines to compare with: {y, label}. */
function references(svg, refs, y, left, right) {
  for (const ref of refs) {
    svg.append("line").attr("class", "ref").attr("x1", left).attr("x2", right).attr("y1", y(ref.y)).attr("y2", y(ref.y));
    svg.append("text").attr("class", "halo").attr("x", right).attr("y", y(ref.y) - 5).attr("text-anchor", "end").text(ref.label);
  }
}

/** Names at the ends of lines, moved apart: what a line is shall not hang on its colour alone. */
function endLabels(svg, ends, { top, bottom, inside }) {
  ends.sort((a, b) => a.y - b.y);
  ends.forEach((end, i) => (end.at = Math.max(end.y, i ? ends[i - 1].at + 13 : top)));
  for (let i = ends.length - 1; i >= 0; i--) {
    ends[i].at = Math.min(ends[i].at, i === ends.length - 1 ? bottom : ends[i + 1].at - 13);
  }
  svg.append("g").attr("class", "ends").selectAll("text").data(ends).join("text").attr("x", (e) => (inside ? e.x - 4 : e.x + 7)).attr("y", (e) => e.at + (inside ? -6 : 4))
    .attr("text-anchor", inside ? "end" : "start").attr("class", "halo").style("fill", (e) => e.colour).style("font-size", "11.5px").text((e) => e.name);
}

const shown = (x) => (Number.isInteger(x) ? x.toLocaleString("en-US") : fmt(x, Math.abs(x) < 10 ? 2 : 1));

/**
 * Lines over a common x. series: {name, label, colour, points: [[x, y], …], dash, faint, dots}, of which the label stands at the end of
 * the line; between: {colour, points: [[x, y0, y1], …]}, a shaded area; refs: {y, label}; mark: an x. Returns how to lengthen the lines
 * without drawing anew: a function of the points of each series, and of the mark.
 */
export function lineChart(host, { series, between, xTitle, yTitle, refs = [], mark, xDomain, yDomain, xLog, yLog, xTicks, xFormat = shown, height = 280, label }) {
  let lengthen;
  draw(host, (width) => {
    const labels = series.filter((s) => s.label && s.points.length).map((s) => s.label.length);
    const room = labels.length ? 12 + 6.4 * Math.max(...labels) : 14;
    const inside = width < 560 && room > width / 5; // no room beside the lines
    const margin = { top: 26, right: inside ? 14 : room, bottom: 42, left: 52 };
    const svg = canvas(host, width, height, label);
    const all = series.flatMap((s) => s.points);
    const isDrawn = (p) => Number.isFinite(Number(p[1])) && (!yLog || p[1] > 0);
    const finite = all.filter(isDrawn).map((p) => Number(p[1])).concat(refs.map((r) => r.y));
    const x = (xLog ? d3.scaleLog() : d3.scaleLinear()).domain(xDomain ?? d3.extent(all, (p) => p[0])).range([margin.left, width - margin.right]);
    const y = (yLog ? d3.scaleLog() : d3.scaleLinear()).domain(yDomain ?? (finite.length ? d3.extent(finite) : [0, 1])).range([height - margin.bottom, margin.top]);
    if (!yDomain) {
      y.nice();
    }
    axes(svg, { x, y, xTitle, yTitle, width, height, margin, yTicks: yLog ? [6, "~e"] : [5], xTicks: xTicks ?? (xLog ? [Math.min(8, Math.floor(width / 70)), "~e"] : undefined) });
    references(svg, refs, y, margin.left, width - margin.right);
    const line = d3.line().defined(isDrawn).x((p) => x(p[0])).y((p) => y(p[1]));
    const clip = svg.append("g");
    if (between) {
      clip.append("path").datum(between.points).attr("d", d3.area().x((p) => x(p[0])).y0((p) => y(p[1])).y1((p) => y(p[2]))).style("fill", tint(between.colour, 0.12));
    }
    const paths = series.map((s) => {
      const path = clip.append("path").datum(s.points).attr("d", line).attr("fill", "none").style("stroke", s.colour)
        .attr("stroke-width", s.faint ? 1 : 2).attr("opacity", s.faint ? 0.35 : 1).attr("stroke-dasharray", s.dash ?? null).attr("stroke-linejoin", "round");
      if (s.dots) {
        clip.append("g").selectAll("circle").data(s.points).join("circle").attr("cx", (p) => x(p[0])).attr("cy", (p) => y(p[1])).attr("r", 4).style("fill", s.dash ? "var(--card)" : s.colour).style("stroke", s.colour).attr("stroke-width", 1.6)
          .append("title").text((p) => `${s.name}: ${fmt(p[1])}`);
      }
      return path;
    });
    const ends = series.filter((s) => s.label && s.points.some(isDrawn)).map((s) => {
      const end = s.points.filter(isDrawn).at(-1);
      return { name: s.label, colour: s.colour, x: x(end[0]), y: y(end[1]) };
    });
    endLabels(svg, ends, { top: margin.top, bottom: height - margin.bottom - 4, inside });
    const marked = svg.append("line").attr("y1", margin.top).attr("y2", height - margin.bottom).style("stroke", "var(--ink)").attr("stroke-width", 1.5);
    const moveMark = (at) => marked.attr("visibility", at == null ? "hidden" : null).attr("x1", x(at ?? x.domain()[0])).attr("x2", x(at ?? x.domain()[0]));
    moveMark(mark);

    let stops;
    const findStops = () => (stops ??= [...new Set(series.flatMap((s) => s.points.map((p) => p[0])))].sort((a, b) => a - b));
    const near = (px) => {
      const xs = findStops();
      const i = d3.bisectCenter(xs, x.invert(px));
      return xs.length ? i : -1;
    };
    const read = (i) => {
      const at = findStops()[i];
      const here = series.map((s) => ({ s, point: s.points[d3.bisectLeft(s.points.map((p) => p[0]), at)] })).filter(({ point }) => point && point[0] === at && isDrawn(point));
      return { x: x(at), y: d3.min(here, ({ point }) => y(point[1])) ?? margin.top, line: [x(at), margin.top, x(at), height - margin.bottom],
        text: [`${xTitle.split(/[:,]/)[0]} ${xFormat(at)}`, ...here.map(({ s, point }) => `${s.name ?? yTitle.split(",")[0]} ${fmt(point[1])}`)],
        marks: here.map(({ s, point }) => ({ x: x(at), y: y(point[1]), colour: s.colour })) };
    };
    readable(host, svg, { count: () => findStops().length, near, step: inARow, read });
    lengthen = (points, at) => {
      series.forEach((s, i) => (s.points = points[i]));
      paths.forEach((path, i) => path.attr("d", line(points[i])));
      moveMark(mark = at);
      stops = null;
    };
  });
  return (points, at) => lengthen(points, at);
}

const VISIBLE = 0.2; // pixels that a bar must change by to be drawn anew

/** Bars in the order given. items: {name, value, colour, title}; the one picked is green: what should come. Returns how to change their values. */
export function barChart(host, { items, xTitle, yTitle, yMax, refs = [], height = 220, label, format = (v) => fmt(v, 3), picked, yTicks }) {
  let change;
  draw(host, (width) => {
    const margin = { top: 26, right: 8, bottom: 44, left: 50 };
    const svg = canvas(host, width, height, label);
    const x = d3.scaleBand().domain(d3.range(items.length)).range([margin.left, width - margin.right]).padding(0.22);
    const scale = () => {
      const low = Math.min(0, d3.min(items, (i) => i.value) ?? 0);
      const to = d3.scaleLinear().domain([low, yMax ?? (d3.max(items, (i) => i.value) || 1)]).range([height - margin.bottom, margin.top]);
      return yMax == null ? to.nice() : to;
    };
    const y = scale();
    axes(svg, { y, xTitle, yTitle, width, height, margin, yTicks: yTicks ?? [4] });
    const title = (d) => d.title ?? `${d.name}: ${format(d.value)}`;
    const bars = svg.append("g").selectAll("g").data(items).join("g");
    const upright = (bar) => bar.attr("y", (d) => Math.min(y(0), y(d.value))).attr("height", (d) => Math.abs(y(d.value) - y(0)));
    const drawnAt = items.map((d) => d.value); // what each bar shows now
    const boxes = bars.append("rect").attr("x", (_, i) => x(i)).attr("width", x.bandwidth()).attr("rx", Math.min(3, x.bandwidth() / 4))
      .call(upright).style("fill", (d, i) => i === picked ? "var(--green)" : d.colour ?? "var(--blue)");
    bars.append("title").text((d) => d.name); // the readout has its number
    const numbers = items.every((d) => /^\d+$/.test(d.name)); // of which every so many-th is enough
    const every = numbers ? Math.ceil(10 * String(items.length).length / x.step()) : 1;
    bars.append("text").attr("class", (_, i) => i === picked ? "strong" : null).datum((d, i) => (i % every ? "" : d.name))
      .call(headings, (_, i) => x(i) + x.bandwidth() / 2, height - margin.bottom + 15, x.step() * every, "end");
    references(svg, refs, y, margin.left, width - margin.right);
    readable(host, svg, { count: () => items.length, near: (px) => Math.round((px - margin.left) / x.step() - 0.5), step: inARow,
      read: (i) => ({ x: x(i) + x.bandwidth(), y: y(Math.max(0, items[i].value)), text: [title(items[i])] }) });
    change = (changed) => {
      items = changed;
      if (yMax == null && String(scale().domain()) !== String(y.domain())) {
        redraw(host);
        return;
      }
      const moves = (d, i) => Math.abs(y(drawnAt[i]) - y(d.value)) >= VISIBLE;
      boxes.data(items).filter(moves).call(upright).each((d) => (drawnAt[items.indexOf(d)] = d.value));
    };
  });
  return (changed) => change(changed);
}

/** Labels in a row, each as large as its room allows; a BOS that does not fit stands upright. */
function headings(texts, x, y, room, anchor = "start") {
  const upright = (d) => d.length > 2 && d.length < 7 && room < 8.7 * d.length;
  const longest = Math.max(1, ...texts.data().filter((d) => !upright(d)).map((d) => d.length));
  texts.attr("transform", (d, i) => `translate(${x(d, i) + (upright(d) ? 3 : 0)},${upright(d) && anchor === "end" ? y - 9 : y})${upright(d) ? " rotate(-90)" : ""}`)
    .attr("text-anchor", (d) => (upright(d) ? anchor : "middle")).style("font-size", (d) => `${upright(d) ? 8.5 : labelSize(1.3 * room / longest)}px`).text((d) => d);
}

function setIfOther(node, name, value) {
  if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

const labelSize = (room) => Math.max(8.5, Math.min(12, room));

/**
 * A square grid of numbers. value(i, j) in [0, 1] gives the strength, or null for no cell; text(i, j) what stands in it. Returns how
 * to change some cells, {i, j}, and the frames.
 */
export function grid(host, { rows, columns, value, text, title, rowTitle, columnTitle, colour = () => "var(--blue)", ring = [], onPick, most = 30, least = 9, label }) {
  let change;
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
    const place = new Map(cells.map((c, at) => [c.i * columns.length + c.j, at]));
    const fill = (mark) => mark.style("fill", (c) => tint(colour(c.i, c.j), c.v));
    const marks = svg.append("g").attr("class", "cells").selectAll("rect").data(cells).join("rect").attr("x", (c) => left + size * c.j).attr("y", (c) => top + size * c.i)
      .attr("width", size - 1).attr("height", size - 1).attr("rx", size > 16 ? 3 : 1).call(fill);
    if (onPick) {
      marks.style("cursor", "pointer").on("click", (_, c) => onPick(c.i, c.j));
    }
    const write = (letters) => letters.each(function (c) {
      const fill = onTint(colour(c.i, c.j), c.v);
      if (c.written !== fill) {
        this.style.fill = c.written = fill;
      }
      const inside = String(text(c.i, c.j));
      if (this.textContent !== inside) {
        this.textContent = inside;
      }
    });
    const texts = text && size >= 17 ? svg.append("g").attr("class", "in-cells").style("pointer-events", "none").selectAll("text").data(cells).join("text").attr("x", (c) => left + size * (c.j + 0.5) - 0.5).attr("y", (c) => top + size * (c.i + 0.5) + 3.5).attr("text-anchor", "middle")
      .style("font-size", size > 34 ? "12.5px" : size > 24 ? "10.5px" : "9px").call(write) : null;
    const frames = svg.append("g").style("pointer-events", "none");
    const frame = () => { // frames of a colour are moved, not made anew
      const byColour = d3.groups(ring, (r) => r.colour ?? "var(--rust)");
      frames.selectAll("g").data(byColour, ([name]) => name).join("g").each(function ([name, rings]) {
        const boxes = d3.select(this).selectAll("rect").data(rings).join((more) => more.append("rect").attr("width", size + 1).attr("height", size + 1).attr("rx", 3).attr("fill", "none").style("stroke", name).attr("stroke-width", 2.5), (same) => same);
        boxes.each(function (r) {
          setIfOther(this, "x", left + size * r.j - 1);
          setIfOther(this, "y", top + size * r.i - 1);
        });
      });
    };
    frame();
    readable(host, svg, { count: () => cells.length, pick: onPick && ((at) => onPick(cells[at].i, cells[at].j)),
      near: (px, py) => {
        const [i, j] = [Math.floor((py - top) / size), Math.floor((px - left) / size)];
        return j >= 0 && j < columns.length ? place.get(i * columns.length + j) ?? -1 : -1;
      },
      step: (at, key) => {
        const { i, j } = cells[at];
        const [di, dj] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
        return place.get((i + di) * columns.length + j + dj) ?? at;
      },
      read: (at) => {
        const { i, j } = cells[at];
        return { x: left + size * (j + 1), y: top + size * i, text: [title(i, j)], marks: [{ x: left + size * j, y: top + size * i, frame: size - 1, colour: "var(--ink)" }] };
      } });
    change = (changed, framed) => {
      const at = new Set(changed.map((c) => place.get(c.i * columns.length + c.j)));
      at.forEach((k) => (cells[k].v = value(cells[k].i, cells[k].j)));
      const one = (_, k) => at.has(k);
      marks.filter(one).call(fill);
      texts?.filter(one).call(write);
      ring = framed;
      frame();
    };
  });
  return (changed, framed) => change(changed, framed);
}

/** Points by group. points: [{x, y, group}]; name(point) says which one it is. */
export function scatter(host, { points, colour, xTitle, yTitle, height = 340, label, domain, name = () => "" }) {
  draw(host, (width) => {
    const margin = { top: 26, right: 14, bottom: 42, left: 60 };
    const svg = canvas(host, width, height, label);
    const x = d3.scaleLinear().domain(domain).range([margin.left, width - margin.right]);
    const y = d3.scaleLinear().domain(domain).range([height - margin.bottom, margin.top]);
    axes(svg, { x, y, xTitle, yTitle, width, height, margin });
    svg.append("line").attr("class", "ref").attr("x1", x(domain[0])).attr("y1", y(domain[0])).attr("x2", x(domain[1])).attr("y2", y(domain[1]));
    const py = (p) => y(Math.min(domain[1], Math.max(domain[0], p.y)));
    svg.append("g").attr("class", "points").selectAll("circle").data(points).join("circle").attr("r", 2.2).attr("cx", (p) => x(p.x))
      .attr("cy", py).style("fill", (p) => colour(p.group)).attr("opacity", 0.55);
    const order = d3.sort(points, (p) => p.x);
    const tree = d3.quadtree(order, (p) => x(p.x), py);
    readable(host, svg, { count: () => order.length, near: (a, b) => order.indexOf(tree.find(a, b)), step: inARow,
      read: (i) => {
        const p = order[i];
        return { x: x(p.x), y: py(p), text: [name(p), `${xTitle.split(",")[0]} ${fmt(p.x, 6)}`, `${yTitle.split(",")[0]} ${fmt(p.y, 6)}`].filter(Boolean), marks: [{ x: x(p.x), y: py(p), colour: colour(p.group) }] };
      } });
  });
}

const WIDE = 34; // pixels of a cell in which a number fits

const numbered = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    target.classList.toggle("numbered", target.clientWidth / target.children.length >= WIDE);
  }
});

/** A vector as a row of cells, blue above 0 and rust below, with its numbers where there is room; arrow keys read them. */
export function strip(name, shape, values, largest = Math.max(...values.map(Math.abs))) {
  const cells = values.map((v, i) => {
    const cell = el("i", { title: `${name}[${i}] = ${fmt(v)}`, "data-number": v.toFixed(2).replace(/^-?0\.00$/, "0").replace(/^(-?)0\./, "$1.").replace("-", "−") });
    cell.style.background = signed(v, largest);
    return cell;
  });
  const write = () => cells.forEach((cell, i) => (cell.style.color = onSigned(values[i], largest)));
  write();
  const reading = el("span", { class: "value" });
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
    ontheme: write,
    onfocus: () => reading.setAttribute("aria-live", "polite"), // it speaks of what keys have read, not of where a mouse went
    onblur: () => reading.removeAttribute("aria-live"),
    onkeydown: (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) {
        event.preventDefault();
        read(at + step);
      }
    } }, cells);
  numbered.observe(row);
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

/** Shows rows of texts in the body of a table that is there, and touches only the cells that change. */
export function setRows(body, rows) {
  while (body.rows.length > rows.length) {
    body.lastChild.remove();
  }
  rows.forEach((texts, i) => {
    const row = body.rows[i] ?? body.insertRow();
    texts.forEach((text, j) => {
      const cell = row.cells[j] ?? row.insertCell();
      if (!cell.firstChild) {
        cell.textContent = text;
      } else if (cell.firstChild.data !== text) {
        cell.firstChild.data = text;
      }
    });
  });
}

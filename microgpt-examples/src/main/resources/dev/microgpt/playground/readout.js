// Reading the values of a picture: with a pointer, a finger, or the arrow keys.
import { el } from "./shell.js";

const spoken = el("p", { class: "unseen spoken", "aria-live": "polite" });
document.body.append(spoken);

const places = new WeakMap(); // host → where it is being read, to be shown again when it is redrawn

/**
 * Makes a picture readable. stops: {count, near(x, y), step(i, key), read(i)}: the stop nearest to a point, the one that an arrow key
 * leads to, and what stands there: {x, y, text: [lines], marks: [{x, y, colour}]}. A stop may be picked by Enter.
 */
export function readable(host, svg, { count, near, step, read, pick }) {
  const box = el("div", { class: "readout", hidden: true, "aria-hidden": "true" });
  host.querySelector(":scope > .readout")?.remove();
  host.append(box);
  const layer = svg.append("g").attr("class", "reader").attr("aria-hidden", "true").style("pointer-events", "none");
  const node = svg.node();

  const hide = () => {
    places.delete(host);
    box.hidden = true;
    layer.selectAll("*").remove();
  };
  const show = (i, { aloud = false } = {}) => {
    if (!(i >= 0 && i < count())) {
      hide();
      return;
    }
    places.set(host, i);
    const { x, y, text, marks = [], line } = read(i);
    layer.selectAll("line").data(line ? [line] : []).join("line").attr("x1", (l) => l[0]).attr("y1", (l) => l[1]).attr("x2", (l) => l[2]).attr("y2", (l) => l[3]).style("stroke", "var(--soft)");
    layer.selectAll("path").data(marks).join("path").attr("d", (m) => m.frame ? `M${m.x},${m.y}h${m.frame}v${m.frame}h${-m.frame}z` : `M${m.x - 4},${m.y}a4,4 0 1 0 8,0a4,4 0 1 0 -8,0`)
      .style("fill", (m) => (m.frame ? "none" : m.colour)).style("stroke", (m) => (m.frame ? m.colour : "var(--card)")).attr("stroke-width", (m) => (m.frame ? 2.5 : 1.5));
    box.replaceChildren(...text.map((part, k) => (k ? el("span", {}, part) : el("b", {}, part))));
    box.hidden = false;
    const scale = node.clientWidth / node.viewBox.baseVal.width || 1;
    const room = host.clientWidth;
    const left = x * scale + 14 + box.offsetWidth > room ? x * scale - 14 - box.offsetWidth : x * scale + 14;
    box.style.left = `${Math.max(0, Math.min(left, room - box.offsetWidth))}px`;
    box.style.top = `${Math.max(0, y * scale - box.offsetHeight - 8)}px`;
    if (aloud) {
      spoken.textContent = text.join(", ");
    }
  };
  const point = (event) => {
    const rectangle = node.getBoundingClientRect();
    const scale = rectangle.width / node.viewBox.baseVal.width || 1;
    show(near((event.clientX - rectangle.left) / scale, (event.clientY - rectangle.top) / scale));
  };
  node.setAttribute("tabindex", "0");
  node.setAttribute("aria-description", "arrow keys read its values" + (pick ? ", Enter chooses" : ""));
  node.addEventListener("pointermove", point);
  node.addEventListener("pointerdown", point);
  node.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && document.activeElement !== node && hide());
  node.addEventListener("blur", () => node.isConnected && hide()); // not because it is drawn anew
  node.addEventListener("keydown", (event) => {
    const at = places.get(host);
    if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") {
      event.preventDefault();
      const to = event.key === "Home" ? 0 : event.key === "End" ? count() - 1 : at == null ? 0 : step(at, event.key);
      show(Math.max(0, Math.min(count() - 1, to)), { aloud: true });
    } else if (event.key === "Escape") {
      hide();
    } else if ((event.key === "Enter" || event.key === " ") && pick && at != null) {
      event.preventDefault();
      pick(at);
    }
  });
  if (places.has(host)) {
    show(places.get(host));
  }
}

/** Left and up go back, right and down go on. */
export const inARow = (i, key) => i + (key === "ArrowRight" || key === "ArrowDown" ? 1 : -1);

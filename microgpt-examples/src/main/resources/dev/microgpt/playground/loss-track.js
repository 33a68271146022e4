// The losses of a run as the track of a slider: the steps are chosen on the curve itself.
import { el, fmt, whole } from "./shell.js";

const d3 = globalThis.d3;
const HEIGHT = 104;
const FLOOR = 64; // of the curve; the slider lies under it, the labels under that
const THUMB = 11; // half of it: where the first and the last step lie

export class LossTrack {
  element;
  #input;
  #curve = el("div", { class: "track-curve" });
  #run;
  #step = 0;

  /** onChoose is told the step that the reader chooses, counted from 0. */
  constructor(onChoose) {
    this.#input = el("input", { type: "range", min: 1, max: 1, value: 1, "aria-label": "step of the run", oninput: () => onChoose(Number(this.#input.value) - 1) });
    this.element = el("div", { class: "track" }, this.#curve, this.#input);
    new ResizeObserver(() => this.#draw()).observe(this.#curve);
  }

  /** run: the answer to loop/run. */
  show(run) {
    this.#run = run;
    this.#input.max = run.losses.length;
    this.#draw();
  }

  at(step, text) {
    this.#step = step;
    this.#input.value = step + 1;
    this.#input.setAttribute("aria-valuetext", text);
    this.#curve.querySelector(".track-now")?.setAttribute("transform", `translate(${this.#x(step)},0)`);
  }

  #x(step) {
    return THUMB + step / Math.max(1, this.#run.losses.length - 1) * (this.#curve.clientWidth - 2 * THUMB);
  }

  #draw() {
    const width = this.#curve.clientWidth;
    if (!this.#run || width === 0) {
      return;
    }
    const { losses, means, chance } = this.#run;
    const y = d3.scaleLinear().domain(d3.extent([...losses, chance])).range([FLOOR - 4, 14]);
    const line = d3.line().x((_, i) => this.#x(i)).y(y);
    this.#curve.replaceChildren();
    const svg = d3.select(this.#curve).append("svg").attr("width", width).attr("height", HEIGHT).attr("viewBox", `0 0 ${width} ${HEIGHT}`).attr("role", "img")
      .attr("aria-label", `loss of each step, from ${fmt(losses[0], 3)} to ${fmt(losses.at(-1), 3)} nats; mean of the last 50 from ${fmt(means[0], 3)} to ${fmt(means.at(-1), 3)}`);
    svg.append("line").attr("class", "ref").attr("x1", THUMB).attr("x2", width - THUMB).attr("y1", y(chance)).attr("y2", y(chance));
    svg.append("path").attr("d", line(losses)).attr("class", "track-raw");
    svg.append("path").attr("d", line(means)).attr("class", "track-mean");
    svg.append("text").attr("class", "halo").attr("x", width - THUMB).attr("y", y(chance) - 5).attr("text-anchor", "end").text(`ln ${Math.round(Math.exp(chance))}, guessing`);
    svg.append("text").attr("class", "halo").attr("x", width - THUMB).attr("y", y(means.at(-1)) + 26).attr("text-anchor", "end").text(`mean of the last 50, at the end: ${fmt(means.at(-1), 3)}`);
    const every = losses.length / (width < 500 ? 2 : 5);
    for (let s = 0; s <= losses.length; s += every) {
      const step = Math.max(1, s);
      svg.append("text").attr("x", this.#x(step - 1)).attr("y", HEIGHT - 2).attr("text-anchor", s === 0 ? "start" : s === losses.length ? "end" : "middle").text(s === 0 ? "step 1" : whole(step));
    }
    svg.append("line").attr("class", "track-now").attr("y1", 2).attr("y2", FLOOR + 12).attr("transform", `translate(${this.#x(this.#step)},0)`);
  }
}

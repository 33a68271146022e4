// A panel that watches stages learn, live: #start, #stop, a chart, a key and a reading whose ids begin with the panel's.
import { $, Panel, el, fmt, listen, startAndStop, whole } from "./shell.js";
import { colours, lineChart, table } from "./charts.js";

const DASHES = { 2: "2 5", early: "7 4" };

export class Training {
  #panel;
  #id;
  #options;
  #losses = {};
  #means = {};
  #hidden = new Set();
  #steps;

  constructor(selector, options) {
    this.#panel = new Panel(selector);
    this.#id = selector;
    this.#options = options;
    this.#steps = options.steps();
    this.#recall();
    startAndStop(this.#panel.$("#start"), this.#panel.$("#stop"), (signal) => this.#run(signal));
    this.#draw();
  }

  #part(name) {
    return $(`${this.#id}-${name}`);
  }

  async #run(signal) {
    const stages = this.#options.stages();
    this.#steps = this.#options.steps();
    this.#losses = Object.fromEntries(stages.map((stage) => [stage, []]));
    this.#means = Object.fromEntries(stages.map((stage) => [stage, []]));
    this.#legend(stages);
    let end;
    await this.#panel.run(() => listen("training/run", { stages, steps: this.#steps, stepsPerSecond: this.#options.pace() }, (event) => {
      if (event.done) {
        end = event;
        return;
      }
      stages.forEach((stage, i) => {
        this.#losses[stage].push(...event.losses[i]);
        this.#means[stage].push(...event.means[i]);
      });
      this.#draw();
      this.#part("reading").replaceChildren("step ", el("b", {}, whole(this.#done())), ` of ${whole(this.#steps)}`);
    }, signal));
    if (end) {
      this.#keep(stages, end);
      this.#part("reading").replaceChildren(this.#result(stages, end));
    } else if (signal.aborted) {
      this.#part("reading").replaceChildren("stopped after step ", el("b", {}, whole(this.#done())));
    }
  }

  /** The last run stays while the reader looks at other pages. */
  #keep(stages, end) {
    const run = { stages, steps: this.#steps, losses: this.#losses, means: this.#means, end };
    sessionStorage.setItem(this.#key(), JSON.stringify(run, (_, value) => (typeof value === "number" ? Number(value.toPrecision(7)) : value)));
  }

  #recall() {
    const run = JSON.parse(sessionStorage.getItem(this.#key()));
    if (run) {
      [this.#steps, this.#losses, this.#means] = [run.steps, run.losses, run.means];
      this.#legend(run.stages);
      this.#part("reading").replaceChildren(this.#result(run.stages, run.end));
    }
  }

  #key() {
    return location.pathname + this.#id;
  }

  #done() {
    return Math.max(0, ...Object.values(this.#losses).map((l) => l.length));
  }

  #result(stages, end) {
    const last = Math.min(100, this.#steps);
    return table([el("th", { class: "text" }, "stage"), "loss of the last step", `mean of the last ${last}`, `next ${whole(end.unseenDocuments)} names, unseen`],
      stages.map((stage, i) => [this.#options.names[stage], fmt(this.#losses[stage].at(-1)),
        el("td", { class: "mean" + stage }, fmt(end.meanOfLast[i])), end.unseenDocuments ? fmt(end.unseen[i]) : "–"]));
  }

  #legend(stages) {
    this.#part("key").replaceChildren(el("ul", { class: "legend" }, stages.map((stage) => {
      const mark = el("i", { class: DASHES[stage] ? "dash" : "" });
      mark.style.color = colours[stage];
      const box = el("input", { type: "checkbox", checked: true, onchange: () => {
        box.checked ? this.#hidden.delete(String(stage)) : this.#hidden.add(String(stage));
        this.#draw();
      } });
      return el("li", {}, el("label", {}, box, mark, this.#options.names[stage]));
    })));
    this.#hidden.clear();
  }

  #draw() {
    const visible = Object.keys(this.#losses).filter((stage) => !this.#hidden.has(stage));
    const line = (values) => values.map((v, i) => [i + 1, v]);
    const single = visible.length < 3;
    const { chance } = this.#options;
    lineChart(this.#part("chart"), {
      label: "loss of each stage against the training step", xTitle: "training step", yTitle: "loss, nats per token", height: 320,
      series: [
        ...(single ? visible.map((stage) => ({ name: `${this.#options.names[stage]}, this name`, colour: colours[stage], points: line(this.#losses[stage]), faint: true })) : []),
        ...visible.map((stage) => ({ name: this.#options.names[stage], label: this.#options.names[stage], colour: colours[stage], points: line(this.#means[stage]), dash: DASHES[stage] })),
      ],
      xDomain: [0, this.#steps], yDomain: this.#done() === 0 ? [chance - 1.5, chance + 0.5] : null,
      refs: [{ y: chance, label: `guessing (chance): ln V = ${fmt(chance)}` }],
    });
  }
}

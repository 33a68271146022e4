// The learning rate of each step: two programs, two ways down.
import { Panel, $, ask, el, fmt } from "./shell.js";
import { legend, lineChart } from "./charts.js";

const panel = new Panel("#schedule");
const PROGRAMS = [
  { stage: "5", name: "stage 5: a straight line", colour: "var(--blue)", dash: null },
  { stage: "early", name: "the early program: a cosine", colour: "var(--gold)", dash: "7 5" },
];

await panel.run(async () => {
  const runs = await Promise.all(PROGRAMS.map(({ stage }) => ask("loop/run", { stage })));
  lineChart($("#schedule-chart"), { label: "learning rate of each step of stage 5 and of the early program", xTitle: "share of the run", yTitle: "learning rate", height: 240, xDomain: [0, 1], yDomain: [0, Math.max(...runs.flatMap((r) => r.rates))],
    series: runs.map((r, i) => ({ ...PROGRAMS[i], points: r.rates.map((rate, step) => [step / r.rates.length, rate]) })) });
  $("#schedule-key").replaceChildren(legend(PROGRAMS.map(({ name, colour }) => ({ name: name + (colour === "var(--gold)" ? " (dashed)" : ""), colour }))));
  const at = (r, share) => r.rates[Math.floor(share * r.rates.length)];
  $("#schedule-reading").replaceChildren("Both begin at ", el("b", {}, fmt(runs[0].rates[0], 2)), `. After a quarter of the run the line has ${fmt(at(runs[0], 0.25), 5)}, the cosine still ${fmt(at(runs[1], 0.25), 5)}; after three quarters ${fmt(at(runs[0], 0.75), 5)} and ${fmt(at(runs[1], 0.75), 5)}.`);
});

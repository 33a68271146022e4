import { $, Panel, ask, askFile, bindSlider, el, fmt, listen, sample, some, whole } from "./shell.js";
import { exercises } from "./answers.js";
import { keeping } from "./post.js";
import { bindWord } from "./words.js";
import { barChart, legend, lineChart, table } from "./charts.js";

const ELEMENTS = "hydrogen helium lithium beryllium boron carbon nitrogen oxygen fluorine neon sodium magnesium aluminium silicon phosphorus sulfur chlorine argon potassium calcium scandium titanium vanadium chromium manganese iron cobalt nickel copper zinc gallium germanium arsenic selenium bromine krypton rubidium strontium yttrium zirconium niobium molybdenum technetium ruthenium rhodium palladium silver cadmium indium tin antimony tellurium iodine xenon caesium barium lanthanum cerium praseodymium neodymium promethium samarium europium gadolinium terbium dysprosium holmium erbium thulium ytterbium lutetium hafnium tantalum tungsten rhenium osmium iridium platinum gold mercury thallium lead bismuth polonium astatine radon francium radium actinium thorium protactinium uranium neptunium plutonium americium curium berkelium californium einsteinium fermium mendelevium nobelium lawrencium rutherfordium dubnium seaborgium bohrium hassium meitnerium darmstadtium roentgenium copernicium nihonium flerovium moscovium livermorium tennessine oganesson".split(" ").join("\n");
const POINTS = 600; // of a line: more cannot be seen

// ---- the list, and what fits it

const list = new Panel("#list");
const fit = new Panel("#fit");
const sliders = ["steps", "embedDim", "headCount", "layerCount"];
sliders.forEach((name) => bindSlider($("#" + name), whole));
let fitting;

const settings = () => ({ ...Object.fromEntries(sliders.map((name) => [name, Number($("#" + name).value)])), learningRate: $("#learningRate").valueAsNumber });

const showSize = () => fit.run(async () => {
  const { embedDim, headCount, layerCount, steps } = settings();
  const { total } = await ask("heads/parameters", { vocabSize: fitting.vocabSize, blockSize: fitting.blockSize, embedDim, headCount, layerCount });
  $("#fit-reading").replaceChildren(el("b", { id: "weights" }, whole(total)), ` weights; blockSize ${fitting.blockSize}; ${fitting.batchSize} texts a step, so that each is read `,
    el("b", {}, fmt(steps * fitting.batchSize / (fitting.documents - fitting.heldOut), 1)), " times.");
});

function refit() {
  for (const name of sliders) {
    $("#" + name).value = fitting[name];
    $("#" + name).dispatchEvent(new Event("input"));
  }
  $("#learningRate").value = Number(fitting.learningRate.toPrecision(6));
  return showSize();
}

const showList = () => list.show("own/settings", { list: $("#words").value }, async (s) => {
  fitting = s;
  $("#list-reading").replaceChildren(el("b", {}, whole(s.documents)), ` ${s.documents === 1 ? "text" : "texts"}, ${whole(s.distinct)} of them different, of ${some(s.vocabSize - 1, "character")}. `,
    s.heldOut ? el("span", {}, el("b", {}, whole(s.heldOut)), " are held out.") : "None is held out: there are fewer than 50.");
  await refit();
});

function take(text) {
  $("#words").value = text;
  return showList();
}

$("#names").addEventListener("click", async () => take((await ask("own/example")).list));
$("#elements").addEventListener("click", () => take(ELEMENTS));
$("#file").addEventListener("change", async () => $("#file").files[0] && take(await $("#file").files[0].text()));
$("#refit").addEventListener("click", refit);

// ---- the training

const learn = new Panel("#learn");
const BLUE = "var(--blue)", RUST = "var(--rust)", GOLD = "var(--gold)";
let run = { losses: [], means: [], held: [], moments: [], steps: 0, meanOf: 0 };
let model; // the id of the finished one

const thin = (values) => {
  const every = Math.ceil(values.length / POINTS);
  return values.map((v, i) => [i + 1, v]).filter((_, i) => i % every === 0 || i === values.length - 1);
};

function drawRun() {
  const top = run.chance ?? Math.log(fitting.vocabSize);
  const refs = [{ y: top, label: `guessing (chance): ln V = ${fmt(top)}` }];
  const bigram = run.bigram > 0;
  lineChart($("#learn-chart"), { label: "training loss and held-out loss against the training step", xTitle: "training step", yTitle: "loss, nats per token", height: 320,
    series: [{ name: "this step", colour: BLUE, points: thin(run.losses), faint: true }, { name: "training", label: "training", colour: BLUE, points: thin(run.means) }, { name: "held out", label: "held out", colour: RUST, points: run.held },
      ...(bigram ? [{ name: "counting pairs", label: "counting", colour: GOLD, dash: "6 4", points: [[0, run.bigram], [run.steps, run.bigram]] }] : [])],
    refs, xDomain: [0, run.steps || fitting.steps], yDomain: run.losses.length ? null : [top - 1.2, top + 0.3] });
  $("#learn-key").replaceChildren(legend([{ name: run.meanOf > 1 ? `training loss: each step faint, the mean of the last ${run.meanOf} strong` : "training loss", colour: BLUE },
    { name: "held-out loss of the GPT", colour: RUST }, ...(bigram ? [{ name: `held-out loss of counting pairs: ${fmt(run.bigram)}`, colour: GOLD }] : [])]));
}

const clock = (seconds) => (seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`);

function showMoment(moment) {
  run.moments.push(moment);
  if (moment.heldOutLoss >= 0) {
    run.held.push([moment.step, moment.heldOutLoss]);
    $("#now-held").textContent = fmt(moment.heldOutLoss);
  }
  $("#moments").replaceChildren(el("h3", {}, "What it writes on the way"), table(["after step", "held-out loss", el("th", { class: "text" }, "samples, those in the list underlined")],
    run.moments.map((m) => [whole(m.step), m.heldOutLoss >= 0 ? fmt(m.heldOutLoss) : "–",
      el("td", { class: "text mono" }, m.samples.flatMap((s, i) => [i ? " · " : "", s.inList ? el("u", { title: "in the list" }, s.text) : s.text || "∅"]))])));
}

function showSteps(event) {
  run.losses.push(...event.losses);
  run.means.push(...event.means);
  $("#now-step").textContent = `${whole(run.losses.length)} of ${whole(run.steps)}`;
  $("#now-loss").textContent = fmt(run.means.at(-1));
  $("#now-speed").textContent = whole(Math.round(event.tokensPerSecond));
  $("#now-left").textContent = clock(event.secondsLeft);
}

let stopping;
function begin(event) {
  run = { losses: [], means: [], held: [], moments: [], ...event };
  stopping = () => {
    stopping = null;
    $("#stop").disabled = true;
    run.stopped = true;
    ask("own/stop", { id: run.id });
  };
  $("#stop").disabled = false;
  $("#mean-name").textContent = `training loss, mean of the last ${run.meanOf}`;
  $("#now-held").textContent = "–";
  $("#moments").replaceChildren();
}

const KEPT = "own"; // the last run, while the reader looks at other pages

function keep(event) {
  const all = { list: $("#words").value, settings: settings(), run, event };
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(all, (_, value) => (typeof value === "number" ? Number(value.toPrecision(9)) : value)));
  } catch {
    sessionStorage.removeItem(KEPT); // too large for this browser
  }
}

function bringBack({ settings: used, event, ...kept }) {
  for (const [name, value] of Object.entries(used)) {
    $("#" + name).value = value;
    $("#" + name).dispatchEvent(new Event("input"));
  }
  run = kept.run;
  const moments = run.moments.splice(0);
  run.held = [];
  moments.forEach(showMoment);
  $("#mean-name").textContent = `training loss, mean of the last ${run.meanOf}`;
  $("#now-step").textContent = run.file ? "–" : `${whole(run.losses.length)} of ${whole(run.steps)}`;
  $("#now-loss").textContent = run.means.length ? fmt(run.means.at(-1)) : "–";
  end(event);
}

function end(event) {
  model = run.id;
  if (run.file) {
    $("#learn-reading").replaceChildren(`From the file ${run.file}: `, el("b", { id: "end-step" }, whole(event.steps)), " steps. What it was trained on it knows by a fingerprint only.");
    showReport(event);
    return;
  }
  const why = event.steps >= run.steps ? "all its steps are made" : run.stopped ? "you stopped it" : event.timeIsUp ? "its time, ten minutes, was up" : "the held-out loss had not fallen for a while";
  $("#learn-reading").replaceChildren("Ended after step ", el("b", { id: "end-step" }, whole(event.steps)), `: ${why}. `,
    run.held.length ? "What is kept is the model that was best on the held-out texts." : "");
  $("#now-left").textContent = "0 s";
  showReport(event);
}

$("#stop").addEventListener("click", () => stopping?.());
$("#start").addEventListener("click", async () => {
  $("#start").disabled = true;
  $("#learn-reading").textContent = "";
  let drawing = 0;
  let ended = false;
  await learn.run(async () => {
    await listen("own/train", { list: $("#words").value, ...settings() }, (event) => {
      if (event.begin) {
        begin(event.begin);
      } else if (event.steps) {
        showSteps(event.steps);
      } else if (event.moment) {
        showMoment(event.moment);
      } else {
        ended = true;
        end(event.end);
        keep(event.end);
      }
      cancelAnimationFrame(drawing);
      drawing = requestAnimationFrame(drawRun);
    });
    if (!ended) {
      throw new Error("The training broke off. Is the playground still running?");
    }
  });
  $("#start").disabled = false;
  $("#stop").disabled = true;
});

const LARGEST = 16 * 1024 * 1024; // bytes of a file

$("#load").addEventListener("change", () => $("#load").files[0] && learn.run(async () => {
  const file = $("#load").files[0];
  $("#load").value = ""; // so that the same one can be taken again
  if (file.size > LARGEST) {
    throw new Error(`${file.name} has ${whole(file.size)} bytes, more than ${whole(LARGEST)}`);
  }
  const loaded = await ask("own/load", file);
  run = { id: loaded.id, file: file.name, losses: [], means: [], held: [], moments: [], steps: loaded.end.steps, meanOf: 1 };
  for (const fact of ["now-step", "now-loss", "now-held", "now-speed", "now-left"]) {
    $("#" + fact).textContent = "–";
  }
  $("#moments").replaceChildren();
  end(loaded.end);
  keep(loaded.end);
  drawRun();
}));

// ---- the report

const result = new Panel("#result");

function showReport(r) {
  $("#report").hidden = false;
  $("#verdict").textContent = "Is the GPT worth it for this list? " + r.conclusion;
  $("#warnings").replaceChildren(...r.warnings.map((w) => el("p", { class: "problem" }, w)));
  const row = (name, loss, id) => [el("td", { class: "text" }, name), el("td", { id }, loss < 0 ? "–" : fmt(loss)), loss < 0 ? "–" : fmt(Math.exp(loss), 1)];
  $("#losses").replaceChildren(table([el("th", { class: "text" }, "model"), "nats per token", "as unsure as among so many characters"],
    [...(r.both < 0 ? [] : [row(`GPT and n-grams mixed, ${fmt(r.gptWeight, 2)} of it GPT`, r.both, "loss-both")]),
      Object.assign(row("the GPT", r.gpt, "loss-gpt"), { now: true }), ...(r.ngram < 0 ? [] : [row(`counting n-grams (order ${r.ngramOrder})`, r.ngram, "loss-ngram")]),
      row("counting pairs (bigram)", r.bigram, "loss-bigram"), row("counting characters (unigram)", r.unigram, "loss-unigram"), row("chance", r.chance, "loss-chance")]));
  $("#nearest").replaceChildren(r.nearest.length ? table([el("th", { class: "text" }, "new"), el("th", { class: "text" }, "nearest in the list"), "characters to change"],
    r.nearest.map((n) => [el("td", { class: "text mono" }, n.sample), el("td", { class: "text mono" }, n.trained), n.edits])) : el("p", { class: "note" }, "There is no new one."));
  const kinds = [["new", r.novelty.fresh, "var(--green)"], ["in the list, trained on", r.novelty.trained, RUST], ["in the list, held out", r.novelty.heldOut, "var(--violet)"], ["new, but again", r.novelty.repeated, GOLD], ["empty", r.novelty.empty, "var(--soft)"]];
  barChart($("#novelty"), { label: "where the samples come from: " + kinds.map(([name, n]) => `${name} ${n}`).join(", "), xTitle: "where a sample comes from, and how often", yTitle: `of ${whole(r.novelty.samples)} samples`, yMax: r.novelty.samples,
    items: kinds.map(([name, value, colour]) => ({ name: whole(value), value, colour, title: `${name}: ${value}` })) });
  $("#novelty-key").replaceChildren(legend(kinds.map(([name, , colour]) => ({ name, colour, shape: "box" }))));
  $("#report-text").textContent = r.text;
  $("#samples").replaceChildren(...r.samples.map(sample));
  $("#generate").disabled = $("#score").disabled = false;
}

$("#save").addEventListener("click", () => result.run(async () => {
  const url = URL.createObjectURL(await askFile("own/file", { id: model }));
  el("a", { href: url, download: "model.safetensors" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}));

// ---- using it

const use = new Panel("#use");
const scoring = new Panel("#scoring"); // what was generated stays when a score is refused
bindSlider($("#temperature"), (v) => fmt(v, 2));
await bindWord($("#word"), { quiet: true }); // the list is another
let seed = 1;
$("#generate").addEventListener("click", () => use.run(async () => {
  const answer = await ask("own/generate", { id: model, count: 20, prefix: $("#prefix").value, pattern: $("#pattern").value, temperature: Number($("#temperature").value), novelOnly: $("#novel").checked, seed: seed++ });
  $("#samples").replaceChildren(...answer.samples.map(sample));
  if (answer.problem) {
    throw new Error(answer.problem);
  }
}));
const score = () => scoring.show("own/score", { id: model, word: $("#word").value }, (s) => {
  $("#score-reading").replaceChildren("“" + s.word + "” costs ", el("b", { id: "score-loss" }, fmt(s.loss)), ` nats per token: as unsure as among ${fmt(s.perplexity, 1)} characters. `,
    s.inList ? "It is in the list." : "It is not in the list.", s.cut ? " It is too long: what the model does not read, its end too, costs what chance costs." : "");
  barChart($("#score-chart"), { label: "surprise at each character of the word and at its end", xTitle: "what really came", yTitle: "−ln p, nats", height: 220,
    items: s.predictions.map((p) => ({ name: p.character === "" ? "end" : p.character === " " ? "␣" : p.character, value: p.loss, colour: p.character === "" ? RUST : BLUE, title: `${p.character || "end"}: probability ${fmt(Math.exp(-p.loss))}` })),
    refs: [{ y: s.loss, label: "mean" }] });
});
$("#score").addEventListener("click", score);
$("#word").addEventListener("keydown", (event) => event.key === "Enter" && model && score());

// ---- the beginning

$("#keeping").textContent = keeping;

const kept = JSON.parse(sessionStorage.getItem(KEPT));
await list.run(async () => {
  $("#words").value = kept?.list ?? (await ask("own/example")).list;
  await showList();
  if (kept) {
    bringBack(kept);
  }
});
drawRun();
let typing;
$("#words").addEventListener("input", () => {
  $("#list").dataset.state = "busy";
  clearTimeout(typing);
  typing = setTimeout(showList, 250);
});
let sizing; // of its own: an answer that fits the sliders must not stop what is being typed
[...sliders, "learningRate"].forEach((name) => $("#" + name).addEventListener("input", () => {
  clearTimeout(sizing);
  sizing = setTimeout(showSize, 20);
}));
for (const panel of [learn, result, use]) {
  panel.run(async () => {});
}

const fits = async (words) => ask("own/settings", { list: words });
exercises({
  chance: { answer: async () => Math.log((await fits("ab\nba")).vocabSize), tolerance: 0.005 },
  few: { answer: async () => (await fits(ELEMENTS.split("\n").slice(0, 40).join("\n"))).heldOut },
  steps: { answer: async () => (await fits(ELEMENTS)).steps },
});

// The network of a stage with a letter on its way through it, forward and backward, and above it, if wanted, that of the stage before.
// The section says what is shown at first: data-stage, data-way, data-above.
import { $, Panel, ask, bindSlider, choice, el, fmt, refill, whole } from "./shell.js";
import { recall, recallNumber, remember } from "./address.js";
import { bindWord } from "./words.js";
import { NetworkDrawing } from "./network-drawing.js";
import { Shape } from "./network-shape.js";
import { icon, shareWord } from "./player.js";
import { newIn, reach, share, stationsOf } from "./network-words.js";

const STAGES = [1, 2, 3, 4, 5];
const STATION = 450; // milliseconds that a station takes while playing, twice that where motion is reduced
const still = matchMedia("(prefers-reduced-motion: reduce)");
const BLOCK = 16; // positions of a model
const narrow = matchMedia("screen and (max-width: 760px)");

const section = $(".network");
const word = el("input", { type: "text", class: "network-word", maxlength: 100, spellcheck: "false", autocomplete: "off" });
const trained = el("input", { type: "range", id: "network-steps", min: 0, max: 1000, step: 50, value: 1000 });
const stageButtons = el("div", { class: "buttons", role: "group", "aria-label": "stage" });
const wayButtons = el("div", { class: "buttons", role: "group", "aria-label": "direction" });
const letters = el("div", { class: "tokens", role: "group", "aria-label": "letter on its way" });
const task = el("p", { class: "network-task" });
const facts = el("p", { class: "network-facts" });
const compare = el("input", { type: "checkbox", class: "network-compare" });
const compareLabel = el("label", { class: "check" }, compare, el("span"));
const above = el("div", { class: "network-above", hidden: true }, el("p", { class: "network-facts" }), el("div", { class: "network-drawing" }));
const where = el("p", { class: "network-where" });
const host = el("div", { class: "network-drawing", role: "group", tabindex: 0, "aria-roledescription": "drawing of the network", onkeydown: key });
const reading = el("p", { class: "network-reading", "aria-live": "polite" });
const spoken = el("p", { class: "unseen", "aria-live": "polite" });
const open = el("div", { class: "network-open" });
const key1 = el("p", { class: "network-key" });
const numbers = el("div");
const drive = (name, label, work) => el("button", { type: "button", "data-do": name, "aria-label": label, title: label, onclick: work }, icon(name));
const playButton = drive("play", "play", () => (playing ? pause() : play()));
playButton.className = "primary";
const driving = el("div", { class: "network-drive", inert: true }, // until there is a letter to go with
  el("div", { class: "buttons" },
  drive("first", "to the first station", () => byHand(() => walk(first()))), drive("back", "one station back", () => byHand(() => walk(at - 1))), playButton,
  drive("on", "one station on", () => byHand(() => walk(at + 1))), drive("last", "show all, stay at this station", () => byHand(rest))), where, wayButtons);
const line = el("div", { class: "network-line" }, letters, task);
const dock = el("div", { class: "network-dock" }, open);
section.append(
  el("div", { class: "controls network-top" }, el("label", {}, "Name", word), el("label", {}, "Trained for ", el("b", {}), trained), el("div", { class: "network-stages" }, el("span", {}, "Stage"), stageButtons), compareLabel),
  line, above, facts, host, reading, dock, key1,
  el("details", {}, el("summary", {}, "The numbers of this station as a table"), numbers), spoken);

/** On a phone the controls lie below the drawing, with the open station. */
const placeControls = () => (narrow.matches ? dock.prepend(driving) : line.append(driving));
placeControls();
const panel = new Panel("#" + section.id);

const firstStage = Number(section.dataset.stage);
const firstWay = section.dataset.way ?? "forward";
let stage = STAGES.find((s) => String(s) === recall("network")) ?? firstStage;
let way = ["forward", "backward"].find((w) => w === recall("way")) ?? firstWay;
const firstCompared = section.dataset.above === "yes" && !narrow.matches; // on a phone the one alone is long
compare.checked = recall("above") == null ? firstCompared : recall("above") === "yes";
let letter; // the answer to network/letter
let before = null; // that of the stage before, if it is shown
const linesOf = {}; // the Java lines of each station, by stage
let lines = {};
let position; // of the letter that is shown
let wanted = recallNumber("letter", { otherwise: null }); // the one that the reader chose
let stations = stationsOf(stage);
const recalled = stations.findIndex((s) => s.id === recall("station"));
let at = recalled >= 0 ? recalled : stage > 2 ? 8 : 2; // the open station, counted forward
let walking = false; // only what has been reached is lit
let playing = null;
let lane = -1; // the number that is read by keyboard

const numbersOf = (of) => (of === "probabilities" ? (way === "forward" ? letter.probabilities : letter.backward.logits) : letter[way][of]);

// ---- drawing

let drawing;

function build() {
  drawing = new NetworkDrawing(host, { stage, letter, way, shape: new Shape(stage, { turned: narrow.matches }), onOpen: (id) => byHand(() => openStation(stations.findIndex((s) => s.id === id))) });
  above.hidden = !before;
  if (before) {
    new NetworkDrawing($(".network-drawing", above), { stage: stage - 1, letter: before, way, shape: new Shape(stage - 1, { turned: narrow.matches, compact: true }), marked: false });
    $(".network-facts", above).replaceChildren(...said(before));
  }
}

/** What is lit: everything, or while walking what has been reached. */
function light(growing) {
  const order = new Map(stations.map((s, i) => [s.id, i]));
  drawing.light((id) => !walking || (way === "forward" ? order.get(id) <= at : order.get(id) >= at), stations[at].id, growing && !still.matches);
}

// ---- the open station

const formula = (text) => text.split(/(_[A-Za-z0-9]+)/).map((part) => (part.startsWith("_") ? el("sub", {}, part.slice(1)) : part));

function tell() {
  const s = stations[at];
  if (!playing) {
    remember("station", s.id === "heads" ? null : s.id);
    remember("network", stage === firstStage ? null : stage);
    remember("way", way === firstWay ? null : way);
    remember("above", compare.checked === firstCompared ? null : compare.checked ? "yes" : "no");
    remember("letter", wanted);
  }
  const source = (way === "backward" ? lines.backward : lines[s.id]) ?? [];
  const v = letter.symbols.length;
  const shapeOf = stage < 3 && s.id === "fc2" ? `W₂ ${v} × 64` : s.shape.replace("27", v);
  where.replaceChildren(el("b", {}, `Station ${at + 1} of ${stations.length}`), el("br"), s.name);
  open.replaceChildren(
    el("div", {}, el("h3", {}, way === "backward" && s.backTitle ? s.backTitle : s.title), el("p", { class: "says" }, s[way](letter))),
    el("div", {}, el("p", { class: "kicker" }, "Formula · shape"), el("p", { class: "network-formula" }, formula(way === "forward" ? s.formula : s.back)), el("p", { class: "note" }, formula(shapeOf))),
    el("div", {}, source.length ? [el("p", { class: "kicker" }, el("a", { href: "source/dev/microgpt/" + source[0].file }, `${source[0].file.split("/").pop()}, line ${source[0].number}`)),
      el("pre", { tabindex: 0 }, source.map((line) => line.text).join("\n"))] : null));
  host.setAttribute("aria-label", `${s.name}, station ${at + 1} of ${stations.length}, ${way}: ${s[way](letter)} Arrow keys go from station to station, down reads its numbers`);
  lane = -1;
  reading.textContent = "";
  const vector = numbersOf(s.of) ?? [];
  const rows = Array.isArray(vector[0]) ? vector : [vector];
  numbers.replaceChildren(el("div", { class: "scroll" }, el("table", {}, el("tbody", {}, rows[0].map((_, i) => el("tr", {}, el("th", {}, s.of === "probabilities" || s.of === "logits" ? letter.symbols[i] : String(i)), ...rows.map((row) => el("td", {}, fmt(row[i], 4)))))))));
  const p = letter.probabilities[letter.target];
  key1.replaceChildren(way === "forward" ? "below 0 " : "gradient below 0 ", el("i", { class: "network-ramp" }), ` above 0. Each line is one number${letter[way].sum ? `; a label such as ${reach(letter[way].sum)} says how large the largest is there` : ""}. `,
    ...(newIn[stage].length ? [el("i", { class: "network-frame fresh" }), " new in this stage, "] : []), el("i", { class: "network-frame" }), " the station that is open. ",
    el("span", {}, way === "forward" ? [`${letter.symbols[letter.target]} was given `, el("b", { id: "network-share" }, share(p)), ` → loss −ln ${fmt(p, 3)} = `, el("b", { id: "network-loss" }, fmt(letter.loss, 3))] : [`${letter.symbols[letter.target]}: ${share(p)} − 1 = `, el("b", {}, fmt(p - 1, 2)), " pushes its logit up; all others are pushed down"]));
}

function openStation(i) {
  walking = false;
  at = i;
  light(false);
  tell();
}

/** Steps to a station: what has not been reached yet fades. */
function walk(i) {
  walking = true;
  at = Math.max(0, Math.min(stations.length - 1, i));
  light(true);
  tell();
}

function rest() {
  walking = false;
  light(false);
  tell();
}

async function byHand(work) {
  pause();
  await work();
  const s = stations[at];
  spoken.textContent = letter ? `${s.name}, station ${at + 1} of ${stations.length}: ${s[way](letter)}` : "";
}

function key(event) {
  if (!letter) {
    return;
  }
  const read = (i) => {
    const vector = (numbersOf(stations[at].of) ?? []).flat();
    lane = Math.max(0, Math.min(vector.length - 1, i));
    reading.textContent = `${stations[at].name}[${lane}] = ${fmt(vector[lane], 4)}`;
  };
  const leave = () => {
    lane = -1;
    reading.textContent = "";
  };
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const work = {
    ArrowRight: () => (lane < 0 ? byHand(() => walk(at + 1)) : read(lane + 1)),
    ArrowLeft: () => (lane < 0 ? byHand(() => walk(at - 1)) : read(lane - 1)),
    ArrowDown: () => read(lane < 0 ? 0 : lane), ArrowUp: leave, Escape: () => (lane < 0 ? byHand(rest) : leave()),
    Home: () => byHand(() => walk(0)), End: () => byHand(() => walk(stations.length - 1)),
    Enter: () => byHand(() => openStation(at)), " ": () => (playing ? pause() : play()),
  }[event.key];
  if (work && (step || lane < 0 || ["ArrowUp", "ArrowDown", "Escape"].includes(event.key))) {
    event.preventDefault();
    work();
  }
}

// ---- playing

const first = () => (way === "forward" ? 0 : stations.length - 1);

function play() {
  playing = { timer: 0 };
  playButton.replaceChildren(icon("pause"));
  playButton.setAttribute("aria-label", "pause");
  playButton.title = "pause";
  spoken.textContent = "";
  const end = way === "forward" ? at === stations.length - 1 : at === 0;
  walk(!walking || end ? first() : at);
  next(playing);
}

function next(mine) {
  mine.timer = setTimeout(() => {
    const to = at + (way === "forward" ? 1 : -1);
    if (to < 0 || to >= stations.length) {
      pause();
      rest();
      return;
    }
    walk(to);
    next(mine);
  }, still.matches ? 2 * STATION : STATION);
}

function pause() {
  if (playing) {
    clearTimeout(playing.timer);
    playing = null;
    letter && tell();
    playButton.replaceChildren(icon("play"));
    playButton.setAttribute("aria-label", "play");
    playButton.title = "play";
  }
}

// ---- asking

/** What is said above a drawing. */
const said = (l) => [el("b", {}, `Stage ${l.stage}`), ` · ${whole(l.weights)} weights · ${l.symbols[l.target]} gets ${share(l.probabilities[l.target])} · ${WHAT[l.stage]}`];

async function load() {
  const get = async () => {
    const question = { steps: Number(trained.value), word: word.value, position: await place() };
    const ofStage = async (s) => Object.assign(await ask("network/letter", { stage: s, ...question }), { stage: s });
    const [shown, ...one] = await Promise.all([stage, ...(compare.checked && stage > 1 ? [stage - 1] : [])].map(ofStage));
    linesOf[stage] ??= await ask("network/lines", { stage });
    return [shown, one[0] ?? null];
  };
  await panel.refresh(get, ([shown, one]) => {
    [letter, before, position, lines] = [shown, one, shown.position, linesOf[stage]];
    refill(letters, letter.tokens.slice(0, letter.tokens.length - 1 - letter.cut).map((token, i) => el("button", { type: "button", class: "token", "aria-pressed": String(i === position), onclick: () => byHand(() => {
      wanted = i;
      return load();
    }) }, token, el("small", {}, String(i)))));
    const read = letter.tokens.slice(1, position + 1).join("");
    task.replaceChildren(read ? `After “${read}” ` : "At the beginning ", el("br"), "the model should say ", el("b", {}, letter.symbols[letter.target]), ".");
    facts.replaceChildren(...said(letter));
    compareLabel.hidden = stage === 1;
    compareLabel.lastChild.textContent = `show stage ${stage - 1} above`;
    build();
    light(false);
    tell();
    driving.inert = false;
  });
}

const WHAT = {
  1: "new: a function with weights in the place of stage 0’s table; it, too, sees the last letter only",
  2: "the same network and the same numbers; new is who finds the gradients",
  3: "new: position, norm, attention, + and lm_head; fc2 stays, but returns to 16 numbers, so that they can be added",
  4: "new: four heads instead of one. Everything else stays, and so does the number of weights",
  5: "the same network as stage 4: only the way it learns is new",
};

/** The letter that was chosen, if the word has so many, else the one before the last letter, where most has been read. */
async function place() {
  const { tokens, predictions } = await ask("data/tokens", { word: word.value, blockSize: BLOCK });
  return wanted != null && wanted < predictions ? wanted : Math.max(0, Math.min(tokens.length - 3, predictions - 1));
}

let typing;
await bindWord(word);
bindSlider(trained, (v) => `${whole(v)} steps`);
choice(stageButtons, STAGES.map((s) => [s, String(s)]), stage, (s) => byHand(() => {
  const id = stations[at].id;
  stage = s;
  stations = stationsOf(stage);
  at = Math.max(0, stations.findIndex((station) => station.id === id));
  return load();
}));
choice(wayButtons, [["forward", "Forward →"], ["backward", "← Backward"]], way, (chosen) => byHand(() => {
  way = chosen;
  walking = false;
  build();
  light(false);
  tell();
}));
word.addEventListener("input", () => (wanted = null));
narrow.addEventListener("change", () => {
  placeControls();
  if (letter) {
    build();
    light(false);
  }
});
shareWord(word, () => {
  wanted = null;
  section.dataset.state = "busy";
  clearTimeout(typing);
  typing = setTimeout(load, 150);
});
panel.live(load);

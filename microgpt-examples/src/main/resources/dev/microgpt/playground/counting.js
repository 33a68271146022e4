import { $, Panel, ask, bindSlider, el, fmt, refill, sample, some, whole } from "./shell.js";
import { exercises } from "./answers.js";
import { recall, remember } from "./address.js";
import { bindWord } from "./words.js";
import { barChart, grid, legend, lineChart, ramp, setRows, table } from "./charts.js";

const MOST = 1000; // names
const BLOCK = 60; // names that are asked for at once while they are counted one after the other
const SCALE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000]; // of the colours: fixed for long stretches

const names = $("#names");
const run = await ask("counting/run");
const id = Object.fromEntries(run.symbols.map((symbol, i) => [symbol, i]));
const state = { token: Number(recall("token") ?? run.bos), counts: null, last: [], pairs: [], word: "", next: "" };
const count = () => Number(names.value);

const tablePanel = new Panel("#table");
const wordPanel = new Panel("#word-panel");
const nextPanel = new Panel("#next");
const curvePanel = new Panel("#curve");
const samplePanel = new Panel("#samples");

// ---- the table of counts

let top; // of the scale
let changeCounts;

const framed = (pairs, colour) => pairs.map((p) => ({ i: id[p.from], j: id[p.to], colour }));
const frames = () => [...framed(state.last.flatMap((name) => name.pairs), "var(--rust)"), ...framed(state.pairs, "var(--green)")];
const topOf = (counts) => SCALE.find((most) => most >= Math.max(...counts.flat())) ?? Infinity;

function drawCounts() {
  const { symbols } = run;
  top = topOf(state.counts);
  changeCounts = grid($("#counts"), {
    rows: symbols, columns: symbols, rowTitle: "current token", columnTitle: "next token",
    value: (i, j) => (state.counts[i][j] === 0 ? 0.02 : 0.12 + 0.83 * Math.sqrt(state.counts[i][j] / top)),
    text: (i, j) => (state.counts[i][j] || ""),
    title: (i, j) => `${symbols[i]} then ${symbols[j]}: ${state.counts[i][j] === 1 ? "once" : whole(state.counts[i][j]) + " times"}`,
    ring: frames(), onPick: pick, label: "table of counts: how often each token followed each",
  });
  drawKey();
}

function drawKey() {
  $("#counts-key").replaceChildren(ramp("never", top === 1 ? "once" : `${whole(top)} times`), legend([{ name: "pairs of the name read last", colour: "var(--rust)", shape: "ring" }, { name: "pairs of your word", colour: "var(--green)", shape: "ring" }]));
}

function sayCounts() {
  const total = state.counts.flat().reduce((a, b) => a + b, 0);
  $("#table-reading").replaceChildren(el("b", {}, `${some(count(), "name")} read, ${some(total, "pair")} counted.`), ` Next: “${state.next}”.`);
}

const pairRow = (p) => [`${p.from} → ${p.to}`, `${p.count} → ${p.count + 1}`, fmt(p.probability), fmt(p.loss)];

function showLast() {
  if (!state.last.length) {
    $("#last-pairs").replaceChildren("No name has been read.");
    return;
  }
  const [name] = state.last;
  if (!$("#last-pairs table")) {
    $("#last-pairs").replaceChildren(table(["pair", "count", "p", "loss, nats"], [], [name.text, "", "mean", fmt(name.loss)]));
  }
  setRows($("#last-pairs tbody"), name.pairs.map(pairRow));
  setRows($("#last-pairs tfoot"), [[name.text, "", "mean", fmt(name.loss)]]);
}

const showTable = () => tablePanel.show("counting/table", { names: count() }, (t) => {
  Object.assign(state, { counts: t.counts, last: t.last, next: t.next });
  drawCounts();
  sayCounts();
  showLast();
});

// ---- a word

const wordRow = (p) => [`${p.from} → ${p.to}`, whole(p.count), whole(p.total), fmt(p.probability), fmt(p.loss)];

function drawWord(pairs, loss) {
  if (!$("#word-table table")) {
    $("#word-table").replaceChildren(table(["pair", "count", "of", "probability", "loss, nats"], []));
  }
  setRows($("#word-table tbody"), pairs.map(wordRow));
  $("#word-loss").textContent = fmt(loss);
}

const showWord = async () => {
  const before = frames().map(({ i, j }) => `${i} ${j}`).join();
  const shown = await wordPanel.show("counting/word", { names: count(), word: $("#word").value }, (w) => {
    drawWord(w.pairs, w.loss);
    Object.assign(state, { pairs: w.pairs, word: w.text });
  });
  if (!shown) {
    Object.assign(state, { pairs: [], word: "" });
  }
  if (changeCounts && frames().map(({ i, j }) => `${i} ${j}`).join() !== before) {
    changeCounts([], frames());
  }
};

// ---- what comes next

let changeNext;

const nextItems = (n) => n.probabilities.map((value, i) => ({ name: run.symbols[i], value, title: `${run.symbols[i]}: ${some(n.counts[i], "time")}, p = ${fmt(value)}` }));

function sayNext(n) {
  const best = n.probabilities.indexOf(Math.max(...n.probabilities));
  $("#next-reading").replaceChildren(`After ${n.token}, which came ${some(n.total, "time")}, the most likely token is `,
    el("b", {}, `${run.symbols[best]}: (${n.counts[best]} + 1) / (${whole(n.total)} + ${run.symbols.length}) = ${fmt(n.probabilities[best])}`), ".");
}

async function pick(token) {
  state.token = token;
  remember("token", token === run.bos ? null : token);
  refill($("#pick"), run.symbols.map((symbol, i) => el("button", { type: "button", class: "token" + (symbol === "BOS" ? " bos" : ""), "aria-pressed": String(i === token), onclick: () => pick(i) }, symbol)));
  await showNext();
}

const showNext = () => nextPanel.show("counting/next", { names: count(), token: state.token }, (n) => {
  changeNext = barChart($("#next-chart"), {
    label: `probability of each token after ${n.token}`, xTitle: `next token, after ${n.token}`, yTitle: "probability",
    items: nextItems(n), refs: [{ y: 1 / run.symbols.length, label: "1/V, guessing" }],
  });
  sayNext(n);
});

// ---- the curve

const losses = run.losses.map((loss, step) => [step + 1, loss]);
const soFar = () => losses.slice(0, Math.max(1, count()));
let lengthen;

const showCurve = () => curvePanel.run(async () => {
  if (lengthen) {
    lengthen([soFar()], count());
    return;
  }
  lengthen = lineChart($("#curve-chart"), {
    label: "loss of each name before it is counted", xTitle: "names read", yTitle: "loss, nats per token",
    series: [{ name: "loss", colour: "var(--gold)", points: soFar() }],
    xDomain: [0, run.losses.length], yDomain: [Math.min(...run.losses) - 0.1, Math.max(...run.losses) + 0.1], refs: [{ y: run.chance, label: `guessing (chance): ln V = ${fmt(run.chance)}` }], mark: count(),
  });
  $("#curve-key").replaceChildren(legend([{ name: "loss of one name", colour: "var(--gold)" }, { name: "names read so far", colour: "var(--ink)" }]));
});

// ---- samples

const showSamples = () => samplePanel.show("counting/samples", { names: count(), seed: Number($("#seed").value) }, (list) => {
  $("#sample-list").replaceChildren(...list.map(sample));
  const known = list.filter((s) => s.inList).length;
  $("#sample-reading").textContent = `${list.length - known} of ${list.length} are new, ${known} in the list. Drawn with the probabilities as they are (temperature 1, see stage 5), at most 16 tokens.`;
});

const showAll = () => Promise.all([showTable(), showWord(), pick(state.token), showCurve(), showSamples()]);

function go(n) {
  names.value = n;
  names.dispatchEvent(new Event("input", { bubbles: true }));
}

// ---- playing: the library counts in blocks, the page draws what a name has changed

const BETWEEN_CURVES = 100; // milliseconds: a line of a thousand points is drawn ten times a second
let curveDrawn = 0;
let playing = null;
const live = [...document.querySelectorAll("#table-reading, #word-panel .reading, #next-reading")];

/** What each of the next names changes, for the word and the token looked at. */
const fetchBlock = async (from) => (await ask("counting/block", { from, to: Math.min(MOST, from + BLOCK), word: state.word, token: state.token })).names;

/** Draws what some names have changed, in one go. */
function countNames(steps) {
  const changed = [];
  for (const { last } of steps) {
    for (const p of last.pairs) {
      state.counts[id[p.from]][id[p.to]] = p.count + 1;
      changed.push({ i: id[p.from], j: id[p.to] });
    }
  }
  const now = steps.at(-1);
  Object.assign(state, { last: [now.last], next: now.next });
  names.value = count() + steps.length;
  names.closest("label").querySelector("b").textContent = whole(count());
  const rescaled = topOf(state.counts) !== top;
  top = topOf(state.counts);
  changeCounts(rescaled ? state.counts.flatMap((row, i) => row.flatMap((n, j) => (n ? [{ i, j }] : []))) : changed, frames());
  if (rescaled) {
    drawKey();
  }
  sayCounts();
  showLast();
  drawWord(now.word.pairs, now.word.loss);
  if (steps.some(({ last }) => last.pairs.some((p) => id[p.from] === state.token))) {
    changeNext(nextItems(now.after));
    sayNext(now.after);
  }
  if (performance.now() - curveDrawn > BETWEEN_CURVES) {
    curveDrawn = performance.now();
    lengthen([soFar()], count());
  }
}

async function play() {
  const mine = (playing = {});
  const looked = () => `${state.word} ${state.token}`;
  $("#play").textContent = "Pause";
  live.forEach((reading) => reading.setAttribute("aria-live", "off"));
  let block = [];
  let coming = null;
  let at = looked();
  let due = 0;
  let before = performance.now();
  await tablePanel.run(async () => {
    while (playing === mine && count() < MOST) {
      if (at !== looked()) {
        [block, coming, at] = [[], null, looked()];
      }
      if (block.length < BLOCK / 2 && !coming && count() + block.length < MOST) {
        const wanted = (coming = fetchBlock(count() + block.length));
        wanted.then((more) => coming === wanted && block.push(...more), () => {}).finally(() => coming === wanted && (coming = null));
        if (!block.length) {
          await wanted;
          before = performance.now();
        }
      }
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      due = Math.min(due + (now - before) / 1000 * Number($("#speed").value), BLOCK);
      before = now;
      const ready = Math.min(Math.floor(due), block.length);
      if (playing === mine && ready > 0 && at === looked()) {
        due -= ready;
        countNames(block.splice(0, ready));
      }
    }
  });
  if (playing === mine) {
    pause();
  }
}

function halt() {
  playing = null;
  $("#play").textContent = "Play";
  live.forEach((reading) => reading.setAttribute("aria-live", "polite"));
}

/** Stops playing; what is not drawn while names fly by is drawn now. */
function pause() {
  if (playing) {
    halt();
    go(count());
  }
}

await bindWord($("#word"));
bindSlider($("#speed"), (v) => `${v} names a second`);
bindSlider(names, whole);
names.addEventListener("input", () => {
  halt();
  showAll();
});
$("#word").addEventListener("input", showWord);
$("#seed").addEventListener("input", showSamples);
$("#again").addEventListener("click", () => {
  $("#seed").value = Number($("#seed").value) + 1;
  $("#seed").dispatchEvent(new Event("input", { bubbles: true }));
});
for (const [button, to] of [["#step", () => Math.min(MOST, count() + 1)], ["#jump", () => MOST], ["#reset", () => 0]]) {
  $(button).addEventListener("click", () => {
    halt();
    go(to());
  });
}
$("#play").addEventListener("click", () => (playing ? pause() : play()));
showAll();

exercises({
  chance: { tolerance: 0.01, answer: async () => run.chance },
  start: { given: run.symbols[0], tolerance: 0.002, answer: async () => (await ask("counting/next", { names: 100, token: run.bos })).probabilities[0] },
  unseen: { tolerance: 0.02, answer: async () => (await ask("counting/word", { names: 1000, word: "xq" })).pairs[1].loss,
    detail: async () => `1 / (${(await ask("counting/word", { names: 1000, word: "xq" })).pairs[1].total} + ${run.symbols.length})` },
});

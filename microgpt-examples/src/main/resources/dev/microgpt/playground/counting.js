import { $, Panel, ask, bindSlider, bindWord, el, exercises, fmt, refill, sample, whole } from "/shell.js";
import { barChart, grid, legend, lineChart, ramp, table } from "/charts.js";

const names = $("#names");
const run = await ask("counting/run");
const state = { token: run.bos, playing: null, table: null, pairs: [] };
const count = () => Number(names.value);

const tablePanel = new Panel("#table");
const wordPanel = new Panel("#word-panel");
const nextPanel = new Panel("#next");
const curvePanel = new Panel("#curve");
const samplePanel = new Panel("#samples");

function drawCounts() {
  const t = state.table;
  const id = Object.fromEntries(t.symbols.map((symbol, i) => [symbol, i]));
  const most = Math.max(1, ...t.counts.flat());
  const framed = (pairs, colour) => pairs.map((p) => ({ i: id[p.from], j: id[p.to], colour }));
  grid($("#counts"), {
    rows: t.symbols, columns: t.symbols, rowTitle: "current token", columnTitle: "next token",
    value: (i, j) => (t.counts[i][j] === 0 ? 0.02 : 0.12 + 0.83 * Math.sqrt(t.counts[i][j] / most)),
    text: (i, j) => (t.counts[i][j] || ""),
    title: (i, j) => `${t.symbols[i]} then ${t.symbols[j]}: ${t.counts[i][j]} times`,
    ring: [...framed(t.last.flatMap((name) => name.pairs), "var(--rust)"), ...framed(state.pairs, "var(--green)")],
    onPick: pick, label: `table of counts after ${count()} names`,
  });
  $("#counts-key").replaceChildren(ramp("never", `${most} times`), legend([{ name: "pairs of the name read last", colour: "var(--rust)", shape: "ring" }, { name: "pairs of your word", colour: "var(--green)", shape: "ring" }]));
}

const showTable = () => tablePanel.show("counting/table", { names: count() }, (t) => {
  state.table = t;
  drawCounts();
  const total = t.counts.flat().reduce((a, b) => a + b, 0);
  $("#table-reading").replaceChildren(el("b", {}, `${whole(count())} names read, ${whole(total)} pairs counted.`), ` Next: “${t.next}”.`);
  $("#last-pairs").replaceChildren(...(t.last.length ? t.last.map((name) => table(["pair", "count", "p", "loss, nats"],
    name.pairs.map((p) => [el("td", { class: "text mono" }, `${p.from} → ${p.to}`), `${p.count} → ${p.count + 1}`, fmt(p.probability), fmt(p.loss)]),
    [name.text, "", "mean", fmt(name.loss)])) : ["No name has been read."]));
});

const showWord = () => wordPanel.show("counting/word", { names: count(), word: $("#word").value }, (w) => {
  $("#word-table").replaceChildren(table(["pair", "count", "of", "probability", "loss, nats"],
    w.pairs.map((p) => [el("td", { class: "text mono" }, `${p.from} → ${p.to}`), whole(p.count), whole(p.total), fmt(p.probability), fmt(p.loss)])));
  $("#word-loss").textContent = fmt(w.loss);
  const same = w.pairs.map((p) => p.from + p.to).join() === state.pairs.map((p) => p.from + p.to).join();
  state.pairs = w.pairs;
  if (state.table && !same) {
    drawCounts();
  }
});

async function pick(token) {
  state.token = token;
  await nextPanel.show("counting/next", { names: count(), token }, (n) => {
    refill($("#pick"), n.symbols.map((symbol, i) => el("button", { type: "button", class: "token" + (symbol === "BOS" ? " bos" : ""), "aria-pressed": String(i === token), onclick: () => pick(i) }, symbol)));
    barChart($("#next-chart"), {
      label: `probability of each token after ${n.token}`,
      xTitle: `next token, after ${n.token}`, yTitle: "probability",
      items: n.symbols.map((name, i) => ({ name, value: n.probabilities[i], title: `${name}: ${n.counts[i]} times, p = ${fmt(n.probabilities[i])}` })),
      refs: [{ y: 1 / n.symbols.length, label: "1/V" }],
    });
    const best = n.probabilities.indexOf(Math.max(...n.probabilities));
    $("#next-reading").replaceChildren(`After ${n.token}, which came ${whole(n.total)} times, the most likely token is `, el("b", {}, `${n.symbols[best]}: (${n.counts[best]} + 1) / (${whole(n.total)} + ${n.symbols.length}) = ${fmt(n.probabilities[best])}`), ".");
  });
}

function showCurve() {
  curvePanel.run(async () => {
    lineChart($("#curve-chart"), {
      label: "loss of each name before it is counted", xTitle: "names read", yTitle: "loss, nats per token",
      series: [{ colour: "var(--gold)", points: run.losses.map((loss, step) => [step + 1, loss]).slice(0, Math.max(1, count())) }],
      xDomain: [0, run.losses.length], yDomain: [Math.min(...run.losses) - 0.1, Math.max(...run.losses) + 0.1], refs: [{ y: run.chance, label: `at chance: ln V = ${fmt(run.chance)}` }], mark: count(),
    });
    $("#curve-key").replaceChildren(legend([{ name: "loss of one name", colour: "var(--gold)" }, { name: "names read so far", colour: "var(--ink)" }]));
  });
}

const showSamples = () => samplePanel.show("counting/samples", { names: count(), seed: Number($("#seed").value) }, (list) => {
  $("#sample-list").replaceChildren(...list.map(sample));
  const known = list.filter((s) => s.inList).length;
  $("#sample-reading").textContent = `${list.length - known} of ${list.length} are new, ${known} are in the list. Temperature 1, at most 16 tokens.`;
});

const showAll = () => Promise.all([showTable(), showWord(), pick(state.token), showCurve(), showSamples()]);

function go(n) {
  names.value = n;
  names.dispatchEvent(new Event("input"));
}

function stop() {
  clearTimeout(state.playing);
  state.playing = null;
  $("#play").textContent = "Play";
}

async function tick() {
  if (count() >= 1000) {
    stop();
    return showAll();
  }
  const start = performance.now();
  names.value = count() + 1;
  names.dispatchEvent(new Event("quiet"));
  await Promise.all([showTable(), showWord(), pick(state.token), showCurve()]);
  if (state.playing) {
    state.playing = setTimeout(tick, Math.max(0, 1000 / Number($("#speed").value) - (performance.now() - start)));
  }
}

await bindWord($("#word"));
bindSlider($("#speed"), (v) => `${v} names a second`);
bindSlider(names, whole);
names.addEventListener("quiet", () => (names.closest("label").querySelector("b").textContent = whole(count())));
names.addEventListener("input", showAll);
$("#word").addEventListener("input", showWord);
$("#seed").addEventListener("input", showSamples);
$("#again").addEventListener("click", () => {
  $("#seed").value = Number($("#seed").value) + 1;
  showSamples();
});
$("#step").addEventListener("click", () => { stop(); go(Math.min(1000, count() + 1)); });
$("#jump").addEventListener("click", () => { stop(); go(1000); });
$("#reset").addEventListener("click", () => { stop(); go(0); });
$("#play").addEventListener("click", () => {
  if (state.playing) {
    stop();
    showAll();
  } else {
    $("#play").textContent = "Pause";
    state.playing = setTimeout(tick, 0);
  }
});
go(100);

exercises({
  chance: { tolerance: 0.01, answer: async () => run.chance },
  start: { given: run.symbols[0], tolerance: 0.002, answer: async () => (await ask("counting/next", { names: 100, token: run.bos })).probabilities[0] },
  unseen: { tolerance: 0.02, answer: async () => (await ask("counting/word", { names: 1000, word: "xq" })).pairs[1].loss },
});

// Pictures of a trace, the answer to "attention/trace", for the pages of stages 3 and 4. What they show is the last layer.
import { el, fmt } from "./shell.js";
import { grid, signedRamp, strip } from "./charts.js";

export const layer = (trace, position) => trace.positions[position].trace.layers.at(-1);

export const widest = (...vectors) => Math.max(...vectors.flat().map(Math.abs));

/** A head's part of a vector of all heads. */
export const slice = (trace, vector, head) => vector.slice(head * trace.headDim, (head + 1) * trace.headDim);

/** A share in a small cell, such as .25. */
export const short = (share) => share.toFixed(2).replace(/^0/, "");

/** Buttons, of which the position looked at is pressed. */
export const positions = (trace, at, choose) => trace.positions.map((p, i) =>
  el("button", { type: "button", class: "token" + (p.token === "BOS" ? " bos" : ""), "aria-pressed": String(i === at), onclick: () => choose(i) }, p.token, el("small", {}, String(i))));

/** Where a head looks from each position; the row of the one looked at is framed. */
export function attentionMap(host, trace, head, at, choose, most) {
  const tokens = trace.positions.map((p) => p.token);
  const weights = tokens.map((_, p) => layer(trace, p).heads[head].weights);
  grid(host, { rows: tokens, columns: tokens, rowTitle: "looks from", columnTitle: "looks at", most, least: 9,
    value: (i, j) => (j <= i ? weights[i][j] * 0.95 : null), text: (i, j) => short(weights[i][j]),
    title: (i, j) => `head ${head}, from ${tokens[i]} (${i}) at ${tokens[j]} (${j}): ${fmt(weights[i][j])}`,
    ring: weights[at].map((_, j) => ({ i: at, j })), onPick: choose, label: `attention of head ${head} at ${tokens.length} positions` });
}

/** A row without numbers, and why. */
export const absent = (name, why) => el("div", { class: "strip" }, el("span", { class: "what" }, name), el("span", { class: "note" }, why), el("span", {}));

/** Query times key at each position, and the score and the share that come of it; last the key of the colours. */
export function scores(trace, at, head) {
  const { scores: score, weights } = layer(trace, at).heads[head];
  const { products } = trace.positions[at].heads[head];
  const largest = widest(...products);
  return [...trace.positions.map((p, t) => {
    if (t > at) {
      return absent(`at ${p.token} (${t})`, "masked: it comes later");
    }
    const row = strip(`at ${p.token} (${t})`, "", products[t], largest);
    row.querySelector(".what").append(el("small", {}, `score ${fmt(score[t], 3)} → share `, el("b", {}, fmt(weights[t], 3))));
    return row;
  }), signedRamp(largest)];
}

/** The values, each times its share, and their sum. */
export function weighted(trace, at, head) {
  const { weights } = layer(trace, at).heads[head];
  const parts = trace.positions[at].heads[head].weighted;
  const sum = slice(trace, layer(trace, at).headOutputs, head);
  const largest = widest(...parts, sum);
  return [...parts.map((v, t) => strip(`${fmt(weights[t], 3)} · value ${t}`, `of ${trace.positions[t].token}`, v, largest)), strip("= sum", `[${sum.length}]`, sum, largest), signedRamp(largest)];
}

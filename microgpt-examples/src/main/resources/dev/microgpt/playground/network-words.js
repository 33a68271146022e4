// What each station of the network does, said with the numbers of the letter at hand; forward and backward.
import { fmt, scientific } from "./shell.js";

const largest = (v) => Math.max(...v.map(Math.abs));
const size = (v) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0) / v.length);

/** ± the largest, as the pills say it. */
export function reach(v) {
  const x = largest(v);
  return "±" + (x === 0 ? "0" : x >= 1 ? fmt(x, 1) : x < 1e-6 ? scientific(x) : x.toPrecision(2).replace(/^0/, ""));
}

/** A share, such as .31. */
export const share = (p) => (p >= 0.995 ? fmt(p, 2) : p.toFixed(2).replace(/^0/, ""));

const on = (f) => f.hidden.filter((x) => x > 0).length;

/** Head and position of the smallest or largest of some numbers [head][position]. */
function extreme(rows, better) {
  let best = [0, 0];
  rows.forEach((row, h) => row.forEach((x, t) => {
    if (better(x, rows[best[0]][best[1]])) {
      best = [h, t];
    }
  }));
  return best;
}

/** {id, name, title, forward, backward, formula, shape}: the texts are functions of the letter. */
export const STATIONS = [
  { id: "token", name: "token", of: "token", title: "The letter becomes numbers", formula: "e = wte[token]", shape: "a row of wte: 16 numbers",
    forward: (l) => `${l.tokens[l.position]} is token ${l.token}, so its row of wte is read: numbers that training has found, up to ${reach(l.forward.token)}.`,
    backward: (l) => `Each number of this row will move against its gradient, up to ${reach(l.backward.token)}.`, back: "∂L/∂wte[token] += ∂L/∂e" },
  { id: "place", name: "position", of: "place", title: "So does its place", formula: "p = wpe[position]", shape: "a row of wpe: 16 numbers",
    forward: (l) => `Place ${l.position} has a row of its own, so that a letter can mean something else at another place.`,
    backward: (l) => `The row of place ${l.position} learns from every name that is long enough, here by ${reach(l.backward.place)}.`, back: "∂L/∂wpe[position] += ∂L/∂p" },
  { id: "sum", name: "+", of: "sum", title: "Letter and place are added", backTitle: "The gradient takes both ways", formula: "s = e + p", shape: "16 numbers, no weights",
    forward: (l) => `Number by number, ${reach(l.forward.token)} and ${reach(l.forward.place)}. From here on they are one vector.`,
    backward: () => "A sum hands its gradient on, unchanged, to both of its parts.", back: "∂L/∂e = ∂L/∂s  and  ∂L/∂p = ∂L/∂s" },
  { id: "input", name: "norm", of: "input", title: "Norm: one size for all", formula: "x = s / √(mean(s²) + 10⁻⁵)", shape: "16 numbers, no weights",
    forward: (l) => `The root of the mean square was ${fmt(size(l.forward.sum), 2)}. Divided by it, the numbers have the size 1, whatever the weights.`,
    backward: (l) => `Dividing by the size shrinks or stretches the gradient as well: ${reach(l.backward.input)} becomes ${reach(l.backward.sum)}.`, back: "∂L/∂s from ∂L/∂x, by the chain rule" },
  { id: "norm", name: "norm", of: "norm", title: "Norm again, before the block", backTitle: "What comes up from attention", formula: "n = x / √(mean(x²) + 10⁻⁵)", shape: "16 numbers, no weights",
    forward: (l) => `Attention reads the stream at size 1. Here it is ${fmt(size(l.forward.input), 2)} already, but in a second layer it would not be.`,
    backward: (l) => `${reach(l.backward.fork)} comes up from attention and is added to what came along the stream.`, back: "∂L/∂x += what came up" },
  { id: "query", name: "query", of: "query", title: "Query: what it looks for", formula: "q = W_q · n", shape: "W_q 16 × 16",
    forward: (l) => `${l.tokens[l.position]} asks with 16 numbers, ${reach(l.forward.query)}; each head takes its part of them.`,
    backward: (l) => (l.position === 0 ? "0: with nothing else to look at, no query changes the shares." : `A better question: gradients of up to ${reach(l.backward.query)}.`), back: "∂L/∂W_q = ∂L/∂q · nᵀ" },
  { id: "key", name: "key", of: "keys", title: "Key: what it can be found by", formula: "k = W_k · n", shape: "W_k 16 × 16",
    forward: (l) => (l.position === 0 ? "The first letter has only its own key." : `The ${l.position === 1 ? "key of the letter" : `keys of the ${l.position} letters`} before ${l.position === 1 ? "is" : "are"} kept from ${l.position === 1 ? "its" : "their"} own turn: that is the KV cache.`),
    backward: (l) => (l.position === 0 ? "0: a single share is 1, whatever the key." : `The letters before learn, too, to be found or not: up to ${reach(l.backward.keys.flat())}.`), back: "∂L/∂k_t = ∂L/∂score_t · q / √headDim" },
  { id: "value", name: "value", of: "values", title: "Value: what it hands over", formula: "v = W_v · n", shape: "W_v 16 × 16",
    forward: (l) => `What those who look at ${l.tokens[l.position]} take from it, ${reach(l.forward.values.at(-1))}; also kept.`,
    backward: (l) => `Each value gets the gradient in proportion to its share: up to ${reach(l.backward.values.flat())}.`, back: "∂L/∂v_t = a_t · ∂L/∂mix" },
  { id: "heads", name: "heads", of: "mix", title: "Heads: who listens to whom", formula: "a_t = softmax_t(q · k_t / √headDim),  mix = Σ_t a_t · v_t", shape: "no weights of its own",
    forward: (l) => {
      const d = l.forward.query.length / l.forward.shares.length;
      const [h, t] = extreme(l.forward.shares, (a, b) => a > b);
      return `${l.forward.shares.length === 1 ? "The one head" : "Each head"} compares its ${d} numbers of the query with the ${d} of every key so far. Of what ${l.forward.shares.length === 1 ? "it" : `head ${h}`} hands on, ${share(l.forward.shares[h][t])} comes from ${l.tokens[t]}.`;
    },
    backward: (l) => {
      const [h, t] = extreme(l.backward.shares, (a, b) => a < b);
      return `In the cells: what a larger share would do to the loss. Head ${h} would gain most by looking at ${l.tokens[t]}: ${fmt(l.backward.shares[h][t], 3)}.`;
    }, back: "∂L/∂a_t = ∂L/∂mix · v_t" },
  { id: "wo", name: "Wo", of: "attention", title: "Wo mixes what the heads bring", formula: "y = W_o · mix", shape: "W_o 16 × 16",
    forward: (l) => `The heads' numbers, side by side, become 16 that can be added to the stream: ${reach(l.forward.attention)}.`,
    backward: (l) => `What the heads should have brought: up to ${reach(l.backward.mix)}.`, back: "∂L/∂mix = W_oᵀ · ∂L/∂y" },
  { id: "plusAttention", name: "+ attention", of: "afterAttention", title: "Attention only adds", backTitle: "The gradient takes both ways", formula: "x ← x + y", shape: "16 numbers, no weights",
    forward: (l) => `The stream had ${reach(l.forward.input)}, attention adds ${reach(l.forward.attention)}. What was there passes through.`,
    backward: (l) => `A sum hands its gradient on, unchanged, to both parts: along the stream, and down into attention. ${reach(l.backward.afterAttention)} here.`, back: "∂L/∂x = ∂L/∂y = ∂L/∂(x + y)" },
  { id: "mlpNorm", name: "norm", of: "mlpNorm", title: "Norm, before the perceptron", backTitle: "What comes up from the perceptron", formula: "n = x / √(mean(x²) + 10⁻⁵)", shape: "16 numbers, no weights",
    forward: (l) => `The stream has the size ${fmt(size(l.forward.afterAttention), 2)} now; the perceptron reads it at size 1.`,
    backward: (l) => `${reach(l.backward.mlpFork)} comes up from the perceptron and is added to what came along the stream.`, back: "∂L/∂x += what came up" },
  { id: "fc1", name: "fc1", of: "preActivation", title: "Four times as many numbers", backTitle: "Back to what the perceptron read", formula: "h = W_1 · n", shape: "W_1 64 × 16",
    forward: (l) => `64 weighted sums, up to ${reach(l.forward.preActivation)}: 64 questions to this letter alone.`,
    backward: (l) => `Only the ${on(l.forward)} units that were on have a gradient here, up to ${reach(l.backward.preActivation)}.`, back: "∂L/∂W_1 = ∂L/∂h · nᵀ" },
  { id: "relu", name: "relu", of: "hidden", title: "relu: on or off", formula: "relu(h) = max(0, h)", shape: "64 numbers, no weights",
    forward: (l) => `${on(l.forward)} of ${l.forward.hidden.length} are above 0 and go on; the others become 0.`,
    backward: (l) => `What comes back reaches all ${l.forward.hidden.length}; relu lets it through where it was on, at ${on(l.forward)}.`, back: "∂L/∂h = ∂L/∂relu where h > 0, else 0" },
  { id: "fc2", name: "fc2", of: "mlp", title: "Back to as many as the stream", formula: "y = W_2 · relu(h)", shape: "W_2 16 × 64",
    forward: (l) => (l.forward.mlp ? `Each unit that is on brings its column of W₂; together ${reach(l.forward.mlp)}.` : `Here W₂ makes the logits at once: one score for each token.`),
    backward: (l) => `W₂ hands the gradient of its result to its 64 inputs, up to ${reach(l.backward.hidden)}.`, back: "∂L/∂relu = W_2ᵀ · ∂L/∂y" },
  { id: "plusMlp", name: "+ perceptron", of: "output", title: "The perceptron adds, too", backTitle: "The gradient takes both ways", formula: "x ← x + y", shape: "16 numbers, no weights",
    forward: (l) => `${reach(l.forward.mlp)} more. The next layer would begin here.`,
    backward: (l) => `A sum hands its gradient on, unchanged: along the stream and down into the perceptron. ${reach(l.backward.output)} here.`, back: "∂L/∂x = ∂L/∂y = ∂L/∂(x + y)" },
  { id: "lmHead", name: "lm_head", of: "logits", title: "A score for each token", formula: "logits = W · x", shape: "W 27 × 16",
    forward: (l) => {
      const best = l.forward.logits.indexOf(Math.max(...l.forward.logits));
      return `${l.symbols[best]} has the highest logit, ${fmt(l.forward.logits[best], 2)}` + (best === l.target ? "." : `; ${l.symbols[l.target]}, which comes, has ${fmt(l.forward.logits[l.target], 2)}.`);
    },
    backward: (l) => `The rows of W, each times its logit's gradient, add up to ${reach(l.backward.output ?? l.backward.hidden)} for what was read.`, back: "∂L/∂x = Wᵀ · ∂L/∂logits" },
  { id: "softmax", name: "softmax", of: "probabilities", title: "Scores become shares", backTitle: "p − 1, and p", formula: "p_i = e^logit_i / Σ_j e^logit_j", shape: "one for each token; no weights",
    forward: (l) => `They add up to 1. ${l.symbols[l.target]} gets ${share(l.probabilities[l.target])}; guessing would give it ${share(1 / l.probabilities.length)}.`,
    backward: (l) => `p − 1 = ${fmt(l.backward.logits[l.target], 2)} for ${l.symbols[l.target]}, p for all others: the one is pushed up, they are pushed down.`, back: "∂L/∂logit_i = p_i − [i = target]" },
  { id: "loss", name: "loss", of: "probabilities", title: "What it costs", backTitle: "Where the way back begins", formula: "L = −ln p_target", shape: "one number, in nats",
    forward: (l) => `${l.symbols[l.target]} came and was given ${share(l.probabilities[l.target])}: −ln ${fmt(l.probabilities[l.target], 3)} = ${fmt(l.loss, 3)}.`,
    backward: () => "Here the way back begins: the derivative of the loss by itself is 1.", back: "∂L/∂L = 1" },
];

/** The stations that the network of a stage has. */
export const stationsOf = (stage) => STATIONS.filter((s) => stage > 2 || ["token", "fc1", "relu", "fc2", "softmax", "loss"].includes(s.id));

/** Those that the stage before did not have: before stage 1 there was a table; the heads of stage 4 are new, because there was one. */
export const newIn = { 1: ["token", "fc1", "relu", "fc2", "softmax"], 2: [], 3: ["place", "sum", "input", "norm", "query", "key", "value", "heads", "wo", "plusAttention", "mlpNorm", "plusMlp", "lmHead"], 4: ["heads"], 5: [] };

// Where everything of the network's drawing lies: one network, drawn from left to right or, on a phone, from top to bottom. "Along" is
// the way of the stream, "across" the other one; a drawing that is turned swaps them.

/** Along and across of each thing, in the order of the stream. */
const WIDE = {
  turned: false, length: 1186, breadth: 496, lane: 3, hiddenLane: 3.9, radius: 28,
  stream: 88, token: 54.5, place: 135, start: 12, bend: 62, plus: 124, norm: [165, 179], fork: 188, blockNorm: [244, 258],
  weights: [310, 338], weightsHalf: 31, key: 206, query: 321, value: 436, heads: [390, 556], headsFrom: 247, headsTo: 392,
  wo: [614, 642], plusAttention: 670, forkMlp: 704, mlpNorm: [760, 774], fc1: [790, 818], relu: [849, 863], fc2: [908, 936], mlp: 321, plusMlp: 964,
  lmHead: [1006, 1034], logitLane: 3.2, softmax: [1054, 1069], letters: 1116, fanTo: 1102, bars: 1128, barLength: 34, letterFrom: 48, letterTo: 470,
  attentionBlock: [184, 700, 133, 492], mlpBlock: [708, 998, 133, 492],
};
const TURNED = {
  turned: true, length: 1050, breadth: 358, lane: 2.6, hiddenLane: 3.7, radius: 25,
  stream: 44, token: 44, place: 129, start: 22, bend: 46, plus: 101, norm: [132, 144], fork: 155, blockNorm: [205, 217],
  weights: [239, 267], weightsHalf: 28, key: 132, query: 226, value: 322, heads: [296, 446], headsFrom: 156, headsTo: 296,
  wo: [487, 515], plusAttention: 540, forkMlp: 608, mlpNorm: [658, 670], fc1: [684, 710], relu: [729, 745], fc2: [764, 790], mlp: 226, plusMlp: 815,
  lmHead: [860, 884], logitLane: 2.6, softmax: [902, 914], letters: 961, fanTo: 948, bars: 971, barLength: 48, letterFrom: 10, letterTo: 348,
  attentionBlock: [151, 587, 82, 358], mlpBlock: [600, 846, 82, 358],
};
/** The perceptron of stages 1 and 2: each thing along where it is in the later stages; on a phone what lies before it is left out. */
const PERCEPTRON = { ...WIDE, breadth: 344, stream: 178, mlp: 178, letterFrom: 26, letterTo: 334 };
const PERCEPTRON_TURNED = { ...TURNED, length: 490, fc1: [124, 150], relu: [169, 185], fc2: [204, 230], softmax: [342, 354], letters: 401, fanTo: 388, bars: 411 };

/** The same when it stands above another drawing. */
const COMPACT = { ...WIDE, compact: true, breadth: 226, stream: 124, mlp: 124, hiddenLane: 2.7, letterFrom: 26, letterTo: 220 };

export class Shape {
  /** turned: from top to bottom; compact: as low as can be. */
  constructor(stage, { turned, compact = false }) {
    Object.assign(this, { compact: false }, stage > 2 ? (turned ? TURNED : WIDE) : turned ? PERCEPTRON_TURNED : compact ? COMPACT : PERCEPTRON);
    this.width = turned ? this.breadth : this.length;
    this.height = turned ? this.length : this.breadth;
  }

  /** A point as x and y. */
  at(along, across) {
    return this.turned ? [across, along] : [along, across];
  }

  #point(along, across) {
    return this.at(along, across).map((v) => v.toFixed(2)).join(",");
  }

  rect(from, to, left, right) {
    const [x, y] = this.at(from, left);
    const [width, height] = this.at(to - from, right - left);
    return { x, y, width, height };
  }

  // ---- the lanes: offset is how far a lane lies from the middle of its ribbon

  straight(from, to, across) {
    return (offset) => `M${this.#point(from, across + offset)}L${this.#point(to, across + offset)}`;
  }

  /** From one middle to another, as a cubic; the lanes of the two ends may lie apart. */
  bent(from, to, acrossFrom, acrossTo) {
    const half = (from + to) / 2;
    return (offset, offsetTo = offset) => `M${this.#point(from, acrossFrom + offset)}C${this.#point(half, acrossFrom + offset)} ${this.#point(half, acrossTo + offsetTo)} ${this.#point(to, acrossTo + offsetTo)}`;
  }

  #arc(radius, turn, along, across) {
    return `A${radius},${radius} 0 0 ${this.turned ? 1 - turn : turn} ${this.#point(along, across)}`;
  }

  /** Off the stream and down into a block: two quarter circles, so that the ribbon keeps its width. */
  forkOff(from, across) {
    const r = this.radius;
    return (offset) => `M${this.#point(from, this.stream + offset)}${this.#arc(r - offset, 1, from + r - offset, this.stream + r)}L${this.#point(from + r - offset, across - r)}${this.#arc(r + offset, 0, from + 2 * r, across + offset)}`;
  }

  /** Up from a block to a + on the stream. */
  ramp(from, across) {
    const r = this.radius;
    return (offset) => `M${this.#point(from, across + offset)}${this.#arc(r + offset, 0, from + r + offset, across - r)}L${this.#point(from + r + offset, this.stream)}`;
  }

  // ---- the parts that depend on the word or the model

  /** The column of one of so many positions in the attention block: from and to. */
  column(position, positions) {
    const [from, to] = this.heads;
    const size = (to - from) / positions;
    return [from + position * size, from + (position + 1) * size - Math.min(3, size / 5)];
  }

  /** The row of one of so many heads. */
  row(head, heads) {
    const size = (this.headsTo - this.headsFrom) / heads;
    return [this.headsFrom + head * size, this.headsFrom + (head + 1) * size - (heads > 1 ? 3 : 0)];
  }

  letter(token, tokens) {
    return this.letterFrom + (this.letterTo - this.letterFrom) * token / Math.max(1, tokens - 1);
  }
}

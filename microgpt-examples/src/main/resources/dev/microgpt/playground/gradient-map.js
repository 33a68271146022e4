// All gradients of a model as a map: its tensors side by side, a pixel a weight, of which one is framed.
import { el } from "./shell.js";

const CELL = 2.15; // pixels of the screen
const SHADES = 100;

export class GradientMap {
  element = el("div", { class: "gradient-map", role: "group", tabindex: 0, onkeydown: (event) => this.#key(event) });
  #onChoose;
  #update;
  #symbols = [];
  #boxes = [];

  /** onChoose is told the weight that the reader points at: {tensor, row, column}. */
  constructor(onChoose) {
    this.#onChoose = onChoose;
    new MutationObserver(() => this.#paint()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  }

  clear() {
    this.#boxes = [];
    this.element.remove();
  }

  /** update: of loop/step. */
  show(update, symbols) {
    this.#update = update;
    this.#symbols = symbols;
    if (!this.#boxes.length) {
      this.#build();
    }
    this.#paint();
    this.#frame();
  }

  /** A weight as it is called: rows of tokens by their letter. */
  name({ tensor, row, column }) {
    const byToken = this.#update.tensors.find((t) => t.name === tensor)?.rows === this.#symbols.length;
    return `${tensor.replace("layer0.", "")}[${byToken ? this.#symbols[row] : row}][${column}]`;
  }

  /** Chooses the largest gradient of the tensor after the one of the framed weight. */
  largestOfNext() {
    const tensors = this.#update.tensors;
    const at = (tensors.findIndex((t) => t.name === this.#update.weight.tensor) + 1) % tensors.length;
    const { name, columns } = tensors[at];
    const { from, size } = this.#boxes[at];
    const sizes = this.#update.map.slice(from, from + size).map(Math.abs);
    const largest = sizes.indexOf(Math.max(...sizes));
    this.#onChoose({ tensor: name, row: Math.floor(largest / columns), column: largest % columns });
  }

  #build() {
    let from = 0;
    this.#boxes = this.#update.tensors.map((tensor) => {
      const { name, rows, columns } = tensor;
      const upright = rows <= columns; // else turned, so that the longer side lies along the line
      const [across, down] = upright ? [columns, rows] : [rows, columns];
      const canvas = el("canvas", { width: across, height: down, "aria-hidden": "true" });
      canvas.style.width = `${CELL * across}px`;
      canvas.style.height = `${CELL * down}px`;
      const frame = el("i");
      const picture = el("div", { class: "gradient-tensor", onclick: (event) => {
        const box = canvas.getBoundingClientRect();
        const x = Math.min(across - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * across)));
        const y = Math.min(down - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * down)));
        this.#onChoose({ tensor: name, row: upright ? y : x, column: upright ? x : y });
      } }, canvas, frame);
      const box = { tensor, from, size: rows * columns, upright, across, down, canvas, frame, figure: el("div", {}, picture, el("span", {}, name.replace("layer0.", "").replace("attn_", "").replace("mlp_", ""))) };
      from += box.size;
      return box;
    });
    this.element.replaceChildren(...this.#boxes.map((box) => box.figure));
  }

  #paint() {
    if (!this.#update || !this.#boxes.length) {
      return;
    }
    const shades = palette();
    for (const { from, upright, across, down, canvas, tensor } of this.#boxes) {
      const context = canvas.getContext("2d");
      const image = context.createImageData(across, down);
      for (let y = 0; y < down; y++) {
        for (let x = 0; x < across; x++) {
          const [row, column] = upright ? [y, x] : [x, y];
          image.data.set(shades[this.#update.map[from + row * tensor.columns + column] + SHADES], 4 * (y * across + x));
        }
      }
      context.putImageData(image, 0, 0);
    }
  }

  #frame() {
    const { tensor, row, column } = this.#update.weight;
    for (const box of this.#boxes) {
      box.frame.hidden = box.tensor.name !== tensor;
      const [x, y] = box.upright ? [column, row] : [row, column];
      box.frame.style.left = `${CELL * (x + 0.5)}px`;
      box.frame.style.top = `${CELL * (y + 0.5)}px`;
    }
    this.element.setAttribute("aria-label", `gradients of all weights; framed: ${this.name(this.#update.weight)}. Arrow keys choose another weight, Page Down the next tensor`);
  }

  #key(event) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === "PageDown") {
      event.preventDefault();
      this.largestOfNext();
    } else if (by && this.#update) {
      event.preventDefault();
      const { tensor, row, column } = this.#update.weight;
      const { upright, tensor: { rows, columns } } = this.#boxes.find((box) => box.tensor.name === tensor);
      const [down, right] = upright ? [by[1], by[0]] : [by[0], by[1]];
      this.#onChoose({ tensor, row: Math.min(rows - 1, Math.max(0, row + down)), column: Math.min(columns - 1, Math.max(0, column + right)) });
    }
  }
}

/** The colours of −100 … 100 in the theme of the page: rust below 0, blue above, the card between them. */
function palette() {
  const style = getComputedStyle(document.documentElement);
  const [card, rust, blue] = ["--card", "--rust", "--blue"].map((name) => style.getPropertyValue(name).trim().match(/[0-9a-f]{2}/gi).map((hex) => parseInt(hex, 16)));
  return Array.from({ length: 2 * SHADES + 1 }, (_, i) => {
    const share = Math.abs(i - SHADES) / SHADES;
    return [...card.map((c, k) => Math.round(c + share * ((i < SHADES ? rust : blue)[k] - c))), 255];
  });
}

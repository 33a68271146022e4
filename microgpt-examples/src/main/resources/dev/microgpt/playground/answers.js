// Exercises: a field to answer in, and whether the answer is right, too high or too low.
import { $, el, fmt } from "./shell.js";

const FUNCTIONS = { ln: Math.log, log: Math.log, exp: Math.exp, sqrt: Math.sqrt, "√": Math.sqrt, "-": (x) => -x };
const TOKEN = /\s*(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+|ln|log|exp|sqrt|[-+*/^()√e%])/gy;

/** The number that an expression such as "2/3", "ln 27" or "10^-5.5" stands for, or NaN. */
function compute(text) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    tokens.push(match[1]);
    text = text.slice(TOKEN.lastIndex);
    TOKEN.lastIndex = 0;
  }
  if (text.trim() || !tokens.length) {
    return NaN;
  }
  const next = (...wanted) => wanted.includes(tokens[0]) && tokens.shift();
  const sum = () => {
    let value = product();
    for (let sign = next("+", "-"); sign; sign = next("+", "-")) {
      value += sign === "+" ? product() : -product();
    }
    return value;
  };
  const product = () => {
    let value = signed();
    for (let sign = next("*", "/"); sign; sign = next("*", "/")) {
      value = sign === "*" ? value * signed() : value / signed();
    }
    return value;
  };
  const signed = () => (next("-") ? -signed() : next("+") ? signed() : power());
  const power = () => {
    const base = atom();
    const value = next("%") ? base / 100 : base;
    return next("^") ? value ** signed() : value;
  };
  const atom = () => {
    const name = next("ln", "log", "exp", "sqrt", "√");
    if (name) {
      return FUNCTIONS[name](atom());
    }
    if (next("(")) {
      const value = sum();
      return next(")") ? value : NaN;
    }
    const token = tokens.shift();
    return token === "e" ? Math.E : Number(token ?? NaN);
  };
  const value = sum();
  return tokens.length ? NaN : value;
}

/** What an answer may mean: a comma may stand before decimals, or between thousands. */
export function numbers(answer) {
  const plain = answer.trim().toLowerCase().replaceAll("−", "-").replaceAll("–", "-").replaceAll("·", "*").replaceAll("×", "*").replaceAll("**", "^")
    .replace(/(\d)[\u00a0\u202f ](?=\d{3}\b)/g, "$1").replace(/\s*nats?$/, "");
  const decimal = plain.replaceAll(",", ".");
  const readings = /^\D*\d{1,3}(,\d{3})+(?!\d)/.test(plain) ? [plain.replaceAll(",", ""), decimal] : [decimal];
  return readings.map(compute).filter(Number.isFinite);
}

/** What to say of an answer. */
export function verdict(answer, right, tolerance) {
  if (!answer.trim()) {
    return ["wrong", "Type an answer first."];
  }
  const values = numbers(answer);
  if (!values.length) {
    return ["wrong", "That is no number. Write 0.25, 1/4, ln 27 or 10^-5.5."];
  }
  if (values.some((value) => Math.abs(value - right) <= tolerance)) {
    return ["right", "Right."];
  }
  const nearest = values.reduce((a, b) => (Math.abs(b - right) < Math.abs(a - right) ? b : a));
  return ["wrong", nearest > right ? "Too high." : "Too low."];
}

/**
 * Gives each exercise a field to answer in. An answer is computed when it is checked, so it fits the data at hand; "given" is
 * the text that the question speaks of; "detail" what its explanation says of this list.
 */
export function exercises(answers) {
  for (const item of document.querySelectorAll(".exercises li[data-exercise]")) {
    const { answer, tolerance = 1e-9, given, detail } = answers[item.dataset.exercise];
    const said = el("span", { role: "status" });
    const input = el("input", { type: "text", "aria-label": "your answer", autocomplete: "off", placeholder: "a number, or 2/3" });
    const say = (kind, text) => {
      said.className = kind;
      said.textContent = text;
    };
    const compute = (use) => answer().then(use, (e) => say("wrong", e.message));
    const check = () => compute((right) => say(...verdict(input.value, right, tolerance)));
    input.addEventListener("keydown", (event) => event.key === "Enter" && check());
    const details = $("details", item);
    if (given) {
      $("code", item).textContent = given;
    }
    details.before(el("div", { class: "ask" }, input, el("button", { type: "button", onclick: check }, "Check"), said));
    details.addEventListener("toggle", () => compute(async (right) => {
      $("output", details).textContent = fmt(right, Number.isInteger(right) ? 0 : 4);
      if (detail) {
        $(".detail", details).textContent = await detail();
      }
    }));
  }
}

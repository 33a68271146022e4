// What every page has: the bar, previous and next, the Java lines, exercises; and how panels ask the library.

export const pages = [
  { href: "/", mark: "", name: "Start", title: "Start", about: "" },
  { href: "/data.html", mark: "", before: "Before stage 0", name: "Data", title: "Data and tokens", about: "Names become numbers, and which names a training sees." },
  { href: "/counting.html", mark: "0", name: "Counting", title: "Counting pairs", about: "A table of counts that already invents names." },
  { href: "/ngram.html", mark: "", before: "After stage 0", name: "N-grams", title: "How far does counting go?", about: "Longer contexts, where they stop helping, and what a GPT does that no table can." },
  { href: "/gradient.html", mark: "1", name: "Gradient", title: "The gradient by hand", about: "A function with 3,184 weights walks downhill." },
  { href: "/autograd.html", mark: "2", name: "Autograd", title: "Derivatives by machine", about: "Type a formula and watch gradients flow back through it." },
  { href: "/attention.html", mark: "3", name: "Attention", title: "Looking back", about: "Queries, keys and values for every letter of your name." },
  { href: "/heads.html", mark: "4", name: "Heads", title: "Heads and layers", about: "The whole block, its shapes and its weights." },
  { href: "/adam.html", mark: "5", name: "Adam", title: "Adam and training", about: "One real update, all loss curves, and temperature." },
  { href: "/own.html", mark: "", before: "Your turn", name: "Your own", title: "Train your own", about: "Paste a list, watch a model learn it, and keep the model." },
  { href: "/compare.html", mark: "", before: "After stage 5", name: "Compare", title: "Compare", about: "The stages in one table, two configurations, and the arc of a training." },
  { href: "/ablation.html", mark: "", before: "After stage 5", name: "Parts", title: "Take it away and see", about: "Train stage 5 without one of its parts, and find out whether a difference is luck." },
  { href: "/glossary.html", mark: "", before: "Words", name: "Glossary", title: "Glossary", about: "Every word that these pages use." },
];

/** Makes an element: properties that start with "on" listen, others are attributes; children are nodes or texts. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) {
      element.addEventListener(key.slice(2), value);
    } else if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== false && value != null) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

export const $ = (selector, within = document) => within.querySelector(selector);

/** A number for people: fixed digits, a real minus sign. JSON has no infinity: it comes as a text. */
export function fmt(x, digits = 4) {
  const number = Number(x);
  if (!Number.isFinite(number)) {
    return String(x).replace("Infinity", "∞").replace("-", "−");
  }
  const text = number !== 0 && Math.abs(number) < 0.5 * 10 ** -digits ? number.toExponential(2) : number.toFixed(digits);
  return text.replaceAll("-", "−");
}

/** Gives a row of buttons new ones; the focus stays at its place. */
export function refill(host, buttons) {
  const focused = [...host.children].indexOf(document.activeElement);
  host.replaceChildren(...buttons);
  host.children[focused]?.focus();
}

/** A text that a model wrote. */
export const sample = (s) => el("li", {}, s.text || "(empty)", s.inList ? el("small", {}, "in the list") : null);

export const whole = (n) => Number(n).toLocaleString("en-US");

// ---- asking

/** Asks the library; throws an Error with its message if it refuses. */
export async function ask(question, parameters = {}, signal) {
  const response = await post(question, parameters, signal);
  return response.json();
}

/** Asks for a file; resolves to a Blob. */
export async function askFile(question, parameters) {
  return (await post(question, parameters)).blob();
}

/** Asks for a training and hands over each of its events. Ends with it, or when the signal aborts. */
export async function listen(question, parameters, onEvent, signal) {
  const response = await post(question, parameters, signal);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      onEvent(JSON.parse(event.slice("data: ".length)));
    }
  }
}

async function post(question, parameters, signal) {
  let response;
  try {
    response = await fetch("/api/" + question, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(parameters),
      signal,
    });
  } catch (e) {
    if (e.name === "AbortError") {
      throw e;
    }
    throw new Error("The playground does not answer. Is it still running?");
  }
  if (!response.ok) {
    throw new Error((await response.json()).error);
  }
  return response;
}

/** A panel: runs work for it, one after the other, and shows in the panel what goes wrong. */
export class Panel {
  #section;
  #problem;
  #newest = 0;

  constructor(selector) {
    this.#section = $(selector);
    this.#problem = el("p", { class: "problem", role: "alert" });
    const head = $(".controls", this.#section) ?? $("h2", this.#section);
    head.after(this.#problem);
  }

  $(selector) {
    return $(selector, this.#section);
  }

  /** Asks and shows the answer, unless something newer was asked in the meantime. */
  async show(question, parameters, draw) {
    const mine = ++this.#newest;
    await this.run(async () => {
      const answer = await ask(question, parameters);
      if (mine === this.#newest) {
        await draw(answer);
      }
    }, () => mine === this.#newest);
  }

  /** Runs work; its failure is shown in the panel. */
  async run(work, stillWanted = () => true) {
    this.#section.dataset.state = "busy";
    let problem = "";
    try {
      await work();
    } catch (e) {
      if (e.name !== "AbortError") {
        problem = e.message;
      }
    }
    if (stillWanted()) {
      this.#problem.textContent = problem;
      this.#section.dataset.state = problem ? "refused" : "ready";
    }
  }

  /** Calls refresh whenever a control of the panel changes, and now. */
  live(refresh) {
    const controls = this.#section.querySelectorAll("input, select, textarea");
    let timer;
    for (const control of controls) {
      control.addEventListener("input", () => {
        this.#section.dataset.state = "busy";
        clearTimeout(timer);
        timer = setTimeout(refresh, control.type === "range" ? 20 : 150);
      });
    }
    return refresh();
  }
}

/** The word that the visitor looks at, the same on all pages of this tab; at first one that the list has the letters of. */
export async function bindWord(input) {
  input.value = new URLSearchParams(location.search).get("word") ?? sessionStorage.getItem("word") ?? (await ask("data/overview")).example;
  input.addEventListener("input", () => sessionStorage.setItem("word", input.value));
  sessionStorage.setItem("word", input.value);
}

/** Shows the value of a slider in the <b> beside it. */
export function bindSlider(input, show = (value) => value) {
  const output = input.closest("label").querySelector("b");
  const update = () => {
    output.textContent = show(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", update);
  update();
}

/** Makes one button start work and another stop it: the work gets a signal that aborts. */
export function startAndStop(start, stop, work) {
  let stopping;
  start.addEventListener("click", async () => {
    stopping = new AbortController();
    start.disabled = true;
    stop.disabled = false;
    await work(stopping.signal);
    start.disabled = false;
    stop.disabled = true;
  });
  stop.addEventListener("click", () => stopping.abort());
}

/** A row of buttons of which one is pressed. */
export function choice(host, options, chosen, onChoose) {
  const buttons = options.map(([value, label]) =>
    el("button", { type: "button", "aria-pressed": String(value === chosen), "data-value": value, onclick: () => {
      buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.value === String(value))));
      onChoose(value);
    } }, label));
  host.replaceChildren(...buttons);
}

// ---- exercises

/**
 * Gives each exercise a field to answer in. An answer is computed when it is checked, so it fits the data at hand; "given" is
 * the text that the question speaks of.
 */
export function exercises(answers) {
  for (const item of document.querySelectorAll(".exercises li[data-exercise]")) {
    const { answer, tolerance = 0, given } = answers[item.dataset.exercise];
    const verdict = el("span", { role: "status" });
    const input = el("input", { type: "text", inputmode: "decimal", "aria-label": "your answer", autocomplete: "off" });
    const say = (kind, text) => {
      verdict.className = kind;
      verdict.textContent = text;
    };
    const compute = (use) => answer().then(use, (e) => say("wrong", e.message));
    const check = () => compute((right) => {
      const guess = input.value.trim().replace("−", "-").replace(",", "");
      const correct = guess !== "" && Math.abs(Number(guess) - right) <= tolerance;
      say(correct ? "right" : "wrong", correct ? "Right." : guess === "" ? "Type an answer first." : "Not yet.");
    });
    input.addEventListener("keydown", (event) => event.key === "Enter" && check());
    const details = $("details", item);
    if (given) {
      $("code", item).textContent = given;
    }
    details.before(el("div", { class: "ask" }, input, el("button", { type: "button", onclick: check }, "Check"), verdict));
    details.addEventListener("toggle", () => compute((right) => ($("output", details).textContent = fmt(right, Number.isInteger(right) ? 0 : 4))));
  }
}

// ---- the Java lines

const JAVA = /(\/\/.*|\/\*[\s\S]*?\*\/)|("(?:[^"\\]|\\.)*")|\b(public|private|static|final|return|new|for|if|else|while|throw|int|double|long|void|boolean|class|record|this|null)\b/g;

async function javaLines(figure) {
  const { file, from, to } = figure.dataset;
  const source = await (await fetch("/source/" + file)).text();
  const lines = source.split("\n");
  const first = lines.findIndex((line) => line.includes(from));
  const last = lines.findIndex((line, i) => i >= first && line.includes(to));
  const indent = lines[first].search(/\S/);
  const code = lines.slice(first, last + 1).map((line) => line.slice(Math.min(indent, line.search(/\S|$/)))).join("\n");
  const pre = el("pre", { tabindex: 0 });
  let at = 0;
  for (const match of code.matchAll(JAVA)) {
    pre.append(code.slice(at, match.index), el("span", { class: match[1] ? "c" : match[2] ? "s" : "k" }, match[0]));
    at = match.index + match[0].length;
  }
  pre.append(code.slice(at));
  const name = file.split("/").pop();
  figure.replaceChildren(
    el("figcaption", {}, el("span", {}, name), el("a", { href: "/source/" + file }, "whole file, from line " + (first + 1))), pre);
}

// ---- the frame

function bar(here) {
  const links = pages.slice(1).map((page) =>
    el("li", {}, el("a", { href: page.href, "aria-current": page === here ? "page" : null },
      page.mark ? el("b", {}, page.mark) : null, page.name)));
  const theme = el("button", { type: "button", class: "theme", onclick: () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    localStorage.setItem("theme", next);
    document.documentElement.dataset.theme = next;
    label();
  } });
  const label = () => {
    theme.textContent = document.documentElement.dataset.theme === "dark" ? "Light" : "Dark";
    theme.setAttribute("aria-label", "switch to the " + theme.textContent.toLowerCase() + " theme");
  };
  label();
  return el("header", { class: "bar" }, el("div", {},
    el("a", { class: "brand", href: "/" }, "microgpt"),
    el("nav", { "aria-label": "pages" }, el("ol", {}, links)), theme));
}

function onward(here) {
  const at = pages.indexOf(here);
  const link = (page, label) => page && el("a", { href: page.href }, el("span", {}, label), page.title);
  return el("nav", { class: "onward", "aria-label": "previous and next page" },
    link(pages[at - 1], "← previous"), link(pages[at + 1], "next →"));
}

const here = pages.find((page) => page.href === location.pathname) ?? pages[0];
document.body.prepend(el("a", { class: "skip", href: "#main" }, "to the content"), bar(here));
$("main").append(onward(here));
document.body.append(el("footer", { class: "end" },
  "The numbers in the panels are computed by the library while you look. Words: ", el("a", { href: "/glossary.html" }, "glossary"), "."));
document.querySelectorAll("figure.java").forEach(javaLines);
const current = $(".bar [aria-current]");
if (current) {
  current.parentElement.parentElement.parentElement.scrollLeft = current.offsetLeft - 60;
}

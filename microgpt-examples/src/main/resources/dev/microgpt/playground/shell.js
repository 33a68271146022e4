// What every page has: the bar, previous and next, a place to land; and how panels ask the library.
import { restore, restoreAll } from "./address.js";
import { javaLines } from "./java.js";
import { post } from "./post.js";
import { talk } from "./talk.js";

export const pages = [
  { href: "./", mark: "", name: "Start", title: "Start", about: "" },
  { href: "data.html", mark: "", before: "Before stage 0", name: "Data", title: "Data and tokens", about: "Names become numbers, and which names training sees." },
  { href: "counting.html", mark: "0", name: "Counting", title: "Counting pairs", about: "Which letter follows which? A table answers, and invents." },
  { href: "ngram.html", mark: "", before: "After stage 0", name: "N-grams", title: "How far does counting go?", about: "Longer contexts, where they stop helping, and what a GPT does that no table can." },
  { href: "gradient.html", mark: "1", name: "Gradient", title: "The gradient by hand", about: "3,184 weights learn the same by walking downhill." },
  { href: "autograd.html", mark: "2", name: "Autograd", title: "Derivatives by machine", about: "A graph remembers the sum and finds every derivative." },
  { href: "attention.html", mark: "3", name: "Attention", title: "Looking back", about: "Attention: a letter asks all letters before it." },
  { href: "heads.html", mark: "4", name: "Heads", title: "Heads and layers", about: "Four ways of looking, side by side." },
  { href: "adam.html", mark: "5", name: "Adam", title: "Adam", about: "Every weight takes a step of its own. This is microgpt." },
  { href: "own.html", mark: "", before: "Your turn", name: "Your own", title: "Train your own", about: "Paste a list, watch a model learn it, and keep the model." },
  { href: "compare.html", mark: "", before: "After stage 5", name: "Compare", title: "Compare", about: "The stages in one table, two configurations, and how a run develops." },
  { href: "ablation.html", mark: "", before: "After stage 5", name: "Parts", title: "Take it away and see", about: "Train stage 5 without one of its parts, and find out whether a difference is luck." },
  { href: "glossary.html", mark: "", before: "Words", name: "Glossary", title: "Glossary", about: "Every word that these pages use." },
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

/** A number as digits and a power of ten: 1.2·10⁻⁷. */
export function scientific(x, decimals = 1) {
  const [digits, power] = x.toExponential(decimals).split("e");
  return `${digits.replace("-", "−")}·10${[...String(Number(power))].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`;
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

/** A number of things: "1 name", "2 names". */
export const some = (n, one, many = one + "s") => `${whole(n)} ${Number(n) === 1 ? one : many}`;

// ---- asking

/** Asks the library with parameters, or with a file; throws an Error with its message if it refuses. */
export async function ask(question, parameters = {}, signal) {
  const response = await post(question, parameters, signal);
  return response.json();
}

let known;

/** What there is to say of the list, which does not change: a page asks once. */
export function askOverview() {
  known ??= ask("data/overview").catch((e) => {
    known = null;
    throw e;
  });
  return known;
}

/** Asks for a file; resolves to a Blob. */
export async function askFile(question, parameters) {
  return (await post(question, parameters)).blob();
}

/** Asks for a run and hands over each of its events. Ends with it, or when the signal aborts. */
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

/**
 * A panel: runs work for it, one after the other, and shows in the panel what goes wrong. A panel whose question was refused is
 * blank but for its controls, as are those that it feeds: nothing that is shown belongs to what was asked before.
 */
export class Panel {
  #section;
  #problem;
  #fed;
  #newest = 0;

  constructor(selector, ...fed) {
    this.#section = $(selector);
    this.#fed = fed;
    this.#problem = el("p", { class: "problem", role: "alert" });
    const head = $(".controls", this.#section) ?? $("h2", this.#section);
    head.after(this.#problem);
  }

  $(selector) {
    return $(selector, this.#section);
  }

  /** Asks and shows the answer, unless something newer was asked in the meantime. */
  show(question, parameters, draw) {
    return this.refresh(() => ask(question, parameters), draw);
  }

  /** Gets an answer and shows it, unless a newer one was wanted in the meantime; resolves to false if it was refused. */
  async refresh(get, draw) {
    const mine = ++this.#newest;
    const wanted = () => mine === this.#newest;
    let drawn = false;
    await this.#attempt(async () => {
      const answer = await get();
      if (wanted()) {
        this.#blank(false);
        drawn = true;
        await draw(answer);
      }
    }, wanted);
    const refused = !drawn && wanted(); // else a newer one says what is shown
    if (refused) {
      this.#blank(true);
    }
    return !refused;
  }

  /** Runs work; its failure is shown in the panel. */
  run(work) {
    return this.#attempt(work, () => true);
  }

  async #attempt(work, wanted) {
    this.#section.dataset.state = "busy";
    let problem = "";
    try {
      await work();
    } catch (e) {
      if (e.name !== "AbortError") {
        problem = e.message;
      }
    }
    if (wanted()) {
      this.#problem.textContent = problem;
      this.#section.dataset.state = problem ? "refused" : "ready";
    }
  }

  #blank(blank) {
    this.#section.toggleAttribute("data-blank", blank);
    for (const panel of this.#fed) {
      panel.#section.toggleAttribute("data-blank", blank);
      panel.#section.dataset.state = blank ? "refused" : "busy";
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

/** Shows the value of a slider in the <b> beside it. */
export function bindSlider(input, show = (value) => value) {
  restore(input);
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
    const said = [...(start.closest(".panel")?.querySelectorAll("[aria-live]") ?? [])]; // only its end is told
    start.disabled = true;
    stop.disabled = false;
    said.forEach((region) => region.setAttribute("aria-busy", "true"));
    await work(stopping.signal);
    said.forEach((region) => region.removeAttribute("aria-busy"));
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
  const large = el("button", { type: "button", class: "type", title: "large type, for the projector", "aria-label": "large type, for the projector", onclick: () => {
    const next = document.documentElement.dataset.type === "large" ? "normal" : "large";
    localStorage.setItem("type", next);
    document.documentElement.dataset.type = next;
    large.setAttribute("aria-pressed", String(next === "large"));
  } }, "Aa");
  large.setAttribute("aria-pressed", String(document.documentElement.dataset.type === "large"));
  return el("header", { class: "bar" }, el("div", {},
    el("a", { class: "brand", href: "./" }, "microgpt"),
    el("nav", { "aria-label": "pages" }, el("ol", {}, links)), large, theme));
}

function onward(here) {
  const at = pages.indexOf(here);
  const link = (page, label, rel) => page && el("a", { href: page.href, rel }, el("span", {}, label), page.title);
  return el("nav", { class: "onward", "aria-label": "previous and next page" },
    link(pages[at - 1], "← previous", "prev"), link(pages[at + 1], "next →", "next"));
}

/** Stays at the target of the address while the page above it still fills, until the reader moves. */
function land() {
  let target;
  const aim = () => (target = document.getElementById(decodeURIComponent(location.hash.slice(1))));
  const stay = () => target?.scrollIntoView({ behavior: "instant" });
  if (performance.getEntriesByType("navigation")[0]?.type === "navigate") { // else the browser goes where the reader was
    aim();
  }
  addEventListener("hashchange", aim);
  for (const move of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(move, () => (target = null), { passive: true, capture: true });
  }
  new ResizeObserver(stay).observe($("main"));
}

restoreAll();
const here = pages.find((page) => new URL(page.href, location).pathname === location.pathname) ?? pages[0];
document.body.prepend(el("a", { class: "skip", href: "#main" }, "to the content"), bar(here));
$("main").append(onward(here));
document.body.append(el("footer", { class: "end" },
  "The numbers in the panels are computed by the library while you look. Words: ", el("a", { href: "glossary.html" }, "glossary"), "."));
document.querySelectorAll("figure.java").forEach(javaLines);
document.querySelectorAll(".talk").forEach(talk);
const current = $(".bar [aria-current]");
if (current) {
  current.parentElement.parentElement.parentElement.scrollLeft = current.offsetLeft - 60;
}
land();

// The word that a reader types: it is read with the characters of the list, and the page says so.
import { ask, askOverview, el } from "./shell.js";
import { recall, remember } from "./address.js";

/** Says below a field how the word in it is read, if not as it was typed, or offers what to try instead. */
export function sayHowItIsRead(input) {
  const note = el("small", { class: "read-as", role: "status" });
  input.after(note);
  let newest = 0;
  let timer;
  const use = (word) => {
    input.value = word;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  };
  const say = async () => {
    const mine = ++newest;
    const typed = input.value;
    const { read, problem } = await ask("data/word", { word: typed });
    if (mine !== newest) {
      return;
    }
    const where = input.closest(".panel") ? "" : problem; // a panel says itself what is wrong
    note.replaceChildren(...(problem ? [where, where && " ", read && el("button", { type: "button", onclick: () => use(read) }, `use ${read}`)].filter(Boolean)
      : read === typed ? [] : ["read as ", el("b", {}, read)]));
  };
  const sayLater = () => say().catch(() => note.replaceChildren()); // what is wrong then, its panel says
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(sayLater, 150);
  };
  input.addEventListener("input", later);
  input.addEventListener("shared", later); // typed into another field for the word
  sayLater();
}

/** The word that the reader looks at, the same on all pages of this tab; at first one that the list has the letters of. */
export async function bindWord(input, { quiet = false } = {}) {
  const keep = () => {
    sessionStorage.setItem("word", input.value);
    remember("word", input.value);
  };
  const { example } = await askOverview();
  input.value = recall("word") ?? sessionStorage.getItem("word") ?? example;
  input.addEventListener("input", keep);
  if (input.value !== example || recall("word") != null) {
    keep();
  }
  if (!quiet) {
    sayHowItIsRead(input);
  }
}

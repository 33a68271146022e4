// What the loop and the network have in common: the signs on their buttons, and the reader's word, which is one on the whole page.
import { $, el } from "./shell.js";

const WORDS = "#word, .loop-word, .network-word";

/** One of first, back, play, pause, on, last. */
export const icon = (name) => el("i", { class: "icon icon-" + name, "aria-hidden": "true" });

/** Keeps a field for the word in step with the others of the page; refresh is called when one of those was typed into. */
export function shareWord(field, refresh) {
  document.addEventListener("input", ({ target }) => {
    if (target !== field && target.matches(WORDS) && target.value !== field.value) {
      field.value = target.value;
      field.dispatchEvent(new Event("shared"));
      refresh();
    }
  });
  field.addEventListener("input", () => {
    const page = $("#word");
    if (page && page.value !== field.value) {
      page.value = field.value;
      page.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

// What the reader has set stands in the address: a copied link shows the same, and Back finds it as it was left.

const LONGEST = 500; // characters of a field that may stand in an address

const parameters = () => new URLSearchParams(location.search);

/** What the address says of a name, or null. */
export const recall = (name) => parameters().get(name);

/** A number of the address in [least, most], a whole one unless said otherwise; what is none is as if it were not there. */
export function recallNumber(name, { least = 0, most = Infinity, whole = true, otherwise }) {
  const text = recall(name);
  const value = Number(text);
  return text?.trim() && (whole ? Number.isSafeInteger(value) : Number.isFinite(value)) && value >= least && value <= most ? value : otherwise;
}

/** A browser allows only so many changes in a while: what one forbids is in the address at the next. */
function write(address) {
  try {
    history.replaceState(history.state, "", address);
  } catch (e) {
    if (e.name !== "SecurityError") {
      throw e;
    }
  }
}

/** Writes a value into the address; null takes it out. */
export function remember(name, value) {
  const all = parameters();
  if (value == null) {
    all.delete(name);
  } else {
    all.set(name, value);
  }
  const query = all.toString();
  if (query !== location.search.slice(1)) {
    write(location.pathname + (query && "?" + query) + location.hash);
  }
}

const standard = (control) => (control.tagName === "SELECT"
  ? ([...control.options].find((option) => option.defaultSelected) ?? control.options[0])?.value : control.defaultValue);

const isKept = (control) => control.id && control.id !== "word" && control.closest(".panel")
  && (control.type === "checkbox" || !["file", "radio"].includes(control.type) && !(control.tagName === "TEXTAREA" && !(control.maxLength > 0 && control.maxLength <= LONGEST)));

/** Sets a control to what the address says, if it can be that; for those that a script has made. */
export function restore(control) {
  const value = recall(control.id);
  if (value == null || !isKept(control)) {
    return;
  }
  if (control.type === "checkbox") {
    control.checked = value === "true";
    return;
  }
  control.value = control.type === "range" && !Number.isFinite(Number(value)) ? standard(control) : value;
  if (control.selectedIndex === -1 || !control.checkValidity()) {
    control.value = standard(control);
  }
}

/** Before the scripts of a page read its controls: those that stand in the page itself. */
export function restoreAll() {
  document.querySelectorAll("input, select, textarea").forEach(restore);
  document.addEventListener("input", ({ target }) => {
    if (isKept(target)) {
      const value = target.type === "checkbox" ? String(target.checked) : target.value;
      remember(target.id, value === (target.type === "checkbox" ? String(target.defaultChecked) : standard(target)) ? null : value);
    }
  });
}

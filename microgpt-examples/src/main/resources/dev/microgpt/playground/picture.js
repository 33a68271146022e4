// A picture as a file, for slides and work sheets.
import { el } from "./shell.js";

const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "font-family", "font-size", "font-style", "font-weight", "text-anchor", "paint-order"];
const SHARPNESS = 2; // pixels of the file for each of the page

/** The drawing with its colours and fonts written into it, on the colour of the card. */
function standalone(svg) {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((node, i) => {
    const style = getComputedStyle(originals[i]);
    node.removeAttribute("class");
    node.removeAttribute("style"); // attributes instead: a page may be forbidden to use inline styles
    STYLES.forEach((name) => node.setAttribute(name, style.getPropertyValue(name)));
  });
  const { width, height } = svg.viewBox.baseVal;
  const ground = document.createElementNS(svg.namespaceURI, "rect");
  const fill = getComputedStyle(document.documentElement).getPropertyValue("--card");
  Object.entries({ x: -8, y: -8, width: width + 16, height: height + 16, fill }).forEach(([name, value]) => ground.setAttribute(name, value));
  copy.prepend(ground);
  Object.entries({ xmlns: svg.namespaceURI, width: width + 16, height: height + 16, viewBox: `-8 -8 ${width + 16} ${height + 16}` }).forEach(([name, value]) => copy.setAttribute(name, value));
  return copy;
}

async function save(host) {
  const svg = standalone(host.querySelector("svg"));
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(svg));
  await image.decode();
  const canvas = el("canvas", { width: SHARPNESS * svg.getAttribute("width"), height: SHARPNESS * svg.getAttribute("height") });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const url = URL.createObjectURL(await new Promise((done) => canvas.toBlob(done, "image/png")));
  el("a", { href: url, download: `microgpt-${host.id || "picture"}.png` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A button that saves the picture in a host. */
export const saveButton = (host, label) => el("button", { type: "button", class: "save", title: "save picture", "aria-label": "save picture: " + label, onclick: () => save(host) }, "⤓");

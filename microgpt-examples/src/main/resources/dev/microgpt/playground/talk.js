// What the chapter of a stage says for a class, and where other texts differ: from the chapter itself.
import { el, pages } from "./shell.js";

const PARTS = ["In class", "Where other texts differ"];
const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\(([^)]+)\)/g;

/** The page of a chapter that a chapter links to. */
const pageOf = (link) => (link.match(/^0-ngrams\.md/) ? "ngram.html" : pages.find((page) => page.mark === link[0])?.href);

function inline(text) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [, code, bold, italic, label, link] = match;
    parts.push(text.slice(at, match.index),
      code ? el("code", {}, code) : bold ? el("b", {}, inline(bold)) : italic ? el("i", {}, inline(italic)) : link.match(/^\d/) ? el("a", { href: pageOf(link) }, label) : label);
    at = match.index + match[0].length;
  }
  return [...parts, text.slice(at)].filter((part) => part !== "").map((part) => (typeof part === "string" ? part.replace(/(^|[\s(])"/g, "$1“").replaceAll('"', "”") : part));
}

/** Paragraphs and lists. */
function blocks(markdown) {
  return markdown.trim().split(/\n\n+/).map((block) => (block.startsWith("- ")
    ? el("ul", {}, block.slice(2).split(/\n- /).map((item) => el("li", {}, inline(item.replace(/\s+/g, " ")))))
    : el("p", {}, inline(block.replace(/\s+/g, " ")))));
}

/** Fills a section with the two parts of its chapter, and leads to the chapter. */
export async function talk(section) {
  const file = `docs/${section.dataset.docs}.md`;
  const chapter = await (await fetch(file)).text();
  const part = (title) => chapter.split(`\n## ${title}\n`)[1]?.split(/\n## /)[0];
  section.replaceChildren(
    el("div", { class: "split" }, PARTS.filter(part).map((title) => el("div", {}, el("h2", {}, title), blocks(part(title))))),
    el("p", { class: "note" }, "From ", el("a", { href: file }, "the chapter of this stage"), ", which also has the program’s output and other exercises."));
}

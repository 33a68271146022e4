// The Java lines that a page shows, from the source itself.
import { el } from "./shell.js";

const JAVA = /(\/\/.*|\/\*[\s\S]*?\*\/)|("(?:[^"\\]|\\.)*")|\b(public|private|static|final|return|new|for|if|else|while|throw|int|double|long|void|boolean|class|record|this|null)\b/g;

/** Fills a figure with the lines of its file, from the first that has "from" to the next that has "to". */
export async function javaLines(figure) {
  const { file, from, to } = figure.dataset;
  const source = await (await fetch("source/" + file)).text();
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
    el("figcaption", {}, el("span", {}, name), el("a", { href: "source/" + file }, "whole file, from line " + (first + 1))), pre);
}

import { $, bindWord, el, pages } from "/shell.js";

await bindWord($("#word"));
$("#start").addEventListener("submit", (event) => {
  event.preventDefault();
  location.href = "/attention.html#heat";
});
$("#pages").append(...pages.slice(1).map((page) => el("li", {}, el("a", { href: page.href },
  el("small", {}, page.before ?? "Stage " + page.mark), el("b", {}, page.title), el("p", {}, page.about)))));

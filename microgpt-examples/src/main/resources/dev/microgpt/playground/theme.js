// Before anything is drawn: the theme and the size that were chosen here, or else the theme of the system. Paper is light.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const { dataset } = document.documentElement;
  const apply = () => {
    dataset.theme = localStorage.getItem("theme") ?? (system.matches ? "dark" : "light");
    dataset.type = localStorage.getItem("type") ?? "normal";
  };
  system.addEventListener("change", apply);
  addEventListener("beforeprint", () => Object.assign(dataset, { theme: "light", type: "normal" }));
  addEventListener("afterprint", apply);
  apply();
})();

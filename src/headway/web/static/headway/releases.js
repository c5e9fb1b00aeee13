// The box over a column ticks every box below it, so that one can be taken out again. Without a script the box over a
// column means the whole column all the same.
(() => {
  "use strict";

  for (const head of document.querySelectorAll("[data-column]")) {
    const [term, , audience] = head.value.split("|");
    const below = [...document.querySelectorAll(`input[name="cell"][value^="${term}|"][value$="|${audience}"]`)].filter(
      (box) => box !== head,
    );
    const settle = () => {
      const n = below.filter((box) => box.checked).length;
      head.checked = n === below.length;
      head.indeterminate = n > 0 && n < below.length;
    };
    head.addEventListener("change", () => below.forEach((box) => { box.checked = head.checked; }));
    below.forEach((box) => box.addEventListener("change", settle));
    settle();
  }
})();

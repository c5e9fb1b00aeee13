// Copies a one-time link, or the words to send with it, at a click. Without a script both can be marked and copied.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      source.select();
      try {
        await navigator.clipboard.writeText(source.value);
        document.getElementById("flash").textContent = "Copied.";
      } catch (refused) {
        // the browser keeps the clipboard to itself: what is marked can still be copied by hand
        document.getElementById("flash").textContent = "It is marked now: copy it with Ctrl+C.";
      }
    });
  }
})();

// A pupil's page on a shared computer: when nobody has touched it for as long as the school allows, it is asked for
// again, and the server, which counts by itself, then asks for the card. Without a script that happens at the next click.
(() => {
  "use strict";

  const page = document.querySelector("[data-idle-minutes]");
  if (!page) return;
  const wait = Number(page.dataset.idleMinutes) * 60 * 1000 + 5000;
  let timer = 0;
  const begin = () => {
    clearTimeout(timer);
    timer = setTimeout(() => location.reload(), wait);
  };
  for (const sign of ["pointerdown", "keydown", "scroll"]) document.addEventListener(sign, begin, { passive: true });
  begin();
})();

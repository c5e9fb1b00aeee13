// Light, dark or as the device says: applied before the page is drawn, remembered in a cookie, no reload needed.
// Without this script the same buttons send a form and the server does the same.
"use strict";
(function () {
  var root = document.documentElement;

  function apply(theme) {
    if (theme === "light" || theme === "dark") {
      root.setAttribute("data-bs-theme", theme);
    } else {
      root.removeAttribute("data-bs-theme");
    }
  }

  var kept = /(?:^|; )theme=(auto|light|dark)(?:;|$)/.exec(document.cookie);
  if (kept) {
    apply(kept[1]);
  }

  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || !event.target.hasAttribute("data-theme-switch")) {
      return;
    }
    event.preventDefault();
    var secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = "theme=" + button.value + "; path=/; max-age=31536000; samesite=lax" + secure;
    apply(button.value);
    event.target.querySelectorAll("button").forEach(function (each) {
      each.setAttribute("aria-pressed", String(each === button));
    });
  });
})();

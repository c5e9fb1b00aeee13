// The frame of every page: "/" goes to the search, which suggests while you type; messages are read out.
// Without this script the search is a form and the messages stand on the page.
"use strict";
(function () {
  var form = document.querySelector("[data-search]");

  // A message that is there when the page opens is not read out; one that arrives is.
  var flash = document.getElementById("flash");
  if (flash && flash.textContent.trim()) {
    var said = flash.innerHTML;
    flash.textContent = "";
    setTimeout(function () {
      flash.innerHTML = said;
    }, 120);
  }

  document.addEventListener("keydown", function (event) {
    var help = document.querySelector(".help[open]");
    if (event.key === "Escape" && help) {
      help.open = false;
      help.querySelector("summary").focus();
    }
  });

  if (!form || !window.fetch) {
    return;
  }
  var input = form.querySelector("input");
  var found = document.getElementById("search-found");
  var waiting = 0;
  var asked = 0;

  function isTyping(target) {
    return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
  }

  function close() {
    found.hidden = true;
  }

  function links() {
    return Array.prototype.slice.call(found.querySelectorAll("a"));
  }

  function suggest() {
    var query = input.value.trim();
    var mine = (asked += 1);
    if (query.length < 2) {
      close();
      return;
    }
    fetch(form.dataset.search + "?q=" + encodeURIComponent(query), { credentials: "same-origin" })
      .then(function (response) {
        return response.ok && !response.redirected ? response.text() : "";
      })
      .then(function (html) {
        if (mine === asked) {
          found.innerHTML = html;
          found.hidden = !html || document.activeElement !== input;
        }
      })
      .catch(close);
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });

  input.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 150);
  });

  form.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      close();
      input.focus();
    } else if (step && !found.hidden) {
      event.preventDefault();
      var all = links();
      var next = all.indexOf(document.activeElement) + step;
      (next < 0 ? input : all[Math.min(next, all.length - 1)] || input).focus();
    }
  });

  document.addEventListener("focusin", function (event) {
    if (!form.contains(event.target)) {
      close();
    }
  });
  document.addEventListener("click", function (event) {
    if (!form.contains(event.target)) {
      close();
    }
  });
})();

// The target sheet, quicker: Enter and the arrows move, and what a typed target would mean is said beside it.
// Without this script the page is one form: what is wrong, and what asks for a reason, is said after Save.
"use strict";
(function () {
  var PAUSE = 300; // milliseconds without a key before the sheet asks
  var form = document.getElementById("targets-form");
  if (!form || !window.fetch) {
    return;
  }
  var aloud = document.getElementById("targets-aloud");
  var unsaved = document.getElementById("targets-unsaved");
  var button = form.querySelector("button[type=submit]");
  var inputs = Array.prototype.slice.call(form.querySelectorAll('input[name^="grade:"]'));
  var waiting = {};
  var asked = {};
  var standing = {}; // what was said of each target before anything was typed
  var leaving = false;

  function keyOf(input) {
    return input.name.slice("grade:".length);
  }

  function field(what, input) {
    return form.elements[what + ":" + keyOf(input)];
  }

  function isChanged(input) {
    var read = field("read", input).value; // its version, a space, and the grade
    return input.value.trim() !== read.slice(read.indexOf(" ") + 1).trim();
  }

  // Which grade's warnings have been seen: the form then says so, and is not asked again.
  function setSeen(input, typed) {
    var seen = field("seen", input);
    if (!seen && typed) {
      seen = document.createElement("input");
      seen.type = "hidden";
      seen.name = "seen:" + keyOf(input);
      cellOf(input).appendChild(seen);
    }
    if (seen) {
      seen.value = typed;
    }
  }

  function hasSeen(input) {
    var seen = field("seen", input);
    return Boolean(seen && seen.value);
  }

  // The box for a reason: made where one is asked for, and kept where something stands in it.
  function askReason(input, needed) {
    var reason = field("reason", input);
    if (!reason && needed) {
      var made = document.getElementById("why-template").content.cloneNode(true);
      reason = made.querySelector("input");
      reason.id = reason.name = "reason:" + keyOf(input);
      made.querySelector("label").htmlFor = reason.id;
      made.querySelector("span").textContent = " " + input.getAttribute("aria-label");
      document.getElementById("said:" + keyOf(input)).after(made);
    }
    if (reason) {
      reason.closest(".why").hidden = !needed && !reason.value;
    }
  }

  function cellOf(input) {
    return input.closest("[data-cell]");
  }

  // ---- Moving: down and up in the same column ------------------------------------------------------------------

  function neighbour(input, step) {
    var cell = cellOf(input);
    var row = cell.parentElement;
    var column = Array.prototype.indexOf.call(row.children, cell);
    while ((row = step > 0 ? row.nextElementSibling : row.previousElementSibling)) {
      var other = row.children[column].querySelector('input[name^="grade:"]');
      if (other) {
        return other;
      }
    }
    return null;
  }

  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.name && event.target.name.indexOf("reason:") === 0) {
      event.preventDefault(); // a reason is not the end of the sheet: only the button saves
    }
    if (inputs.indexOf(event.target) < 0 || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    var step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      var next = neighbour(event.target, step);
      if (next) {
        next.focus();
        next.select();
      }
    }
  });

  // ---- Asking what a target would mean --------------------------------------------------------------------------

  function show(input, answer) {
    document.getElementById("said:" + keyOf(input)).innerHTML = answer.same ? standing[input.name] : answer.html;
    setSeen(input, answer.flags.length ? input.value.trim() : "");
    askReason(input, answer.needs_reason);
    if (answer.wrong) {
      input.setAttribute("aria-invalid", "true");
    } else {
      input.removeAttribute("aria-invalid");
    }
    aloud.textContent = answer.aloud + (answer.needs_reason ? " Say why below it." : "");
    count();
  }

  function ask(input) {
    var key = keyOf(input);
    var mine = (asked[key] = (asked[key] || 0) + 1);
    var cell = { pupil: key.split(":")[0], point: key.split(":")[1], grade: input.value };
    fetch(form.dataset.check, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify({ cells: [cell] }),
    })
      .then(function (response) {
        return response.ok && !response.redirected ? response.json() : null;
      })
      .then(function (answer) {
        if (answer && mine === asked[key]) {
          show(input, answer.cells[0]);
        }
      })
      .catch(function () {}); // without an answer the form still says everything after Save
  }

  function count() {
    var changed = inputs.filter(isChanged);
    var seen = inputs.some(function (input) {
      return isChanged(input) && hasSeen(input);
    });
    unsaved.textContent = changed.length ? changed.length + " not saved yet" : "";
    button.textContent = seen ? "Save anyway" : "Save";
  }

  form.addEventListener("input", function (event) {
    var input = event.target;
    if (inputs.indexOf(input) < 0) {
      return;
    }
    input.classList.toggle("changed", isChanged(input));
    setSeen(input, "");
    count();
    clearTimeout(waiting[input.name]);
    waiting[input.name] = setTimeout(ask, PAUSE, input);
  });

  // ---- Leaving with something typed -----------------------------------------------------------------------------

  form.addEventListener("submit", function () {
    leaving = true;
  });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && inputs.some(isChanged)) {
      event.preventDefault();
    }
  });

  inputs.forEach(function (input) {
    standing[input.name] = document.getElementById("said:" + keyOf(input)).innerHTML;
    input.classList.toggle("changed", isChanged(input));
  });
  count();
})();

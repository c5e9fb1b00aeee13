// A file dropped or chosen is sent at once, and the page says which. Without this script the browser's own file field
// takes a dropped file too, and the button under it sends it.
"use strict";
(function () {
  var forms = Array.prototype.slice.call(document.querySelectorAll("[data-drop]"));
  if (!forms.length) {
    return;
  }

  function say(form, words) {
    form.querySelector("[data-drop-said]").textContent = words;
  }

  function send(form) {
    var input = form.querySelector("input[type=file]");
    if (!input.files.length || form.classList.contains("is-sent")) {
      return;
    }
    form.classList.add("is-sent");
    say(form, "Reading " + input.files[0].name + " …");
    form.submit();
  }

  function take(form, files) {
    if (files.length > 1) {
      say(form, "One file at a time: drop the first one again.");
      return;
    }
    form.querySelector("input[type=file]").files = files;
    send(form);
  }

  forms.forEach(function (form) {
    var zone = form.querySelector(".drop-zone");
    form.querySelector("[data-drop-send]").hidden = true;
    form.querySelector("input[type=file]").addEventListener("change", function () {
      send(form);
    });
    ["dragenter", "dragover"].forEach(function (name) {
      zone.addEventListener(name, function () {
        zone.classList.add("is-over");
      });
    });
    ["dragleave", "drop"].forEach(function (name) {
      zone.addEventListener(name, function () {
        zone.classList.remove("is-over");
      });
    });
  });

  function carriesFiles(event) {
    return event.dataTransfer && Array.prototype.indexOf.call(event.dataTransfer.types, "Files") >= 0;
  }

  // A file that misses the field would replace the page. Where there is one field only, it is what was meant.
  document.addEventListener("dragover", function (event) {
    if (carriesFiles(event)) {
      event.preventDefault();
    }
  });
  document.addEventListener("drop", function (event) {
    if (!carriesFiles(event)) {
      return;
    }
    event.preventDefault();
    var form = event.target.closest ? event.target.closest("[data-drop]") : null;
    form = form || (forms.length === 1 ? forms[0] : null);
    if (form && event.dataTransfer.files.length) {
      take(form, event.dataTransfer.files);
    }
  });

  // The way back through the browser shows this page as it was left: ready for another file.
  window.addEventListener("pageshow", function () {
    forms.forEach(function (form) {
      form.classList.remove("is-sent");
      form.reset();
      say(form, "");
    });
  });
})();

// Choosing pupils on the progress page: "all shown" ticks every box, the number chosen is said, and what can be done
// with them stays in sight. Without this script the boxes and buttons work as they stand.
"use strict";
(function () {
  // A form sends its empty choices too; without them the address is short enough to pass on.
  var ask = document.getElementById("ask");
  if (ask) {
    ask.addEventListener("formdata", function (event) {
      Array.from(event.formData.entries()).forEach(function (pair) {
        if (pair[1] === "") {
          event.formData.delete(pair[0]);
        }
      });
    });
  }

  var form = document.querySelector("[data-choosing]");
  if (!form) {
    return;
  }
  var all = form.querySelector("[data-all]");
  var bar = form.querySelector("[data-chosen]");
  var said = form.querySelector("[data-n]");
  var boxes = Array.from(form.querySelectorAll('input[name="pupil"]'));

  function show() {
    var n = boxes.filter(function (box) {
      return box.checked;
    }).length;
    all.checked = n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
    said.textContent = n ? n + " chosen" : "";
    bar.classList.toggle("some", n > 0);
  }

  form.addEventListener("change", function (event) {
    if (event.target === all) {
      boxes.forEach(function (box) {
        box.checked = all.checked;
      });
    }
    show();
  });
  window.addEventListener("pageshow", show); // the browser may have kept the ticks
})();

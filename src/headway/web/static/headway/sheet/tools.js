// The buttons above the sheet: undo and redo, showing less, the list of keys; and what such elements are made with.
"use strict";
(function () {
  const sheet = window.headwaySheet;
  if (!sheet || !sheet.cells) {
    return;
  }
  const KEYS = {
    "Enter, Shift+Enter": "down, up; at the end of a column on to the next",
    "Tab, Shift+Tab": "to the next mark, the one before",
    "Arrows, Page Up, Page Down, Home, End": "move; with Shift they choose a block",
    F2: "edit inside a mark",
    Escape: "give back what stood",
    Delete: "empty what is chosen",
    "Ctrl+D, Ctrl+R": "fill down, fill right",
    "Ctrl+C, Ctrl+X, Ctrl+V": "copy, cut, paste a block, also from a spreadsheet",
    "Ctrl+Z, Ctrl+Y": "undo, redo",
    "Ctrl+S": "save at once (it saves by itself too)",
    F8: "to the next mark that is not saved",
    "Shift+F2": "a note on a mark",
  };

  /** An element with its class, text and children, in one expression. */
  function make(tag, className = "", ...content) {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...content);
    return made;
  }

  function button(className, words, act) {
    const made = make("button", className, words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  sheet.make = make;
  sheet.button = button;

  // ---- The buttons above the sheet -----------------------------------------------------------------------------

  const undo = button("tool", "Undo", () => sheet.undo());
  const redo = button("tool", "Redo", () => sheet.redo());
  undo.title = "Ctrl+Z";
  redo.title = "Ctrl+Y";
  const fold = button("tool", "", () => {
    setFolded(!sheet.table.classList.contains("folded"));
    remember("folded", sheet.table.classList.contains("folded") ? "yes" : "no");
  });
  sheet.tools = make("div", "sheet-tools", ...(sheet.cells.size ? [undo, redo] : []), fold);
  sheet.tools.setAttribute("role", "group");
  sheet.tools.setAttribute("aria-label", "What to do with the sheet");
  // Beside the table while it is scrolled, so that what is said of a cell is always in sight.
  const said = [document.getElementById("sheet-panel"), document.getElementById("sheet-state")];
  sheet.bar = make("div", "sheet-bar", ...said);
  sheet.region.before(sheet.tools, sheet.bar);
  const hint = document.querySelector(".keys");
  if (hint) {
    sheet.tools.prepend(hint);
    sheet.tools.append(keyList());
  }

  function keyList() {
    const list = make("dl", "");
    Object.keys(KEYS).forEach((key) => list.append(make("dt", "", key), make("dd", "", KEYS[key])));
    const details = make("details", "key-list", make("summary", "tool", "Keys"), list);
    details.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        details.open = false;
        details.firstChild.focus();
      }
    });
    details.addEventListener("focusout", (event) => {
      details.open = details.open && (!event.relatedTarget || details.contains(event.relatedTarget));
    });
    return details;
  }

  function refreshTools() {
    undo.setAttribute("aria-disabled", String(!sheet.canUndo()));
    redo.setAttribute("aria-disabled", String(!sheet.canRedo()));
  }

  /** Hides what stands beside the marks, so that more of them fit; remembered in this browser. */
  function setFolded(isFolded) {
    sheet.table.classList.toggle("folded", isFolded);
    fold.textContent = isFolded ? "Show more" : "Show less";
    span(isFolded);
    sheet.tell("fold");
  }

  /** What lies over several columns spans those that are shown. */
  function span(isFolded) {
    const perSubject = sheet.table.querySelectorAll("thead th.context").length / sheet.columns.length;
    sheet.table.querySelectorAll("[colspan]").forEach((cell) => {
      cell.dataset.span = cell.dataset.span || cell.colSpan;
      cell.colSpan = cell.dataset.span - (isFolded ? perSubject : 0);
    });
  }

  /** How somebody likes the page, kept in this browser; without a value, what was kept. */
  function remember(what, value) {
    try {
      if (value === undefined) {
        return localStorage.getItem("headway.look." + what);
      }
      localStorage.setItem("headway.look." + what, value);
    } catch (error) {
      // without storage it is asked again next time
    }
    return value;
  }
  sheet.remember = remember;

  const kept = remember("folded");
  setFolded(kept ? kept === "yes" : window.matchMedia("(max-width: 44rem)").matches);

  sheet.when("change", refreshTools);
  refreshTools();
})();

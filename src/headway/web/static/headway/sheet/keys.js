// The keyboard and the mouse of a spreadsheet, on a plain table of inputs.
// On arrival a mark is chosen whole, so that typing replaces it; F2 (or a second click) puts the caret inside.
"use strict";
(function () {
  const sheet = window.headwaySheet;
  if (!sheet || !sheet.cells) {
    return;
  }
  const PAGE = 10;
  let dragging = null;
  let clickedAgain = null;

  function lastOf(line, from) {
    return from < 0 ? line.filter(Boolean).pop() : line.find(Boolean);
  }

  function toEdge(cell, right, extend) {
    const edge = lastOf(sheet.rows[cell.row].cells, -right);
    sheet.go(edge.row, edge.column, extend);
  }

  function toCorner(end, extend) {
    const rows = sheet.rows.filter((row) => row.cells.some(Boolean));
    const corner = lastOf((end ? rows[rows.length - 1] : rows[0]).cells, end ? -1 : 1);
    sheet.go(corner.row, corner.column, extend);
  }

  function byPage(cell, down, extend) {
    const target = Math.max(0, Math.min(sheet.rows.length - 1, cell.row + down * PAGE));
    for (let row = target; row !== cell.row; row -= down) {
      if (sheet.at(row, cell.column)) {
        sheet.go(row, cell.column, extend);
        return;
      }
    }
  }

  /** The next mark (or note beside it) in reading order; at either end the browser goes on as it would. */
  function byTab(input, back) {
    const stops = Array.from(sheet.table.querySelectorAll('td.cell input[name^="mark."], td.note input'));
    const next = stops[stops.indexOf(input) + (back ? -1 : 1)];
    const cell = sheet.cellOf(next);
    if (cell) {
      sheet.go(cell.row, cell.column);
    } else if (next) {
      next.focus();
      next.select();
    }
    return Boolean(next);
  }

  /** Ctrl+D, Ctrl+R: the first row (or column) of the block into the rest; one cell alone takes the mark above. */
  function fill(down) {
    sheet.commit(sheet.current);
    const edges = sheet.box();
    if (down && edges.top === edges.bottom) {
      edges.top = Math.max(0, edges.top - 1);
    }
    const pairs = sheet.chosen().map((cell) => {
      const from = down ? sheet.at(edges.top, cell.column) : sheet.at(cell.row, edges.left);
      return from && from !== cell && [cell, from.shown];
    });
    const count = sheet.change(pairs.filter(Boolean));
    sheet.say(count ? sheet.plural(count, "mark") + " filled in." : "Nothing to fill in.");
  }

  function empty() {
    const count = sheet.change(sheet.chosen().map((cell) => [cell, ""]));
    if (count > 1) {
      sheet.say(sheet.plural(count, "mark") + " emptied.");
    }
  }

  // Each key gives back false where the browser should go on as it would.
  const NAMED = {
    Enter: (cell, event) => sheet.goDown(cell, event.shiftKey),
    Tab: (cell, event) => byTab(cell.input, event.shiftKey),
    Escape: (cell) => {
      sheet.only(cell);
      sheet.giveBack(cell);
    },
    F2: (cell, event) => {
      if (event.shiftKey) {
        sheet.tell("note", cell);
      } else if (sheet.editing) {
        sheet.editing = false;
        cell.input.select();
      } else {
        sheet.edit(cell);
      }
    },
  };
  const MOVING = {
    ArrowDown: (cell, event) => sheet.step(cell, 1, 0, event.shiftKey),
    ArrowUp: (cell, event) => sheet.step(cell, -1, 0, event.shiftKey),
    ArrowRight: (cell, event) => sheet.step(cell, 0, 1, event.shiftKey),
    ArrowLeft: (cell, event) => sheet.step(cell, 0, -1, event.shiftKey),
    PageDown: (cell, event) => byPage(cell, 1, event.shiftKey),
    PageUp: (cell, event) => byPage(cell, -1, event.shiftKey),
    Home: (cell, event) => toEdge(cell, -1, event.shiftKey),
    End: (cell, event) => toEdge(cell, 1, event.shiftKey),
    Delete: empty,
  };
  const WITH_CTRL = {
    z: (cell, event) => (event.shiftKey ? sheet.redo() : takeBack(cell)),
    y: () => sheet.redo(),
    d: () => fill(true),
    // Alone, Ctrl+R stays the browser's: nobody who reloads a page means to copy a mark from the next subject.
    r: () => (sheet.box().right > sheet.box().left ? fill(false) : false),
    a: (cell) => (sheet.editing ? false : everything(cell)),
    home: (cell, event) => toCorner(false, event.shiftKey),
    end: (cell, event) => toCorner(true, event.shiftKey),
  };

  function takeBack(cell) {
    sheet.isTyped(cell) ? sheet.giveBack(cell) : sheet.undo();
  }

  function everything() {
    toCorner(false, false);
    toCorner(true, true);
  }

  sheet.table.addEventListener("keydown", (event) => {
    const cell = sheet.cellOf(event.target);
    if (event.altKey || event.isComposing) {
      return;
    }
    if (!cell) {
      inNote(event);
      return;
    }
    const key = event.ctrlKey || event.metaKey ? WITH_CTRL[event.key.toLowerCase()] : NAMED[event.key];
    const moving = !event.ctrlKey && !event.metaKey && !sheet.editing && MOVING[event.key];
    const act = key || moving;
    // At the edge an arrow does nothing; it must not move the caret either.
    if (act && (act(cell, event) !== false || moving)) {
      event.preventDefault();
    }
  });

  /** In the column of notes: up, down and Enter go from pupil to pupil. */
  function inNote(event) {
    const td = event.target.closest("td.note");
    const down = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (td && event.key === "Tab" && byTab(event.target, event.shiftKey)) {
      event.preventDefault();
    } else if (td && down) {
      event.preventDefault();
      const notes = Array.from(sheet.table.querySelectorAll("td.note input"));
      const next = notes[notes.indexOf(event.target) + down];
      if (next) {
        next.focus();
        next.select();
      }
    }
  }

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      sheet.commit(sheet.current);
      sheet.tell("hurry");
    } else if (event.key === "F8") {
      event.preventDefault();
      sheet.tell("next-problem");
    }
  });

  // ---- The mouse: one click chooses a mark whole, a second puts the caret in, dragging chooses a block -----------

  sheet.table.addEventListener("mousedown", (event) => {
    const cell = sheet.cellOf(event.target);
    if (!cell || event.button !== 0) {
      return;
    }
    if (event.shiftKey && sheet.current) {
      event.preventDefault();
      sheet.go(cell.row, cell.column, true);
      return;
    }
    dragging = cell;
    if (document.activeElement === cell.input && event.target === cell.input) {
      clickedAgain = cell; // the browser puts the caret where the click was
    } else {
      event.preventDefault();
      sheet.go(cell.row, cell.column);
    }
  });

  sheet.table.addEventListener("mouseover", (event) => {
    const cell = dragging && event.buttons & 1 && sheet.cellOf(event.target);
    if (cell && cell !== sheet.current) {
      sheet.go(cell.row, cell.column, true);
    }
  });

  // Whoever comes with a mouse and a keyboard finds the first mark that is missing ready to be typed.
  document.addEventListener("DOMContentLoaded", () => {
    const missing = Array.from(sheet.cells.values()).filter((cell) => !cell.shown);
    const first = missing.sort((one, other) => one.column - other.column || one.row - other.row)[0];
    if (first && !location.hash && document.activeElement === document.body && !window.matchMedia("(pointer: coarse)").matches) {
      sheet.go(first.row, first.column);
    }
  });

  document.addEventListener("mouseup", () => {
    if (clickedAgain && clickedAgain === sheet.current) {
      sheet.only(clickedAgain);
      sheet.editing = true;
    }
    dragging = clickedAgain = null;
  });
})();

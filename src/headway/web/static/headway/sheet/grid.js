// The cells of a mark sheet: where somebody is, which block is chosen, and changing marks so that it can be undone.
// The page stays a plain table of inputs, and without any of these scripts it is one form.
//
// Its words: a cell *shows* a mark once it is typed and left; *typed* text is on its way; *saved* is what the school
// holds. Other files listen by `sheet.when(…)` and are told by `sheet.tell(…)`: grid.js knows none of them.
"use strict";
(function () {
  const form = document.getElementById("sheet-form");
  const table = document.getElementById("sheet");
  if (!form || !table || !window.fetch) {
    return;
  }
  document.documentElement.classList.add("js");

  const sheet = (window.headwaySheet = Object.assign({ pollEvery: 4000, quietFor: 2000 }, window.headwaySheet));
  const scales = JSON.parse(document.getElementById("sheet-scales").textContent || "{}");
  const MARKS = 'td.cell input[name^="mark."]';
  const columns = Array.from(table.querySelectorAll("th.marking"), (th) => th.id.slice("s-".length));
  const region = table.closest(".sheet-scroll");
  const live = document.getElementById("sheet-live");
  const listeners = {};
  const done = [];
  const undone = [];
  let anchor = null;
  let isExtending = false;

  Object.assign(sheet, {
    form,
    table,
    region,
    scales,
    cells: new Map(),
    rows: [],
    columns,
    current: null,
    editing: false,
    when,
    tell,
    say,
    keyOf,
    cellOf,
    subjectName,
    plural,
    labelOf,
    isTyped,
    isLikely,
    show,
    showNote,
    change,
    commit,
    giveBack,
    undo,
    redo,
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
    at,
    go,
    step,
    goDown,
    box,
    chosen,
    only,
    edit,
    setState,
  });

  // ---- Listening and saying ------------------------------------------------------------------------------------

  function when(what, listener) {
    (listeners[what] = listeners[what] || []).push(listener);
  }

  function tell(what, ...about) {
    (listeners[what] || []).forEach((listener) => listener(...about));
  }

  /** Reads a sentence out, politely; emptied first, so that the same sentence twice is read twice. */
  function say(sentence) {
    live.textContent = "";
    setTimeout(() => {
      live.textContent = sentence;
    }, 60);
  }

  // ---- The cells -----------------------------------------------------------------------------------------------

  function keyOf(pupil, subject) {
    return pupil + "." + subject;
  }

  Array.from(table.tBodies).forEach((body) => Array.from(body.rows).forEach(readRow));

  function readRow(tr) {
    if (!tr.dataset.pupil) {
      return;
    }
    const heading = tr.querySelector("th[scope=row]");
    const row = { tr, pupil: tr.dataset.pupil, name: words(heading.querySelector("a") || heading), cells: [] };
    const number = sheet.rows.push(row) - 1;
    tr.querySelectorAll(MARKS).forEach((input) => {
      const subject = input.dataset.subject;
      const noteInput = tr.querySelector('input[name="note.' + row.pupil + "." + subject + '"]');
      const cell = {
        input,
        noteInput,
        td: input.closest("td"),
        row: number,
        column: columns.indexOf(subject),
        pupil: row.pupil,
        subject,
        key: keyOf(row.pupil, subject),
        shown: input.value,
        saved: input.value,
        version: input.dataset.version,
        note: input.dataset.note || "",
        savedNote: input.dataset.note || "",
        state: "",
        sentence: "",
        clash: null,
        by: "",
        step: null,
        away: 0,
      };
      row.cells[cell.column] = cell;
      sheet.cells.set(cell.key, cell);
      markNote(cell);
    });
  }

  function words(element) {
    return element.textContent.replace(/\s+/g, " ").trim();
  }

  function cellOf(element) {
    const td = element && element.closest && element.closest("td.cell");
    const input = td && table.contains(td) && td.querySelector(MARKS);
    return input ? sheet.cells.get(keyOf(input.closest("tr").dataset.pupil, input.dataset.subject)) : undefined;
  }

  function at(row, column) {
    return sheet.rows[row] && sheet.rows[row].cells[column];
  }

  function subjectName(subject) {
    const th = document.getElementById("s-" + subject);
    return words(th.querySelector(".visually-hidden") || th);
  }

  function labelOf(cell) {
    return sheet.rows[cell.row].name + ", " + subjectName(cell.subject);
  }

  /** Whether text is on its way that has not been left yet. */
  function isTyped(cell) {
    return cell.input.value !== cell.shown;
  }

  /** A quick look whether a mark seems to be on its scale. Only the server decides. */
  function isLikely(subject, mark) {
    const scale = scales[subject];
    const text = mark.trim().toLowerCase().replace(/\s+/g, " ");
    if (!scale || text === "") {
      return true;
    }
    const known = [].concat(scale.grades, scale.wholes, ...scale.codes).map((each) => each.toLowerCase());
    const bare = text.replace(/^(level|l) ?(?=\w)/, "");
    const parts = /^(low|secure|high) ?| ?(low|secure|high|[lsh])$/;
    return [text, bare, text.replace(parts, ""), bare.replace(parts, "")].some((each) => known.includes(each));
  }

  /** Lets a cell show a mark; text that somebody is typing in it stays. */
  function show(cell, mark) {
    const typed = isTyped(cell);
    cell.shown = mark;
    if (!typed) {
      cell.input.value = mark;
      if (document.activeElement === cell.input && !sheet.editing) {
        cell.input.select();
      }
    }
  }

  /** Says at the cell how its mark is: waiting, sending, saved, refused, clash, theirs, or nothing. */
  function setState(cell, state, sentence) {
    cell.state = state;
    cell.sentence = sentence || "";
    if (state !== "clash") {
      cell.clash = null;
    }
    [cell.td, cell.noteInput && cell.noteInput.closest("td")].filter(Boolean).forEach((td) => {
      td.dataset.state = state;
    });
    markNote(cell);
    attribute(cell.input, "aria-invalid", state === "refused" && "true");
    attribute(cell.input, "aria-describedby", ["refused", "clash", "doubtful"].includes(state) && "sheet-message");
    tell("state", cell);
  }

  function attribute(element, name, value) {
    if (value) {
      element.setAttribute(name, value);
    } else {
      element.removeAttribute(name);
    }
  }

  /** Lets a cell have a note; one that somebody is typing beside it stays. */
  function showNote(cell, note) {
    const typed = cell.noteInput && cell.noteInput.value !== cell.note;
    cell.note = note;
    if (cell.noteInput && !typed) {
      cell.noteInput.value = note;
    }
    markNote(cell);
  }

  function markNote(cell) {
    cell.td.classList.toggle("has-note", Boolean(cell.note) && !cell.noteInput);
  }

  // ---- Changing, undoing ---------------------------------------------------------------------------------------

  /** Changes marks as one step that can be undone; `pairs` are [cell, mark]. Gives how many were changed. */
  function change(pairs) {
    pairs.forEach(([cell]) => (cell.input.value = cell.shown));
    const entries = pairs
      .map(([cell, mark]) => ({ cell, before: cell.shown, after: mark.trim(), was: cell.step }))
      .filter((entry) => entry.after !== entry.before);
    if (entries.length) {
      done.push(entries);
      undone.length = 0;
      put(entries, "after", (entry) => (entry.cell.step = entries));
    }
    return entries.length;
  }

  function put(entries, which, then) {
    entries.forEach((entry) => {
      entry.cell.input.value = entry.cell.shown = entry[which];
      then(entry);
    });
    const active = sheet.current;
    if (active && document.activeElement === active.input) {
      active.input.select();
    }
    tell("change", entries.map((entry) => entry.cell));
  }

  /** Takes what has been typed into a cell as its mark. */
  function commit(cell) {
    if (cell && isTyped(cell)) {
      change([[cell, cell.input.value]]);
    }
  }

  /** Escape: what stood before typing; in a cell that was refused, what the school holds. */
  function giveBack(cell) {
    if (isTyped(cell)) {
      cell.input.value = cell.shown;
      tell("given-back");
    } else if (cell.state === "refused") {
      change([[cell, cell.saved]]);
    }
    sheet.editing = false;
    cell.input.select();
  }

  // A cell remembers the step that changed it last. A step is undone only where it was the last: never over what a
  // colleague has put there since.
  function undo() {
    retrace(done, undone, "before", "Undone", (entry, entries) => entry.cell.step === entries, (entry) => entry.was);
  }

  function redo() {
    retrace(undone, done, "after", "Done again", (entry) => entry.cell.step === entry.was, (entry, entries) => entries);
  }

  function retrace(from, to, which, word, isFree, stepAfter) {
    const entries = from.pop();
    if (!entries) {
      say("Nothing to take back.");
      return;
    }
    const free = entries.filter((entry) => isFree(entry, entries));
    to.push(entries);
    put(free, which, (entry) => (entry.cell.step = stepAfter(entry, entries)));
    const left = entries.length - free.length;
    say(word + ": " + plural(free.length, "mark") + (left ? "; " + left + " left as they are, changed since" : "") + ".");
    const first = (free[0] || entries[0]).cell;
    go(first.row, first.column);
  }

  function plural(count, noun) {
    return count + " " + noun + (count === 1 ? "" : "s");
  }

  // ---- Where one is, and what is chosen ------------------------------------------------------------------------

  /** Goes to a cell and chooses its text, so that typing replaces it. With `extend` the block grows to there. */
  function go(row, column, extend) {
    const cell = at(row, column);
    if (!cell) {
      return;
    }
    if (!extend) {
      anchor = cell;
    }
    isExtending = Boolean(extend);
    cell.input.focus({ preventScroll: true });
    isExtending = false;
    sheet.editing = false;
    cell.input.select();
    cell.td.scrollIntoView({ block: "nearest", inline: "nearest" });
    paint();
  }

  /** The next cell in a direction; read-only ones are stepped over, and the edge is the end. */
  function step(cell, down, right, extend) {
    let row = cell.row;
    let column = cell.column;
    do {
      row += down;
      column += right;
    } while (!at(row, column) && row >= 0 && row < sheet.rows.length && column >= 0 && column < columns.length);
    if (at(row, column)) {
      go(row, column, extend);
      return true;
    }
    return false;
  }

  /** Enter: down, and from the last row to the top of the next column; with `back` the other way round. */
  function goDown(cell, back) {
    if (step(cell, back ? -1 : 1, 0)) {
      return;
    }
    const rows = back ? sheet.rows.slice().reverse() : sheet.rows;
    for (let column = cell.column + (back ? -1 : 1); column >= 0 && column < columns.length; column += back ? -1 : 1) {
      const next = rows.map((row) => row.cells[column]).find(Boolean);
      if (next) {
        go(next.row, next.column);
        return;
      }
    }
    commit(cell);
    cell.input.select();
    say(back ? "This is the first mark." : "That was the last mark.");
  }

  function edit(cell) {
    sheet.editing = true;
    const end = cell.input.value.length;
    cell.input.setSelectionRange(end, end);
  }

  /** The chosen block, as its edges. */
  function box() {
    const cell = sheet.current;
    const other = anchor || cell;
    return {
      top: Math.min(cell.row, other.row),
      bottom: Math.max(cell.row, other.row),
      left: Math.min(cell.column, other.column),
      right: Math.max(cell.column, other.column),
    };
  }

  /** The chosen cells, row by row. */
  function chosen() {
    const edges = box();
    const cells = [];
    for (let row = edges.top; row <= edges.bottom; row += 1) {
      for (let column = edges.left; column <= edges.right; column += 1) {
        cells.push(at(row, column));
      }
    }
    return cells.filter(Boolean);
  }

  /** Lets the block be one cell again. */
  function only(cell) {
    anchor = cell;
    paint();
  }

  function paint() {
    table.querySelectorAll("td.chosen").forEach((td) => td.classList.remove("chosen"));
    const cells = sheet.current ? chosen() : [];
    if (cells.length > 1) {
      cells.forEach((cell) => cell.td.classList.add("chosen"));
    }
  }

  function point(cell, here) {
    sheet.rows[cell.row].tr.classList.toggle("here", here);
    document.getElementById("s-" + cell.subject).classList.toggle("here", here);
  }

  table.addEventListener("focusin", (event) => {
    const cell = cellOf(event.target);
    if (!cell) {
      return;
    }
    if (sheet.current) {
      point(sheet.current, false);
    }
    point(cell, true);
    sheet.current = cell;
    sheet.editing = false;
    anchor = isExtending ? anchor : cell;
    cell.input.select();
    paint();
    tell("arrive", cell);
  });

  table.addEventListener("focusout", (event) => {
    const cell = cellOf(event.target);
    if (cell) {
      sheet.editing = false;
      commit(cell);
    }
  });
})();

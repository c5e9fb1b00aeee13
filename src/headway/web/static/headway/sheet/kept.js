// What is kept on this computer: only what the school has not acknowledged, under the person and the sheet, and erased
// with the acknowledgement, because computers are shared. The same person finds it again in the cells; nobody else does.
"use strict";
(function () {
  const sheet = window.headwaySheet;
  if (!sheet || !sheet.cells) {
    return;
  }
  const FORGOTTEN_AFTER = 30 * 24 * 3600 * 1000;
  const EVERYBODYS = "headway.sheet.";
  const MINE = EVERYBODYS + sheet.form.dataset.user + "." + sheet.form.dataset.sheet + ".";
  // Each opening of the page keeps under a name of its own, so that two of them never erase what the other keeps.
  const HERE = MINE + sheet.newId();

  sheet.when("saving", keep);
  sheet.when("given-back", keep);

  /** Keeps the requests that are not answered, and the cells that are in none. */
  function keep() {
    const cells = sheet
      .unsaved()
      .filter((cell) => sheet.waiting.has(cell) || !sheet.isAway(cell))
      .map((cell) => Object.assign(sheet.asSent(cell), { mark: cell.input.value.trim() }));
    try {
      if (cells.length || sheet.outbox.length) {
        localStorage.setItem(HERE, JSON.stringify({ at: Date.now(), requests: sheet.outbox, cells }));
      } else {
        localStorage.removeItem(HERE);
      }
    } catch (error) {
      sheet.cannotKeep = true; // storage is full or forbidden: the page says to stay open
    }
  }

  /** What was kept of this sheet for this person, oldest first, as [name, kept]; what is very old is erased. */
  function keptBefore() {
    const found = [];
    names().forEach((name) => {
      const kept = read(name);
      if (!kept || Date.now() - kept.at > FORGOTTEN_AFTER) {
        localStorage.removeItem(name);
      } else if (name.startsWith(MINE)) {
        found.push([name, kept]);
      }
    });
    return found.sort((one, other) => one[1].at - other[1].at);
  }

  function names() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(EVERYBODYS));
    } catch (error) {
      return []; // storage is forbidden here
    }
  }

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch (error) {
      return null; // not ours, or cut off
    }
  }

  /** Puts back what was not acknowledged when the page was last left, and sends it: requests under their own ids. */
  function putBack() {
    const before = keptBefore();
    const back = new Set();
    const lost = new Set();
    before.forEach(([, kept]) => kept.requests.forEach((request) => putBackRequest(request, back, lost)));
    before.forEach(([, kept]) => kept.cells.forEach((sent) => putBackCell(sent, back, lost)));
    keep();
    before.forEach(([name]) => localStorage.removeItem(name));
    if (back.size || lost.size) {
      sheet.tell("put-back", back.size, Array.from(lost));
    }
    sheet.flush(true);
  }

  function putBackRequest(request, back, lost) {
    sheet.outbox.push(request);
    sheet.form.dataset.have = ""; // it may be answered with what stood then, so ask soon for what stands now
    request.cells.forEach((sent) => {
      const cell = place(sent, back, lost);
      if (cell) {
        cell.away += 1;
        sheet.setState(cell, "waiting");
      }
    });
  }

  function putBackCell(sent, back, lost) {
    const cell = place(sent, back, lost);
    if (cell && back.has(cell)) {
      cell.version = sent.version; // as it was read then: if somebody has changed it since, that is a clash
      sheet.waiting.add(cell);
      sheet.setState(cell, "waiting");
    }
  }

  /** The cell of what was sent, showing it again; none where it cannot be marked here any more. */
  function place(sent, back, lost) {
    const cell = sheet.cells.get(sheet.keyOf(sent.pupil, sent.subject));
    if (!cell) {
      const row = sheet.rows.find((each) => each.pupil === sent.pupil);
      lost.add((row ? row.name : "a pupil who has left") + " " + (sent.mark || "blank"));
      return null;
    }
    const note = sent.note === undefined ? cell.note : sent.note;
    if (sent.mark !== cell.shown || note !== cell.note) {
      back.add(cell);
      sheet.show(cell, sent.mark);
      sheet.showNote(cell, note);
    }
    return cell;
  }

  document.addEventListener("DOMContentLoaded", putBack); // once the other scripts have begun to listen
})();

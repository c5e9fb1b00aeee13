// What colleagues change meanwhile, and a clash with them: both values, and the teacher chooses.
"use strict";
(function () {
  const sheet = window.headwaySheet;
  if (!sheet || !sheet.cells) {
    return;
  }
  const form = sheet.form;
  let timer = 0;

  // ---- Asking --------------------------------------------------------------------------------------------------

  function again() {
    clearTimeout(timer);
    timer = setTimeout(poll, sheet.pollEvery);
  }

  async function poll() {
    if (document.hidden || navigator.onLine === false || sheet.link.away || sheet.link.trouble) {
      again();
      return;
    }
    const saves = sheet.nSaves;
    const address = form.dataset.changes + (form.dataset.changes.includes("?") ? "&" : "?");
    try {
      const answer = await sheet.fetchJson(address + "have=" + encodeURIComponent(form.dataset.have));
      // An answer that crossed a save of our own may be older than it: it is asked for again.
      if (answer && !sheet.link.away && saves === sheet.nSaves) {
        take(answer);
      }
    } catch (problem) {
      if (problem.kind === "signed-out" && !sheet.link.trouble) {
        sheet.link.trouble = "signed-out";
        sheet.say("You are signed out.");
        sheet.tell("saving");
      }
    }
    again();
  }

  function take(answer) {
    const passedOver = answer.cells.some(isPassedOver);
    const changed = answer.cells.filter(takeCell);
    form.dataset.have = passedOver ? "" : answer.have; // what was passed over is told again
    sheet.tell("missing", answer.missing);
    if (changed.length) {
      const names = Array.from(new Set(changed.map((each) => each.by || "somebody else")));
      sheet.say(sheet.plural(changed.length, "mark") + " changed by " + names.join(" and ") + ".");
    }
  }

  /** A cell somebody is at is left alone: if both have changed it, saving it says so. */
  function isPassedOver(each) {
    const cell = sheet.cells.get(sheet.keyOf(each.pupil, each.subject));
    return Boolean(cell) && cell.version !== each.version && sheet.isBusy(cell);
  }

  /** Takes one cell in as it stands, and says whether that changed a mark or note that was shown. */
  function takeCell(each) {
    const cell = sheet.cells.get(sheet.keyOf(each.pupil, each.subject));
    if (cell && sheet.isBusy(cell)) {
      return false;
    }
    sheet.tell("status", each.pupil, each.subject, each.status);
    if (!cell || cell.version === each.version) {
      return false;
    }
    const isNew = cell.shown !== each.mark || cell.note !== (each.note || "");
    stand(cell, each);
    if (isNew) {
      sheet.show(cell, each.mark);
      sheet.showNote(cell, each.note || "");
      cell.step = null; // what was done here before is not undone over it
      cell.by = each.by;
      sheet.setState(cell, "theirs");
    }
    return isNew;
  }

  function stand(cell, standing) {
    cell.version = standing.version;
    cell.saved = standing.mark;
    cell.savedNote = standing.note || "";
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      clearTimeout(timer);
      poll();
    }
  });
  again();

  // ---- Clashes -------------------------------------------------------------------------------------------------

  /** Mine: saved over theirs, knowingly, with the version that stands. */
  sheet.useMine = function (cell) {
    stand(cell, cell.clash);
    sheet.queue([cell]);
    sheet.flush(true);
    goOn(cell);
  };

  sheet.keepTheirs = function (cell) {
    const theirs = cell.clash;
    stand(cell, theirs);
    sheet.showNote(cell, cell.savedNote);
    sheet.change([[cell, theirs.mark]]);
    sheet.queue([cell]);
    cell.by = theirs.by;
    sheet.setState(cell, "theirs");
    sheet.say(theirs.mark + " kept.");
    goOn(cell);
  };

  function goOn(cell) {
    const others = problems().filter((each) => each.state === "clash");
    if (others.length) {
      toProblem(others[0]);
    } else {
      sheet.go(cell.row, cell.column);
    }
  }

  // ---- From one mark that is not saved to the next -------------------------------------------------------------

  function problems() {
    return sheet.rows
      .reduce((all, row) => all.concat(row.cells.filter(Boolean)), [])
      .filter((cell) => ["refused", "clash"].includes(cell.state));
  }
  sheet.problems = problems;

  function toProblem(cell) {
    sheet.go(cell.row, cell.column);
    if (cell.state === "clash") {
      sheet.tell("decide", cell);
    }
  }

  sheet.when("next-problem", () => {
    const all = problems();
    const here = all.indexOf(sheet.current);
    if (!all.length) {
      sheet.say("Every mark is saved.");
    } else if (here >= 0 && sheet.current.state === "clash" && document.activeElement === sheet.current.input) {
      sheet.tell("decide", sheet.current);
    } else {
      toProblem(all[(here + 1) % all.length]);
    }
  });
})();

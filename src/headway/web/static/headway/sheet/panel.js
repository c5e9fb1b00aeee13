// What is said above the sheet: the state of saving, the cell somebody is at, its note, a clash.
"use strict";
(function () {
  const sheet = window.headwaySheet;
  if (!sheet || !sheet.cells) {
    return;
  }
  const panel = document.getElementById("sheet-panel");
  const state = document.getElementById("sheet-state");
  const hasKeyboard = !window.matchMedia("(pointer: coarse)").matches;
  let putBackWords = "";

  const { make, button } = sheet;

  /** An act that is done once after however many calls: a paste changes hundreds of cells, the panel shows one. */
  function once(act) {
    let isDue = false;
    return () => {
      if (!isDue) {
        isDue = true;
        Promise.resolve().then(() => {
          isDue = false;
          act();
        });
      }
    };
  }

  // ---- The state of saving -------------------------------------------------------------------------------------
  // Read out only where it matters, by `sheet.say`: a screen reader that hears of every save hears nothing else.

  state.setAttribute("aria-live", "off");
  const words = make("span", "state-words");
  words.append(...state.childNodes);
  const next = button("plain", "", () => sheet.tell("next-problem"));
  const back = button("plain", "", () => sheet.reload());
  next.hidden = back.hidden = true;
  state.append(words, " ", next, back);

  function refreshState() {
    const problems = sheet.problems().length;
    const pending = sheet.unsaved().length - problems;
    const trouble = sheet.link.trouble || (navigator.onLine === false ? "lost" : "");
    sheet.form.dataset.link = trouble;
    state.dataset.state = trouble || (problems ? "problem" : pending ? "saving" : "saved");
    const said = [
      problems && sheet.plural(problems, "mark") + " not saved.",
      trouble ? troubleWords(trouble, pending) : pending && "Saving…",
      putBackWords,
      sheet.link.sentence,
    ].filter(Boolean);
    const quiet = !said.length || (said.length === 1 && said[0] === putBackWords);
    if (quiet && sheet.lastSaved) {
      said.push("All marks saved " + sheet.lastSaved.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }));
    }
    if (said.length) {
      words.textContent = said.join(" ");
    }
    sheet.bar.hidden = !sheet.cells.size && !said.length;
    next.hidden = !problems;
    next.textContent = (problems > 1 ? "Go to the next" : "Go there") + (hasKeyboard ? " (F8)" : "");
    back.hidden = trouble !== "signed-out" && !sheet.link.sentence;
    back.textContent = trouble === "signed-out" ? "Sign in again" : "Open the sheet again";
  }

  function troubleWords(trouble, pending) {
    const kept = sheet.cannotKeep ? "Keep this page open" : "Keep this page open, or come back: they are kept on this computer";
    const wait = pending === 1 ? "1 mark waits" : pending + " marks wait";
    if (trouble === "signed-out") {
      return "You are signed out. " + (pending ? wait + " and will be sent when you are back." : "");
    }
    return pending ? wait + " for the connection. " + kept + "." : "There is no connection just now.";
  }

  const refreshStateOnce = once(refreshState);
  sheet.when("saving", refreshStateOnce);
  sheet.when("change", refreshStateOnce);
  sheet.when("put-back", (back, lost) => {
    putBackWords = back
      ? sheet.plural(back, "mark") + " that had not been sent " + (back === 1 ? "was" : "were") + " put back."
      : "";
    if (lost.length) {
      putBackWords += " Not put back, for you cannot mark them here now: " + lost.join(", ") + ".";
    }
    sheet.say(putBackWords);
    refreshState();
  });

  // ---- The cell somebody is at ---------------------------------------------------------------------------------

  const title = make("strong", "panel-cell", "Choose a mark to begin.");
  const message = make("span", "panel-message");
  message.id = "sheet-message";
  const mine = button("btn btn-ink", "", () => sheet.useMine(sheet.current));
  const theirs = button("btn btn-line", "", () => sheet.keepTheirs(sheet.current));
  const choice = make("div", "panel-acts", mine, theirs);
  const beside = make("span", "panel-beside");
  const noteButton = button("tool", "", () => editNote(sheet.current));
  const text = make("textarea", "form-control");
  text.id = "sheet-note";
  text.rows = 1;
  text.maxLength = 500;
  const label = make("label", "form-label");
  label.htmlFor = text.id;
  const editor = make(
    "div",
    "panel-editor",
    label,
    text,
    make("div", "panel-acts", button("btn btn-ink", "Keep the note", keepNote), button("btn btn-line", "Cancel", leaveNote))
  );
  editor.hidden = choice.hidden = true;
  panel.append(make("p", "panel-words", title, " ", message, " ", beside), choice, noteButton, editor);
  panel.hidden = !sheet.cells.size;
  noteButton.hidden = true;

  function refreshPanel() {
    const cell = sheet.current;
    if (!cell) {
      return;
    }
    const other = !sentenceOf(cell) && editor.hidden && sheet.problems()[0];
    panel.dataset.state = other ? "other" : cell.state;
    const said = other ? "Not saved: " + sheet.labelOf(other) + ". " + other.sentence : sentenceOf(cell);
    title.textContent = sheet.labelOf(cell) + (said ? (other ? "." : ":") : "");
    message.textContent = said;
    choice.hidden = cell.state !== "clash";
    if (cell.clash) {
      mine.textContent = "Use mine (" + (cell.shown || "blank") + ")";
      theirs.textContent = "Keep theirs (" + (cell.clash.mark || "blank") + ")";
    }
    beside.textContent = said ? "" : [foldedAway(cell), cell.note && "Note: " + cell.note].filter(Boolean).join(" · ");
    noteButton.textContent = cell.note ? "Change the note" : "Add a note";
    noteButton.title = "Shift+F2";
    noteButton.hidden = Boolean(cell.noteInput) || !editor.hidden || ["refused", "clash"].includes(cell.state);
  }

  /** What stands beside the mark, where its columns are not shown. */
  function foldedAway(cell) {
    const said = [];
    const isContext = (td) => td && td.classList.contains("context");
    for (let td = cell.td.previousElementSibling; isContext(td); td = td.previousElementSibling) {
      const heading = sheet.table.querySelector("thead th." + Array.from(td.classList).join("."));
      said.unshift(heading.textContent + " " + td.textContent.replace(/\s+/g, " ").trim());
    }
    return sheet.table.classList.contains("folded") ? said.join(" · ") : "";
  }

  function sentenceOf(cell) {
    if (cell.state === "refused") {
      return cell.sentence + (cell.saved !== cell.shown ? " Escape puts back " + (cell.saved || "a blank") + "." : "");
    }
    if (cell.state === "clash") {
      const noted = cell.clash.note && cell.clash.note !== cell.note ? " Their note: " + cell.clash.note : "";
      return cell.sentence + " You put " + (cell.shown || "a blank") + "." + noted;
    }
    if (cell.state === "theirs") {
      return (cell.shown || "This blank") + " is " + (cell.by || "somebody else") + "’s, a moment ago.";
    }
    return cell.sentence;
  }

  sheet.when("arrive", () => {
    leaveNote(false);
    refreshPanel();
  });
  sheet.when("state", once(refreshPanel));
  sheet.when("fold", refreshPanel);
  sheet.when("decide", () => {
    refreshPanel();
    mine.focus();
    sheet.say(message.textContent);
  });

  panel.addEventListener("keydown", (event) => {
    const cell = sheet.current;
    if (event.key === "Escape") {
      event.preventDefault();
      leaveNote(false);
      sheet.go(cell.row, cell.column);
    } else if (event.key === "Enter" && event.target === text && !event.shiftKey) {
      event.preventDefault();
      keepNote();
    }
  });

  // ---- Notes ---------------------------------------------------------------------------------------------------

  function editNote(cell) {
    sheet.commit(cell);
    if (cell.noteInput) {
      cell.noteInput.focus();
      return;
    }
    label.textContent = "Note on " + sheet.labelOf(cell);
    text.value = cell.note;
    editor.hidden = false;
    document.documentElement.classList.add("with-note");
    refreshPanel();
    text.focus();
  }
  sheet.when("note", editNote);

  function keepNote() {
    setNote(sheet.current, text.value.replace(/\s+/g, " ").trim());
    leaveNote();
  }

  function leaveNote(goBack) {
    editor.hidden = true;
    document.documentElement.classList.remove("with-note");
    refreshPanel();
    if (goBack !== false) {
      sheet.go(sheet.current.row, sheet.current.column);
    }
  }

  function setNote(cell, words) {
    if (words !== cell.note) {
      sheet.showNote(cell, words);
      sheet.queue([cell]);
    }
  }

  sheet.table.addEventListener("focusout", (event) => {
    if (event.target.closest("td.note")) {
      const cell = Array.from(sheet.cells.values()).find((each) => each.noteInput === event.target);
      const words = event.target.value.trim();
      event.target.value = cell.note;
      setNote(cell, words);
    }
  });

  // ---- The rest of the page follows ----------------------------------------------------------------------------

  sheet.when("missing", (missing) => {
    Object.keys(missing || {}).forEach((subject) => {
      const output = document.getElementById("missing-" + subject);
      if (output) {
        output.textContent = missing[subject];
      }
    });
  });

  sheet.when("status", (pupil, subject, status) => {
    const row = sheet.rows.find((each) => each.pupil === pupil);
    const td = row && row.tr.querySelector('td[data-status="' + subject + '"]');
    if (!td || !status) {
      return;
    }
    td.className = td.className.replace(/\bedge-\w+/, "edge-" + status.code);
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    shape.setAttribute("class", "shape fill-" + status.code);
    shape.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", "#shape-" + status.code);
    shape.append(use);
    td.textContent = "";
    td.append(shape, status.word);
    if (status.gap) {
      td.append(" ", make("span", "hint", status.gap));
    }
  });

  refreshState();
})();

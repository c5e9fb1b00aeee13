// The tap pad: marks by large buttons, so that no screen keyboard covers the sheet. On by itself where a finger points.
"use strict";
(function () {
  const sheet = window.headwaySheet;
  if (!sheet || !sheet.cells || !sheet.cells.size) {
    return;
  }
  const { make, button } = sheet;
  const isCoarse = window.matchMedia("(pointer: coarse)").matches;
  let isOn = false;
  let shownFor = "";

  const title = make("p", "pad-cell");
  const grades = make("div", "pad-grades");
  const codes = make("div", "pad-codes");
  const bar = make(
    "div",
    "pad-bar",
    title,
    button("tool", "Keyboard", () => setOn(false))
  );
  const acts = make(
    "div",
    "pad-acts",
    button("pad-key", "Clear", () => put("")),
    button("pad-key", "↑ Previous", () => sheet.goDown(sheet.current, true)),
    button("pad-key", "↓ Next", () => sheet.goDown(sheet.current, false))
  );
  const pad = make("section", "pad", bar, grades, codes, acts);
  pad.setAttribute("aria-label", "Tap pad");
  pad.hidden = true;
  sheet.form.after(pad);

  const opener = button("tool", "Tap pad", () => setOn(!isOn));
  sheet.tools.append(opener);

  // A tap leaves the focus in the cell, so that the sheet never loses its place.
  pad.addEventListener("mousedown", (event) => {
    if (event.target.closest(".pad-key")) {
      event.preventDefault();
    }
  });

  /** Puts a mark into the cell and goes on to the next; a cleared one is stayed at. */
  function put(mark) {
    const cell = sheet.current;
    sheet.change([[cell, mark]]);
    if (mark) {
      sheet.goDown(cell, false);
    }
    refresh();
  }

  /** The grades of one whole grade together: 4c, 4b, 4a; by the longest whole grade a code begins with. */
  function byWhole(scale) {
    const groups = new Map();
    scale.grades.forEach((grade) => {
      const whole = scale.wholes.filter((each) => grade.startsWith(each)).sort((one, other) => other.length - one.length)[0];
      groups.set(whole || grade, (groups.get(whole || grade) || []).concat(grade));
    });
    return Array.from(groups.values());
  }

  function keyFor(mark, words) {
    const key = button("pad-key", mark, () => put(mark));
    key.dataset.mark = mark.toLowerCase();
    if (words) {
      key.setAttribute("aria-label", mark + ", " + words);
    }
    return key;
  }

  function layOut(subject) {
    const scale = sheet.scales[subject];
    const groups = byWhole(scale);
    const isDivided = groups.some((group) => group.length > 1);
    grades.textContent = codes.textContent = "";
    grades.classList.toggle("pad-flow", !isDivided);
    if (isDivided) {
      groups.forEach((group) => grades.append(make("div", "pad-row", ...group.map((grade) => keyFor(grade)))));
    } else {
      grades.append(...scale.grades.map((grade) => keyFor(grade)));
    }
    codes.append(...scale.codes.map(([code, words]) => keyFor(code, words)));
    shownFor = subject;
  }

  function refresh() {
    const cell = sheet.current;
    if (!isOn || !cell) {
      return;
    }
    if (shownFor !== cell.subject) {
      layOut(cell.subject);
    }
    title.textContent = sheet.labelOf(cell) + (cell.shown ? ": " + cell.shown : "");
    pad.querySelectorAll("[aria-pressed]").forEach((key) => key.removeAttribute("aria-pressed"));
    const find = (mark) => mark && pad.querySelector('[data-mark="' + CSS.escape(mark.toLowerCase()) + '"]');
    const standing = find(cell.shown);
    if (standing) {
      standing.setAttribute("aria-pressed", "true");
    }
    const near = standing || find(cell.input.dataset.near);
    if (near) {
      const place = near.parentNode === grades ? near : near.parentNode;
      grades.scrollTop = place.offsetTop - grades.offsetTop - (grades.clientHeight - place.offsetHeight) / 2;
    }
  }

  function setOn(on) {
    isOn = on;
    sheet.remember("pad", on ? "yes" : "no");
    pad.hidden = !on;
    document.documentElement.classList.toggle("with-pad", on);
    opener.setAttribute("aria-pressed", String(on));
    sheet.cells.forEach((cell) => {
      cell.input.inputMode = on ? "none" : "";
    });
    const cell = sheet.current || sheet.rows.reduce((found, row) => found || row.cells.find(Boolean), undefined);
    cell.input.blur(); // a keyboard opens or closes only for a cell that is come to
    sheet.go(cell.row, cell.column);
    refresh();
  }

  sheet.when("arrive", refresh);
  sheet.when("state", (cell) => cell === sheet.current && refresh());

  // Where a finger points it opens with the first cell that is come to, unless this browser was told otherwise.
  if (sheet.remember("pad") === "yes" || (isCoarse && sheet.remember("pad") !== "no")) {
    let isFirst = true;
    sheet.cells.forEach((cell) => {
      cell.input.inputMode = "none";
    });
    sheet.when("arrive", () => {
      if (isFirst) {
        isFirst = false;
        setOn(true);
      }
    });
  }
})();

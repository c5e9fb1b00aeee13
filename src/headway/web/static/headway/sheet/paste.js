// Copying, cutting and pasting blocks. A block that comes in is shown, mark by mark, before anything is changed.
"use strict";
(function () {
  const sheet = window.headwaySheet;
  if (!sheet || !sheet.cells) {
    return;
  }
  const { make, button } = sheet;

  const LONGEST = 40; // letters of a pasted mark; whatever is longer is none, and is refused by its beginning

  // ---- Out -----------------------------------------------------------------------------------------------------

  function blockText() {
    const edges = sheet.box();
    const lines = [];
    for (let row = edges.top; row <= edges.bottom; row += 1) {
      const marks = [];
      for (let column = edges.left; column <= edges.right; column += 1) {
        const cell = sheet.at(row, column);
        marks.push(cell ? cell.input.value : "");
      }
      lines.push(marks.join("\t"));
    }
    return lines.join("\r\n");
  }

  function copy(event) {
    const cell = sheet.cellOf(document.activeElement);
    if (!cell || sheet.editing) {
      return;
    }
    event.preventDefault();
    event.clipboardData.setData("text/plain", blockText());
    const cells = sheet.chosen();
    if (event.type === "cut") {
      sheet.change(cells.map((each) => [each, ""]));
    }
    if (cells.length > 1) {
      sheet.say(sheet.plural(cells.length, "mark") + (event.type === "cut" ? " cut." : " copied."));
    }
  }
  document.addEventListener("copy", copy);
  document.addEventListener("cut", copy);

  // ---- In ------------------------------------------------------------------------------------------------------

  /**
   * The rows of a block as spreadsheets put it on the clipboard: tabs between marks, any kind of line end, one at the
   * end too; a mark that holds a tab or a line end stands in quotes, with its own quotes doubled.
   */
  function readBlock(text) {
    const rows = [[]];
    const field = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/y;
    let found;
    do {
      found = field.exec(text);
      const mark = found[1] === undefined ? found[2] : found[1].replace(/""/g, '"');
      rows[rows.length - 1].push(mark.replace(/\s+/g, " ").trim().slice(0, LONGEST));
      if (found[3] !== "\t" && found[3] !== "" && field.lastIndex < text.length) {
        rows.push([]);
      }
    } while (field.lastIndex < text.length);
    if (/\t$/.test(text)) {
      rows[rows.length - 1].push("");
    }
    return rows;
  }

  /** Where each mark of a block would go; the block is repeated where what is chosen is a whole multiple of it. */
  function placed(block) {
    const edges = sheet.box();
    const size = { rows: block.length, columns: Math.max(...block.map((row) => row.length)) };
    const chosen = { rows: edges.bottom - edges.top + 1, columns: edges.right - edges.left + 1 };
    const repeats = chosen.rows % size.rows === 0 && chosen.columns % size.columns === 0;
    const target = repeats ? chosen : size;
    const plan = { pairs: [], outside: 0, blank: 0 };
    for (let row = 0; row < target.rows; row += 1) {
      for (let column = 0; column < target.columns; column += 1) {
        const mark = block[row % size.rows][column % size.columns] || "";
        const cell = sheet.at(edges.top + row, edges.left + column);
        if (mark === "") {
          plan.blank += cell && cell.shown ? 1 : 0; // a blank never takes a mark away
        } else if (cell) {
          plan.pairs.push([cell, mark]);
        } else {
          plan.outside += 1;
        }
      }
    }
    return plan;
  }

  sheet.table.addEventListener("paste", (event) => {
    const cell = sheet.cellOf(event.target);
    const text = event.clipboardData.getData("text/plain");
    if (!cell || sheet.editing || text.trim() === "") {
      return;
    }
    event.preventDefault();
    const block = readBlock(text);
    const plan = placed(block);
    if (block.length === 1 && block[0].length === 1) {
      sheet.change(plan.pairs);
    } else {
      sheet.commit(cell);
      open(plan, cell);
    }
  });

  // ---- The preview ---------------------------------------------------------------------------------------------

  let dialog = null;
  let showing = null;

  function makeDialog() {
    dialog = make("dialog", "paste");
    dialog.setAttribute("aria-labelledby", "paste-heading");
    const heading = make("h2", "", "Paste");
    heading.id = "paste-heading";
    const sums = make("p", "paste-sums");
    sums.id = "paste-sums";
    sums.setAttribute("role", "status");
    const acts = make("div", "paste-acts");
    const put = button("btn btn-ink", "", finish);
    const cancel = button("btn plain", "Cancel", () => dialog.close());
    acts.append(put, cancel);
    const body = make("div", "paste-body");
    body.tabIndex = 0;
    body.setAttribute("role", "region");
    body.setAttribute("aria-label", "What would change");
    dialog.append(heading, sums, acts, body);
    document.body.append(dialog);
    Object.assign(dialog, { heading, sums, put, body });
    dialog.addEventListener("close", () => {
      const cell = showing.cell;
      showing = null;
      cell.input.focus();
    });
  }

  /** Opens the preview, asks the server about each mark that would change, and shows what it answers. */
  async function open(plan, cell) {
    if (!dialog) {
      makeDialog();
    }
    const mine = (showing = { plan, cell, good: [] });
    const all = plan.pairs.length;
    dialog.heading.textContent = "Paste " + sheet.plural(all, "mark");
    dialog.sums.textContent = "Checking…";
    dialog.put.textContent = "Checking…";
    dialog.put.setAttribute("aria-disabled", "true");
    dialog.body.textContent = "";
    dialog.showModal();
    dialog.put.focus();
    const changes = plan.pairs.filter(([each, mark]) => mark !== each.shown);
    const refusals = changes.length ? await refusalsOf(changes) : new Map();
    if (showing === mine) {
      present(mine, changes, refusals);
    }
  }

  /** What the server says against each mark; without a connection a quick look of our own has to do. */
  async function refusalsOf(changes) {
    const refusals = new Map();
    try {
      const answers = await sheet.check(changes);
      answers.forEach((answer, number) => {
        if (answer.outcome === "refused") {
          refusals.set(changes[number][0], answer.sentence);
        }
      });
    } catch (problem) {
      refusals.unasked = true;
      changes.forEach(([cell, mark]) => {
        if (!sheet.isLikely(cell.subject, mark)) {
          refusals.set(cell, "“" + mark + "” does not look like a mark of this subject.");
        }
      });
    }
    return refusals;
  }

  function present(mine, changes, refusals) {
    const { plan } = mine;
    mine.good = changes.filter(([cell]) => !refusals.has(cell));
    const same = plan.pairs.length - changes.length;
    const leftOut = refusals.size + plan.outside;
    const facts = [
      sheet.plural(mine.good.length, "mark") + " would change.",
      refusals.unasked && "There is no connection, so this is only a quick look.",
      same && sheet.plural(same, "mark") + " already stand" + (same === 1 ? "s" : "") + " there.",
      plan.outside && sheet.plural(plan.outside, "mark") + " would lie outside the sheet.",
      plan.blank && sheet.plural(plan.blank, "mark") + " stay" + (plan.blank === 1 ? "s" : "") + " where the block is blank.",
    ];
    dialog.sums.textContent = facts.filter(Boolean).join(" ");
    dialog.put.textContent =
      (mine.good.length ? "Put in " + sheet.plural(mine.good.length, "mark") : "Put in nothing") +
      (leftOut ? ", leave out " + leftOut : "");
    dialog.put.removeAttribute("aria-disabled");
    dialog.body.textContent = "";
    if (refusals.size) {
      dialog.body.append(refusalList(plan, refusals));
    }
    dialog.body.append(changeTable(plan, refusals));
    dialog.put.focus();
  }

  function refusalList(plan, refusals) {
    const list = make("ul", "paste-refused");
    plan.pairs.forEach(([cell]) => {
      if (refusals.has(cell)) {
        const item = make("li");
        item.append(make("strong", "", sheet.labelOf(cell)), ": " + refusals.get(cell));
        list.append(item);
      }
    });
    return list;
  }

  /** Pupils down, subjects across, as on the sheet: what stands → what would stand. */
  function changeTable(plan, refusals) {
    const columns = sheet.columns.filter((subject) => plan.pairs.some(([cell]) => cell.subject === subject));
    const table = make("table", "paste-table");
    const head = table.createTHead().insertRow();
    head.append(heading("Pupil", "col"));
    columns.forEach((subject) => head.append(heading(sheet.subjectName(subject), "col")));
    const body = table.createTBody();
    const byRow = new Map();
    plan.pairs.forEach(([cell, mark]) => {
      byRow.set(cell.row, (byRow.get(cell.row) || new Map()).set(cell.subject, [cell, mark]));
    });
    byRow.forEach((pairs, row) => {
      const tr = body.insertRow();
      tr.append(heading(sheet.rows[row].name, "row"));
      columns.forEach((subject) => describe(tr.insertCell(), pairs.get(subject), refusals));
    });
    return table;
  }

  function heading(text, scope) {
    const th = make("th", "", text);
    th.scope = scope;
    return th;
  }

  function describe(td, pair, refusals) {
    if (!pair) {
      return;
    }
    const [cell, mark] = pair;
    if (refusals.has(cell)) {
      td.className = "refused";
      td.append(make("span", "visually-hidden", "left out: "), make("s", "", mark));
    } else if (mark === cell.shown) {
      td.className = "same";
      td.append(mark, make("span", "visually-hidden", " stands already"));
    } else {
      td.append(make("span", "old", cell.shown || "–"), " → ", make("strong", "", mark));
    }
  }

  function finish() {
    if (dialog.put.getAttribute("aria-disabled")) {
      return;
    }
    const { good } = showing;
    dialog.close();
    if (sheet.change(good)) {
      sheet.say(sheet.plural(good.length, "mark") + " put in. Control Z takes them back.");
    }
  }
})();

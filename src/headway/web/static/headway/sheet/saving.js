// Saving behind the teacher: what waits, and one request at a time.
//
// A cell is sent with the version it was read at; the server never lets a later writer win unseen. A request that may
// have been lost is sent again under its own id, so that it is done once however often it arrives.
"use strict";
(function () {
  const sheet = window.headwaySheet;
  if (!sheet || !sheet.cells) {
    return;
  }
  const form = sheet.form;
  const AT_ONCE = 10; // cells that wait no longer
  const MOST = 200; // cells of one request
  const LONGEST_ANSWER = 30000;
  const KEEPALIVE = 30000; // letters; a browser sends up to 64 KiB for a page that is going

  const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
  const waiting = new Set();
  const outbox = []; // requests made and not answered, oldest first; the first one is away
  const link = { away: false, tries: 0, retryAt: 0, trouble: "", sentence: "" };
  let timer = 0;
  let isLeaving = false;

  Object.assign(sheet, {
    waiting,
    outbox,
    link,
    asSent,
    newId,
    isAway,
    queue,
    flush,
    check,
    fetchJson,
    isBusy,
    unsaved,
    nSaves: 0,
    lastSaved: null,
  });

  /** Whether a cell has something on its way, or something the school has not taken. */
  function isBusy(cell) {
    return sheet.isTyped(cell) || waiting.has(cell) || isAway(cell) || ["refused", "clash"].includes(cell.state);
  }

  /** Whether a cell is in a request that is made and not answered. */
  function isAway(cell) {
    return cell.away > 0;
  }

  /** The cells the school does not hold as they are shown. */
  function unsaved() {
    return Array.from(sheet.cells.values()).filter(isBusy);
  }

  // ---- The queue -----------------------------------------------------------------------------------------------

  sheet.when("change", queue);
  sheet.when("hurry", () => flush(true));

  /** Lets changed cells wait to be sent. */
  function queue(cells) {
    cells.forEach(lineUp);
    sheet.tell("saving");
    schedule(cells.some((cell) => cell.state === "doubtful"));
  }

  /** Lets a cell wait, unless the school holds it as it is shown. */
  function lineUp(cell) {
    const isSettled = cell.shown === cell.saved && cell.note === cell.savedNote && !isAway(cell);
    if (isSettled) {
      waiting.delete(cell);
      sheet.setState(cell, "");
    } else {
      waiting.add(cell);
      const isLikely = sheet.isLikely(cell.subject, cell.shown);
      sheet.setState(cell, isLikely ? "waiting" : "doubtful", isLikely ? "" : doubt(cell));
    }
  }

  function doubt(cell) {
    return "“" + cell.shown + "” does not look like a mark in " + sheet.subjectName(cell.subject) + ". Asking…";
  }

  function schedule(soon) {
    clearTimeout(timer);
    if (soon || waiting.size >= AT_ONCE) {
      flush();
    } else {
      timer = setTimeout(flush, sheet.quietFor);
    }
  }

  /** Sends what there is to send, unless something is away or a retry is due later; `now` does not wait for that. */
  function flush(now) {
    if (link.away || link.trouble === "signed-out") {
      return;
    }
    const wait = link.retryAt - performance.now();
    if (outbox.length && wait > 0 && now !== true) {
      clearTimeout(timer);
      timer = setTimeout(flush, wait);
      return;
    }
    if (!outbox.length && waiting.size) {
      outbox.push(requestOf(Array.from(waiting).slice(0, MOST)));
    }
    if (outbox.length) {
      send(outbox[0]);
    }
  }

  function requestOf(cells) {
    const made = { id: newId(), cells: cells.map(asSent) };
    cells.forEach((cell) => {
      waiting.delete(cell);
      cell.away += 1;
    });
    return made;
  }

  function asSent(cell) {
    const sent = { pupil: cell.pupil, subject: cell.subject, mark: cell.shown, version: cell.version };
    return cell.note === cell.savedNote ? sent : Object.assign(sent, { note: cell.note });
  }

  /** A random UUID, also where the page came over plain http and the browser will not make one. */
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // ---- Requests ------------------------------------------------------------------------------------------------

  /** What went wrong with a request: `kind` is lost (try again), signed-out, or refused (with the server's sentence). */
  function problem(kind, sentence) {
    return Object.assign(new Error(sentence || kind), { kind });
  }

  /** The JSON an address answers, or null for "nothing new"; throws a problem. */
  async function fetchJson(address, options) {
    const ended = new AbortController();
    const patience = setTimeout(() => ended.abort(), LONGEST_ANSWER);
    let response;
    let answer;
    try {
      response = await fetch(
        address,
        Object.assign({ credentials: "same-origin", redirect: "manual", signal: ended.signal }, options)
      );
      const isJson = /\bjson\b/.test(response.headers.get("Content-Type") || "");
      answer = isJson && response.status !== 204 ? await response.json() : null;
    } catch (error) {
      throw problem("lost");
    } finally {
      clearTimeout(patience);
    }
    if (response.status >= 500 || [408, 429].includes(response.status)) {
      throw problem("lost", answer && answer.sentence);
    }
    if (response.status !== 204 && !answer) {
      throw problem("signed-out"); // a redirect to the door, or a page where cells were expected
    }
    if (!response.ok) {
      throw problem("refused", answer.sentence);
    }
    return answer;
  }

  function post(body) {
    const json = JSON.stringify(body);
    return fetchJson(form.dataset.cells, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: json,
      keepalive: json.length < KEEPALIVE,
    });
  }

  /** Asks what the server would say to marks, saving nothing; `pairs` are [cell, mark]. */
  async function check(pairs) {
    const cells = pairs.map(([cell, mark]) => Object.assign(asSent(cell), { mark }));
    const answer = await post({ request: newId(), check: true, cells });
    return answer.cells;
  }

  async function send(request) {
    link.away = true;
    clearTimeout(timer);
    cellsOf(request).forEach((cell) => waiting.has(cell) || sheet.setState(cell, "sending"));
    sheet.tell("saving");
    try {
      const answer = await post({ request: request.id, check: false, cells: request.cells });
      if (!answer || !Array.isArray(answer.cells)) {
        throw problem("lost");
      }
      arrived(request);
      settle(request, answer);
    } catch (error) {
      if (!error.kind) {
        throw error;
      }
      failed(request, error);
    }
    sheet.tell("saving");
    if (outbox.length) {
      flush();
    } else if (waiting.size) {
      schedule();
    }
  }

  function cellsOf(request) {
    return request.cells.map((sent) => sheet.cells.get(sheet.keyOf(sent.pupil, sent.subject))).filter(Boolean);
  }

  function arrived(request) {
    outbox.splice(outbox.indexOf(request), 1);
    cellsOf(request).forEach((cell) => (cell.away -= 1));
    sheet.nSaves += 1;
    Object.assign(link, { away: false, tries: 0, retryAt: 0, trouble: "", sentence: "" });
  }

  function failed(request, error) {
    if (error.kind === "refused") {
      arrived(request);
      link.sentence = error.message;
      cellsOf(request).forEach((cell) => waiting.has(cell) || sheet.setState(cell, "refused", error.message));
      sheet.say(error.message);
      return;
    }
    link.away = false;
    if (link.trouble !== error.kind) {
      link.trouble = error.kind;
      sheet.say(error.kind === "lost" ? "There is no connection. Marks are kept and sent later." : "You are signed out.");
    }
    cellsOf(request).forEach((cell) => waiting.has(cell) || sheet.setState(cell, "waiting"));
    link.tries += 1;
    link.retryAt = performance.now() + Math.min(30, Math.pow(2, link.tries)) * 1000;
  }

  // ---- Answers -------------------------------------------------------------------------------------------------

  /** Takes in what the server made of each cell, in the order they were sent. */
  function settle(request, answer) {
    const problems = [];
    let nSaved = 0;
    request.cells.forEach((sent, number) => {
      const cell = sheet.cells.get(sheet.keyOf(sent.pupil, sent.subject));
      const result = answer.cells[number];
      const isSame = result.mark === sent.mark && (sent.note === undefined || result.note === sent.note);
      if (!cell) {
        return;
      }
      if (result.outcome === "saved" || (result.outcome === "clash" && isSame)) {
        nSaved += 1;
        saved(cell, sent, result);
      } else if (!waiting.has(cell)) {
        const sentence = result.outcome === "clash" ? clashSentence(result) : result.sentence;
        sheet.setState(cell, result.outcome, sentence);
        cell.clash = result.outcome === "clash" ? result : null;
        problems.push(sheet.labelOf(cell) + ": " + sentence);
        sheet.tell("state", cell);
      }
    });
    sheet.lastSaved = nSaved ? new Date() : sheet.lastSaved;
    sheet.tell("missing", answer.missing);
    if (problems.length) {
      const more = problems.length > 1 ? " And " + (problems.length - 1) + " more. F8 goes to each." : " F8 goes there.";
      sheet.say("Not saved. " + problems[0] + more);
    }
  }

  function saved(cell, sent, result) {
    cell.version = result.version;
    cell.saved = result.mark;
    cell.savedNote = result.note || "";
    if (result.status) {
      sheet.tell("status", cell.pupil, cell.subject, result.status);
    }
    if (waiting.has(cell)) {
      lineUp(cell); // changed again while it was away: it goes with the version that stands now, or is settled already
      return;
    }
    sheet.show(cell, cell.saved);
    sheet.showNote(cell, cell.savedNote);
    sheet.setState(cell, "saved");
  }

  function clashSentence(result) {
    const when = result.at ? " " + result.at : "";
    return (result.by || "Somebody else") + " put " + (result.mark || "a blank") + " here" + when + ".";
  }

  // ---- Coming and going ----------------------------------------------------------------------------------------

  window.addEventListener("online", () => {
    sheet.tell("saving");
    flush(true);
  });
  window.addEventListener("offline", () => sheet.tell("saving"));
  window.addEventListener("pageshow", (event) => event.persisted && flush(true));

  document.addEventListener("visibilitychange", () => {
    sheet.tell("saving"); // what is being typed is kept too, should the page not come back
    flush();
  });

  window.addEventListener("pagehide", () => {
    sheet.commit(sheet.current);
    // What is away goes on its own, and this once beside it; a cell in both stays here until its version is known.
    const cells = Array.from(waiting).filter((cell) => !isAway(cell));
    if (cells.length && link.trouble !== "signed-out") {
      const request = requestOf(cells);
      outbox.push(request);
      send(request);
    }
  });

  // Marks that merely wait are sent on the way out; a warning is for those that would stay behind.
  window.addEventListener("beforeunload", (event) => {
    sheet.commit(sheet.current);
    const stuck = link.trouble || navigator.onLine === false;
    const left = unsaved().filter((cell) => stuck || ["refused", "clash", "doubtful"].includes(cell.state));
    if (!isLeaving && left.length) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  /** The page is loaded again on purpose: what is unsaved is kept and comes back. */
  sheet.reload = function () {
    isLeaving = true;
    sheet.tell("saving");
    location.reload();
  };

  // The page was locked and has been opened again: what waited meanwhile goes on its way.
  document.addEventListener("headway:unlocked", () => {
    Object.assign(link, { tries: 0, retryAt: 0, trouble: "" });
    sheet.tell("saving");
    flush(true);
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sheet.tell("hurry");
  });
})();

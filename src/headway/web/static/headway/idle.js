// Nobody there: after some minutes the page is covered, and asks for the password of whoever was here.
//
// While somebody types or points, the server is told so at most once a minute; a page that only asks by itself tells it
// nothing. Several windows of one person know of each other through the browser's storage, which holds a time and no
// more. The server locks by its own count too, with this script or without.
"use strict";
(function () {
  var template = document.getElementById("cover");
  if (!template || !window.fetch) {
    return;
  }
  var told = template.dataset;
  var IDLE = Number(told.minutes) * 60 * 1000;
  var TOLD_EVERY = 61 * 1000; // a little more than the minute in which the server writes once
  var NAME = "headway.there." + told.user;
  var token = template.content.querySelector("input[name=csrfmiddlewaretoken]").value;
  var there = Date.now();
  var lastTold = Date.now();
  var telling = 0;
  var cover = null;

  function post(address) {
    return fetch(address, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token }, keepalive: true });
  }

  function elsewhere() {
    try {
      return Number(localStorage.getItem(NAME)) || 0;
    } catch (error) {
      return 0; // storage is forbidden: each window is for itself
    }
  }

  function tell() {
    telling = 0;
    lastTold = Date.now();
    post(told.here).catch(function () {});
  }

  function noteThere() {
    if (cover) {
      return;
    }
    var before = there;
    there = Date.now();
    if (there - before > 1000) {
      try {
        localStorage.setItem(NAME, String(there));
      } catch (error) {
        // each window is for itself
      }
    }
    if (!telling) {
      telling = setTimeout(tell, Math.max(0, lastTold + TOLD_EVERY - there));
    }
  }

  ["keydown", "pointerdown", "pointermove", "wheel", "touchstart", "scroll"].forEach(function (name) {
    document.addEventListener(name, noteThere, { capture: true, passive: true });
  });

  // ---- Covered --------------------------------------------------------------------------------------------------

  function setAside(away) {
    Array.prototype.forEach.call(document.body.children, function (each) {
      if (each !== cover && each !== template) {
        each.inert = away;
      }
    });
    document.documentElement.classList.toggle("is-covered", away);
  }

  function coverPage() {
    clearTimeout(telling);
    telling = 0;
    var left = document.activeElement;
    cover = document.importNode(template.content, true).querySelector(".cover");
    document.body.append(cover);
    setAside(true);
    post(told.lock).catch(function () {});
    var field = cover.querySelector("input[type=password]") || cover.querySelector("a");
    field.focus();
    cover.querySelector("form").addEventListener("submit", function (event) {
      event.preventDefault();
      unlock(event.target, left);
    });
  }

  function unlock(form, left) {
    var said = form.querySelector("[role=alert]");
    said.hidden = true;
    fetch(form.action, {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    })
      .then(function (response) {
        if (response.redirected) {
          location.reload(); // signed out meanwhile
        }
        return response.json();
      })
      .then(function (answer) {
        if (!answer.sentence) {
          uncover(left);
          return;
        }
        said.textContent = answer.sentence;
        said.hidden = false;
        form.elements.unlock_password.select();
      })
      .catch(function () {
        said.textContent = "There is no connection. Try again in a moment.";
        said.hidden = false;
      });
  }

  function uncover(left) {
    cover.remove();
    cover = null;
    setAside(false);
    lastTold = Date.now();
    noteThere();
    if (left && left.focus) {
      left.focus();
    }
    document.dispatchEvent(new CustomEvent("headway:unlocked"));
  }

  // Opened again in another window of the same person: the server says whether this one is too.
  window.addEventListener("storage", function (event) {
    if (cover && event.key === NAME) {
      fetch(told.here, { method: "POST", credentials: "same-origin", redirect: "manual", headers: { "X-CSRFToken": token } })
        .then(function (response) {
          if (cover && response.status === 204) {
            uncover(null);
          }
        })
        .catch(function () {});
    }
  });

  function look() {
    if (!cover && Date.now() - Math.max(there, elsewhere()) >= IDLE) {
      coverPage();
    }
  }

  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look); // a computer that slept wakes to a covered page
})();

// Passkeys: the browser is asked what the server asks, and its answer goes back in an ordinary form.
// Without this script the forms stay hidden, and the page says what does without.
"use strict";
(function () {
  var forms = Array.prototype.slice.call(document.querySelectorAll("form[data-passkey]"));
  if (!forms.length || !window.PublicKeyCredential || !navigator.credentials) {
    return;
  }

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) {
      return letter.charCodeAt(0);
    });
  }

  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function withBytes(each) {
    return Object.assign({}, each, { id: bytes(each.id) });
  }

  /** What the server asks, as the browser wants it: numbers for letters. */
  function question(asked) {
    var wanted = Object.assign({}, asked.publicKey, { challenge: bytes(asked.publicKey.challenge) });
    if (wanted.user) {
      wanted.user = withBytes(wanted.user);
    }
    ["excludeCredentials", "allowCredentials"].forEach(function (name) {
      if (wanted[name]) {
        wanted[name] = wanted[name].map(withBytes);
      }
    });
    return { publicKey: wanted };
  }

  /** What the browser answers, as the server wants it. */
  function answer(credential) {
    var response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) {
        response[name] = text(credential.response[name]);
      }
    });
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response: response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  function why(error) {
    if (error.name === "InvalidStateError") {
      return "This device has a passkey for your account already.";
    }
    if (error.name === "SecurityError") {
      return "Passkeys need this page under its name, not its number: open it as localhost, or by https.";
    }
    return "No passkey was used. Try again, or go on another way.";
  }

  forms.forEach(function (form) {
    var said = form.querySelector("[data-passkey-said]");
    var without = form.parentElement.querySelector("[data-passkey-without]");
    form.hidden = false;
    if (without) {
      without.hidden = true;
    }
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      said.hidden = true;
      fetch(form.dataset.passkey, {
        method: "POST",
        credentials: "same-origin",
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      })
        .then(function (response) {
          if (!response.ok || response.redirected) {
            location.reload(); // it is asked again who is there, or the page says what is wrong
            throw new Error("asked again");
          }
          return response.json();
        })
        .then(function (asked) {
          var make = form.hasAttribute("data-passkey-make");
          return make ? navigator.credentials.create(question(asked)) : navigator.credentials.get(question(asked));
        })
        .then(function (credential) {
          form.elements.credential.value = answer(credential);
          form.submit();
        })
        .catch(function (error) {
          said.textContent = why(error);
          said.hidden = false;
        });
    });
  });
})();

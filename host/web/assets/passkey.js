// Asks the browser for a passkey, or to make one, and sends what it answers.
"use strict";
(() => {
  const form = document.querySelector("form[data-passkey]");
  if (!form || !globalThis.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return;
  const asked = JSON.parse(form.dataset.options).publicKey;
  const made = form.dataset.passkey === "make"
    ? () => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
    : () => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
  const go = async () => {
    form.elements.answer.value = JSON.stringify((await made()).toJSON());
    form.requestSubmit();
  };
  const button = form.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => go().catch(() => {}));
  document.getElementById("without").hidden = true;
})();

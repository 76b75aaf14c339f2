// A key that this browser holds and does not hand out. Nothing here is needed: every form it fills can be filled by hand.
"use strict";
(() => {
  const subtle = globalThis.crypto && crypto.subtle;
  if (!subtle || !globalThis.indexedDB) return;
  const letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  const base58 = (bytes) => {
    let number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n), text = "";
    for (; number > 0n; number /= 58n) text = letters[Number(number % 58n)] + text;
    return text;
  };
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const utf8 = (text) => new TextEncoder().encode(text);
  const store = (mode, work) => new Promise((done, failed) => {
    const open = indexedDB.open("reflow-keys", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("keys");
    open.onerror = () => failed(open.error);
    open.onsuccess = () => {
      const request = work(open.result.transaction("keys", mode).objectStore("keys"));
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    };
  });
  const kept = (name) => store("readonly", (keys) => keys.get(name));
  // A pair is kept under its public text, with the name of the one after it.
  const make = async () => {
    const pair = await subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    const raw = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
    return { text: "z" + base58([0xed, 0x01, ...raw]), secret: pair.privateKey };
  };
  const digest = async (text) => hex(await subtle.digest("SHA-256", utf8(text)));
  const keep = (key, next) => store("readwrite", (keys) => keys.put({ secret: key.secret, next }, key.text));

  const fill = async (button) => {
    const now = button.dataset.now && (await kept(button.dataset.now));
    const old = now && (await kept(now.next));
    const key = old ? { text: now.next, secret: old.secret } : await make();
    const next = await make();
    await keep(next, "");
    await keep(key, next.text);
    button.form.elements.shown.value = `${key.text}.${await digest(next.text)}.browser`;
  };
  for (const button of document.querySelectorAll("button[data-make]")) {
    const known = button.dataset.now ? kept(button.dataset.now) : Promise.resolve(true);
    known.then((there) => { button.hidden = !there; });
    button.addEventListener("click", () =>
      fill(button).then(() => "stay" in button.dataset || button.form.requestSubmit()));
  }
  const form = document.querySelector("form[data-sign]");
  if (form) {
    kept(form.dataset.sign).then(async (key) => {
      if (!key || form.elements.signature.value) return;
      const text = document.getElementById("text").value;
      form.elements.signature.value = hex(await subtle.sign({ name: "Ed25519" }, key.secret, utf8(text)));
    });
  }
})();

"use strict";
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const held = JSON.parse(new TextDecoder().decode(bytes(document.getElementById("donnees").dataset.sealed)));
const told = new Map();
// Same reading as helpers.seminar.exercises: the first number of a text, French or English, then its digits.
const FIRST = /(?<!\d)(?:[-−]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?|[-−]?\d+(?:,\d+)?)/;
const number = (text) => {
  const found = FIRST.exec(text.replace(/^\s*([-−+]?\d+)\.(\d+)(?!\d*[.,])/, "$1,$2"));
  return found ? Number(found[0].replace(/[ \u00a0\u202f]/g, "").replace("−", "-").replace(",", ".")) : null;
};
const atDigits = (value, decimals) => {
  const step = 10 ** decimals, rounded = Math.floor(Math.abs(value) * step + 0.5 + 1e-9) / step;
  return (rounded && value < 0 ? "-" : "") + rounded.toFixed(decimals);
};
const keys = (value, decimals) => {
  if (decimals === 0 && Math.abs(value - Math.round(value)) >= 1e-6) return [atDigits(value, 1)];
  const asked = atDigits(value, decimals);
  const short = (value * (1 + 1e-9)).toExponential(1).replace(/e([+-])(\d)$/, "e$10$2");
  return Number(asked) !== 0 || value === 0 ? [asked, short] : [short];
};
const derived = async (exercise, answer) => {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(exercise + "|" + answer), "PBKDF2", false, ["deriveBits"]);
  const rule = { name: "PBKDF2", hash: "SHA-256", salt: encoder.encode(held.salt), iterations: held.rounds };
  return new Uint8Array(await crypto.subtle.deriveBits(rule, key, 256));
};
const opened = async (cipher, key) => {
  const plain = Uint8Array.from(cipher.match(/../g), (pair) => parseInt(pair, 16));
  for (let block = 0; block * 32 < plain.length; block += 1) {
    const stream = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array([...key, block])));
    for (let place = 0; place < 32 && block * 32 + place < plain.length; place += 1) plain[block * 32 + place] ^= stream[place];
  }
  return JSON.parse(new TextDecoder().decode(plain));
};
const judged = async (exercise, text) => {
  if (!text.trim()) return [held.said.empty, "", "écrivez un nombre."];
  let value = number(text);
  if (value === null) return [held.said.wrong, "", "écrivez un nombre, par exemple 12,5."];
  if (/%\s*$/.test(text) && held.units[exercise] !== "%") value /= 100;
  const own = held.exercises[exercise];
  for (const answer of keys(value, own.decimals)) {
    const key = await derived(exercise, answer);
    const cipher = own.sealed[[...key.slice(0, 4)].map((one) => one.toString(16).padStart(2, "0")).join("")];
    if (cipher) {
      const [verdict, mistake, hint] = await opened(cipher, key);
      return [verdict, mistake, verdict === held.said.right ? "la valeur est retrouvée." : hint];
    }
  }
  if (own.decimals === 0 && !Number.isInteger(value)) return [held.said.wrong, "fraction", "une personne, une CPTS ne se coupent pas : donnez un nombre entier."];
  return [held.said.wrong, "", "ni la réponse ni une erreur connue : refaites le calcul pas à pas."];
};
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const exercise = form.dataset.exercise, said = form.querySelector("output");
    if (!globalThis.crypto?.subtle) {
      said.textContent = "Ce navigateur ne sait pas ouvrir les contrôles : répondez sur papier.";
      return;
    }
    const text = form.querySelector("input").value;
    const [verdict, mistake, sentence] = await judged(exercise, text);
    const before = told.get(exercise);
    const tries = verdict === held.said.empty ? 0 : (before?.try ?? 0) + (before?.text === text ? 0 : 1);
    if (tries) told.set(exercise, { exercise, verdict, mistake, try: tries, text });
    said.textContent = verdict[0].toUpperCase() + verdict.slice(1) + "\u00a0: " + sentence;
  });
}
document.getElementById("imprimer").addEventListener("click", () => print());
document.getElementById("enregistrer").addEventListener("click", () => {
  const field = document.getElementById("pseudonyme"), said = document.getElementById("dit");
  if (!field.value || !field.checkValidity()) {
    said.textContent = "Choisissez un pseudonyme : lettres sans accent, chiffres, « - » et « _ ».";
    field.focus();
    return;
  }
  const records = [...told.values()].map(({ exercise, verdict, mistake, try: tries }) => ({ exercise, verdict, mistake, try: tries }));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify({ pseudonyme: field.value, exercices: records }, null, 1)], { type: "application/json" }));
  link.download = field.value + ".json";
  link.click();
  said.textContent = records.length + " réponse(s) dans " + link.download + ", à rendre au formateur.";
});

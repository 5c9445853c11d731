"use strict";
const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\s+/g, " ").toLowerCase();
const box = document.querySelector(".search");
const field = document.getElementById("recherche");
const status = document.getElementById("resultat");
const list = document.getElementById("chiffres");
let items = null;
const filter = () => {
  items = items || Array.from(document.querySelectorAll("[data-search]"), (node) => ({ node, text: plain(node.textContent) }));
  const words = plain(field.value).split(" ").filter(Boolean);
  const found = { LI: 0, TR: 0 };
  for (const { node, text } of items) {
    const kept = words.every((word) => text.includes(word));
    node.hidden = !kept;
    if (kept) found[node.tagName] += 1;
  }
  if (list) list.open = words.length > 0 && found.TR > 0;
  const count = (number, noun) => `${number}\u00a0${noun}${number > 1 ? "s" : ""}`;
  const counted = [count(found.LI, "rapport")].concat(list ? [count(found.TR, "chiffre")] : []);
  status.textContent = words.length ? `${counted.join(" et ")} : ${words.join(" ")}` : "";
};
field.addEventListener("input", filter);
box.hidden = false;
if (field.value) filter();

"use strict";
const MOST = 8;
const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/œ/gi, "oe").replace(/æ/gi, "ae").replace(/’/g, "'").replace(/\s+/g, " ").toLowerCase();
const box = document.querySelector(".search");
const field = document.getElementById("recherche");
const status = document.getElementById("resultat");
const passages = document.getElementById("passages");
const figures = document.getElementById("trouves");
const list = document.getElementById("chiffres");
let items = null;
const read = () => ({
  passages: Array.from(passages.children, (node) => ({ node, text: `${plain(node.textContent)} ${node.dataset.words}` })),
  rows: Array.from(document.querySelectorAll("tr[data-search]"), (node) => ({ node, text: plain(node.textContent) })),
});
const line = (row) => {
  const [label, source, printed, computed, verdict, report] = row.children;
  const item = document.createElement("li");
  item.append(`${label.textContent} (${source.textContent}) : publié ${printed.textContent}, recalculé ${computed.textContent}, ${verdict.textContent.trim()}`);
  const link = report.querySelector("a");
  if (link) item.append(" · ", link.cloneNode(true));
  return item;
};
const filter = () => {
  items = items || read();
  const words = plain(field.value).split(" ").filter(Boolean);
  const holds = ({ text }) => words.every((word) => text.includes(word));
  const found = words.length ? items.passages.filter(holds) : [];
  const rows = words.length ? items.rows.filter(holds) : [];
  const first = new Set(found.slice(0, MOST));
  for (const item of items.passages) item.node.hidden = !first.has(item);
  for (const item of items.rows) item.node.hidden = words.length > 0 && !rows.includes(item);
  figures.replaceChildren(...rows.slice(0, MOST).map((item) => line(item.node)));
  passages.hidden = found.length === 0;
  figures.hidden = rows.length === 0;
  if (list) list.open = rows.length > MOST;
  const count = (number, noun) => `${number}\u00a0${noun}${number > 1 ? "s" : ""}`;
  const some = (number, noun) => count(number, noun) + (number > MOST ? `, dont ${MOST} ci-dessous` : "");
  const counted = [some(found.length, "passage")].concat(list ? [some(rows.length, "chiffre")] : []);
  status.textContent = words.length ? `« ${field.value.trim()} »\u00a0: ${counted.join(" ; ")}` : "";
};
field.addEventListener("input", filter);
box.hidden = false;
if (field.value) filter();

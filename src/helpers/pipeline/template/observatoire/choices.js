"use strict";
const held = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(document.getElementById("donnees").dataset.rows), (letter) => letter.charCodeAt(0))));
const keep = held.columns.indexOf("a_garder");
const cell = (value) => {
  const text = /^[=+\-@]/.test(value) && !/^-\d/.test(value) ? "'" + value : value;
  return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
};
document.getElementById("ecrire").addEventListener("click", () => {
  held.rows.forEach((row, rank) => {
    const chosen = document.querySelector('input[name="r' + rank + '"]:checked');
    row[keep] = chosen ? chosen.value : "";
  });
  const text = [held.columns, ...held.rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = held.file;
  link.click();
  const count = held.rows.filter((row) => row[keep] === "oui").length;
  document.getElementById("dit").textContent = count + " ligne(s) à garder écrite(s) dans " + held.file + ".";
});

"use strict";
const slides = [...document.querySelectorAll("main > section")];
const current = () => {
  const held = slides.indexOf(document.activeElement.closest("main > section"));
  return held >= 0 ? held : slides.findIndex((slide) => slide.getBoundingClientRect().bottom > innerHeight / 2);
};
const go = (rank) => {
  const slide = slides[Math.max(0, Math.min(slides.length - 1, rank))];
  slide.focus({ preventScroll: true });
  slide.scrollIntoView();
};
const moves = {
  ArrowRight: () => go(current() + 1), PageDown: () => go(current() + 1),
  ArrowLeft: () => go(current() - 1), PageUp: () => go(current() - 1),
  Home: () => go(0), End: () => go(slides.length - 1),
  n: () => document.body.classList.toggle("with-notes"),
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !(event.key in moves)) return;
  event.preventDefault();
  moves[event.key]();
});

// Before anything is drawn: the colours that the reader chose last, else those of the system.
"use strict";
(() => {
  let kept = null;
  try { kept = localStorage.getItem("genbench-theme"); } catch { /* a browser that keeps nothing */ }
  if (kept === "light" || kept === "dark") document.documentElement.dataset.theme = kept;
})();

// Runs before the first paint, so that a saved theme does not flash the other one. Nothing saved: the system's.
(() => {
  let saved = null;
  try {
    saved = localStorage.getItem("dateline-theme");
  } catch {
    // Storage is forbidden: the system's theme holds.
  }
  if (saved === "light" || saved === "dark") document.documentElement.dataset.theme = saved;
})();

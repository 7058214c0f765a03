// Runs before the first paint, so that a chosen theme never flashes as the other one. The rest of the page
// is modules, which run later; see theme.js.
"use strict";
try {
  const chosen = localStorage.getItem("observatory.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; then the system's preference holds.
}

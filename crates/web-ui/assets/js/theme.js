// The theme: what the system prefers, unless the person chose one here.

import { icon } from "./icons.js";

const KEY = "observatory.theme";
const ORDER = ["system", "light", "dark"];
const ICONS = { system: "contrast", light: "sun", dark: "moon" };

function stored() {
  try {
    const value = localStorage.getItem(KEY);
    return ORDER.includes(value) ? value : "system";
  } catch {
    return "system";
  }
}

function store(theme) {
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // The choice then lasts as long as the page.
  }
}

function apply(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Makes `button` step through system, light and dark. */
export function mountTheme(button, announce) {
  let theme = stored();
  const show = () => {
    button.replaceChildren(icon(ICONS[theme]));
    button.setAttribute("aria-label", `Theme: ${theme}. Change it`);
    button.title = `Theme: ${theme}`;
  };
  button.addEventListener("click", () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    store(theme);
    apply(theme);
    show();
    announce(`Theme: ${theme}`);
  });
  show();
}

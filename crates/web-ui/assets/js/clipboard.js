// Copying, also where the browser has no clipboard for pages without TLS.

import { el } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 1500;

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text) {
  const host = document.querySelector("dialog[open]") ?? document.body;
  const area = el("textarea", { className: "visually-hidden", value: text, readonly: "" });
  const focused = document.activeElement;
  host.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}

/** A button that copies what `text()` gives at that moment; `what` completes "Copy …". */
export function copyButton(text, what, announce, label = "") {
  const button = el("button", { type: "button", className: label ? "button small" : "icon-button small", "aria-label": `Copy ${what}`, title: `Copy ${what}` });
  const show = (name, words) => button.replaceChildren(icon(name), ...(words ? [words] : []));
  let timer = null;
  button.addEventListener("click", async (event) => {
    event.stopPropagation();
    const done = await copy(text());
    show(done ? "check" : "cross", label && (done ? "Copied" : "Not copied"));
    announce(done ? `Copied ${what}` : `Could not copy ${what}`);
    clearTimeout(timer);
    timer = setTimeout(() => show("copy", label), SHOWN_MS);
  });
  show("copy", label);
  return button;
}

/** Text in a frame with a button that copies it. */
export function copyBlock(text, what, announce) {
  const pre = el("pre", { tabIndex: 0, "aria-label": what }, text);
  return el("div", { className: "code" }, pre, copyButton(() => pre.textContent, what, announce));
}

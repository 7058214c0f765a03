// The search field for jobs: it speaks the query language, and points at what it does not understand.

import { FILTERABLE, look } from "../badge.js";
import { el, setText } from "../dom.js";
import { icon } from "../icons.js";
import { EXAMPLES, readAddress, writeAddress } from "../search.js";

/** Typing asks once, when the person pauses. */
const TYPING_MS = 300;

function createHelp(fill) {
  const entry = ([query, words]) => {
    const example = el("button", { type: "button", className: "query-example mono", on: { click: () => fill(query) } }, query);
    return el("li", {}, example, el("span", { className: "hint" }, words));
  };
  const list = el("div", { id: "query-help", className: "query-help", popover: "", role: "group", "aria-label": "What to search for" },
    el("p", {}, "Terms stand side by side and all must hold. A comma between values means one of them, ", el("code", {}, "-"), " before a term means not."),
    el("ul", {}, EXAMPLES.map(entry)));
  const button = el("button", { type: "button", className: "icon-button small", "aria-label": "What to search for", title: "What to search for", popovertarget: list.id }, icon("help"));
  return { button, list };
}

/** Gives the field with its state filter. `onChange()` is called when it asks for something else. */
export function createSearch(onChange) {
  const state = el("select", { "aria-label": "State" }, el("option", { value: "" }, "All states"), FILTERABLE.map((status) => el("option", { value: status }, look(status).label)));
  const query = el("input", {
    type: "search",
    className: "mono",
    placeholder: 'state:failed error~"timeout" tag:eu age>5m',
    "aria-label": "Search jobs",
    "aria-describedby": "query-error",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    spellcheck: "false",
    autocapitalize: "off",
    maxlength: "2000",
  });
  const message = el("p", { className: "field-error" });
  const pointer = el("pre", { className: "query-pointer" });
  const error = el("div", { id: "query-error", className: "query-error", role: "alert", hidden: true }, message, pointer);
  const help = createHelp((example) => {
    help.list.hidePopover?.();
    apply({ q: [query.value.trim(), example].filter(Boolean).join(" "), state: state.value });
    query.focus();
  });
  let timer = null;
  let asked = "";

  function read() {
    return { q: query.value.trim(), state: state.value };
  }

  function changed(isStep = false) {
    clearTimeout(timer);
    const now = JSON.stringify(read());
    if (now === asked) return;
    asked = now;
    const address = `${location.pathname}${writeAddress(location.search, read())}${location.hash}`;
    if (isStep) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
    showError(null);
    onChange();
  }

  function put({ q, state: wanted }) {
    query.value = q;
    state.value = FILTERABLE.includes(wanted) ? wanted : "";
  }

  /** What somebody chose, not typed: the browser's way back leads to what was there before. */
  function apply(search) {
    put(search);
    changed(true);
  }

  function showError(problem) {
    query.setAttribute("aria-invalid", String(problem !== null));
    error.hidden = problem === null;
    message.replaceChildren(...(problem ? [icon("alert"), problem.message] : []));
    setText(pointer, problem?.pointer ?? "");
    pointer.hidden = !problem?.pointer;
  }

  query.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(changed, TYPING_MS);
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter") changed();
  });
  state.addEventListener("change", () => changed());
  addEventListener("popstate", () => {
    put(readAddress(location.search));
    changed();
  });
  put(readAddress(location.search));
  asked = JSON.stringify(read());

  const field = el("span", { className: "field-icon" }, icon("search"), query);
  return {
    node: el("div", { className: "search", role: "search" }, el("div", { className: "search-row" }, field, help.button, state), error, help.list),
    read,
    apply,
    showError,
    focus: () => query.focus(),
    clear: () => apply({ q: "", state: "" }),
  };
}

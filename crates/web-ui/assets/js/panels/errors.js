// The errors of all jobs by their cause; a cause leads to its jobs.

import { el, keyed, markFresh, markStale, setText } from "../dom.js";
import { ago, count, full } from "../format.js";

const LIMIT = 12;
/** They change slowly, and their numbers need not be of this second. */
const EVERY = 4;

function createRow(group, search) {
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", className: "error-group", on: { click: () => search(group.query) } },
      el("span", { className: "error-count" }),
      el("span", { className: "error-title" }),
      el("time", { className: "error-when" }),
      el("span", { className: "visually-hidden" }, "Search for its jobs"),
    ),
  );
}

function updateRow(row, group, now) {
  setText(row.querySelector(".error-count"), `${count(group.count)}×`);
  const title = row.querySelector(".error-title");
  setText(title, String(group.title || "an error without words"));
  title.title = String(group.title ?? "");
  const when = row.querySelector("time");
  setText(when, ago(group.lastAt, now));
  when.title = `First ${full(group.firstAt)}, last ${full(group.lastAt)}`;
}

/** Gives the source that keeps the list current. `search(query)` shows the jobs of a cause. */
export function mountErrors(panel, { api, search }) {
  const list = el("ol", { className: "error-groups" });
  const empty = el("p", { className: "empty-line", hidden: true }, "No attempt has failed. Errors that differ only in numbers and names are gathered here under one cause.");
  panel.querySelector(".panel-body").append(list, empty);
  return {
    name: "errors",
    core: true,
    every: EVERY,
    load: () => api.errors(LIMIT),
    apply({ items }) {
      markFresh(panel);
      const groups = items.filter((group) => group && typeof group.query === "string");
      const now = Date.now();
      keyed(list, groups, (group) => group.fingerprint, (group) => createRow(group, (query) => search({ q: query, state: "" })), (row, group) => updateRow(row, group, now));
      empty.hidden = groups.length > 0;
      list.hidden = groups.length === 0;
    },
    fail(error) {
      markStale(panel, error);
    },
  };
}

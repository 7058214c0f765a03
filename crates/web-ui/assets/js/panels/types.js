// How the jobs divide over their types.

import { el, keyed, markFresh, setText } from "../dom.js";
import { count, isNumber } from "../format.js";

const SHOWN = 6;

function createRow() {
  return el(
    "li",
    { className: "type-row" },
    el("span", { className: "type-name" }),
    el("span", { className: "type-count" }),
    el("span", { className: "bar", "aria-hidden": "true" }, el("span", { className: "bar-good" }), el("span", { className: "bar-bad" })),
  );
}

function summary({ total, failed }) {
  const failures = isNumber(failed) && failed > 0 ? `, ${count(failed)} failed` : "";
  return `${count(total)}${failures}`;
}

function share(value, most) {
  return isNumber(value) && most > 0 ? `${Math.max(value > 0 ? 0.8 : 0, (value / most) * 100)}%` : "0";
}

function updateRow(row, item, most) {
  setText(row.querySelector(".type-name"), String(item.type));
  row.querySelector(".type-name").title = String(item.type);
  setText(row.querySelector(".type-count"), summary(item));
  const failed = isNumber(item.failed) ? item.failed : 0;
  row.querySelector(".bar-good").style.width = share((isNumber(item.total) ? item.total : 0) - failed, most);
  row.querySelector(".bar-bad").style.width = share(failed, most);
}

/** `show(stats)` draws `stats.byType`, the largest first. */
export function mountTypes(panel) {
  const list = el("ul", { className: "types" });
  const empty = el("p", { className: "empty-line" }, "Each job names the handler that runs it. The types in use are listed here.");
  const more = el("p", { className: "more", hidden: true });
  panel.querySelector(".panel-body").append(list, more, empty);
  return {
    show(stats) {
      markFresh(panel);
      const types = Array.isArray(stats.byType) ? stats.byType.filter((item) => item && typeof item === "object") : [];
      const sorted = types.toSorted((a, b) => (b.total ?? 0) - (a.total ?? 0));
      const most = sorted[0]?.total ?? 0;
      keyed(list, sorted.slice(0, SHOWN), (item) => item.type, createRow, (row, item) => updateRow(row, item, most));
      more.hidden = sorted.length <= SHOWN;
      setText(more, `and ${count(sorted.length - SHOWN)} more`);
      empty.hidden = sorted.length > 0;
    },
  };
}

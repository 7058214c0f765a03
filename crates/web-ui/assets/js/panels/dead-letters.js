// Messages that no service could accept, with the reason.

import { copyBlock } from "../clipboard.js";
import { el, keyed, markFresh, markStale, setText } from "../dom.js";
import { UNKNOWN, ago, full, pretty } from "../format.js";

const LIMIT = 20;
/** They change rarely. */
const EVERY = 5;

function createRow(letter, announce) {
  const original = pretty(letter.originalEvent);
  return el(
    "li",
    {},
    el(
      "details",
      { className: "letter" },
      el(
        "summary",
        {},
        el("span", { className: "letter-reason" }, String(letter.validationError ?? "no reason given")),
        el("span", { className: "letter-meta" }, el("span", {}, `rejected by ${letter.service ?? UNKNOWN}`), el("time", { title: full(letter.rejectedAt) })),
      ),
      el("p", { className: "letter-meta" }, "Correlation id ", el("code", {}, String(letter.correlationId ?? UNKNOWN))),
      copyBlock(original, "original message", announce),
    ),
  );
}

/** Gives the source that keeps the list current. */
export function mountDeadLetters(panel, { api, announce }) {
  const list = el("ol", { className: "letters" });
  const badge = el("span", { className: "count", hidden: true });
  const empty = el("p", { className: "empty-line", hidden: true }, "Nothing was rejected. A message that no service can read lands here with the reason, and the queue goes on.");
  panel.querySelector(".panel-tools").append(badge);
  panel.querySelector(".panel-body").append(list, empty);

  return {
    name: "dead letters",
    core: true,
    every: EVERY,
    load: () => api.deadLetters(LIMIT),
    apply({ items, nextCursor }) {
      markFresh(panel);
      const now = Date.now();
      keyed(
        list,
        items,
        (letter) => letter.id,
        (letter) => createRow(letter, announce),
        (row, letter) => setText(row.querySelector("time"), ago(letter.rejectedAt, now)),
      );
      empty.hidden = items.length > 0;
      list.hidden = items.length === 0;
      badge.hidden = items.length === 0;
      setText(badge, nextCursor ? `${items.length}+` : String(items.length));
    },
    fail(error) {
      markStale(panel, error);
    },
  };
}

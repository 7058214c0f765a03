// Messages that no service could accept, with the reason, and what can be done about them.

import { copyBlock } from "../clipboard.js";
import { el, keyed, markFresh, markStale, setText } from "../dom.js";
import { UNKNOWN, ago, count, full, isNumber, pretty } from "../format.js";
import { icon } from "../icons.js";
import { createLetterEdit } from "./letter-edit.js";

const LIMIT = 20;
/** They change rarely. */
const EVERY = 5;
const STATES = [
  { state: "open", label: "Open" },
  { state: "", label: "All" },
];
const WORDS = { replayed: "Replayed", discarded: "Discarded" };

function createFilter(onChange) {
  const buttons = STATES.map((choice) => el("button", { type: "button", on: { click: () => onChange(choice) } }, choice.label));
  const select = (choice) => buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(STATES[index] === choice)));
  return { node: el("div", { className: "segmented", role: "group", "aria-label": "Which dead letters" }, buttons), select };
}

function isOpen(letter) {
  return letter.state === undefined || letter.state === "open";
}

function createActions(letter, { api, confirm, edit, refresh }) {
  const button = (name, text, act, className = "button small") => el("button", { type: "button", className, on: { click: act } }, icon(name), text);
  const replay = () =>
    confirm({
      title: "Replay this message?",
      text: "It is checked once more and published as it is, as if it had just arrived.",
      action: "Replay",
      isDanger: false,
      run: () => api.replayLetter(letter.id),
      done() {
        refresh();
        return "Replayed";
      },
    });
  const discard = () =>
    confirm({
      title: "Discard this message?",
      text: "Nothing follows from it any more. It stays readable under All until its retention ends.",
      action: "Discard",
      isDanger: true,
      run: () => api.discardLetter(letter.id),
      done() {
        refresh();
        return "Discarded";
      },
    });
  return el("p", { className: "row-actions" }, button("retry", "Replay", replay), button("pen", "Correct and replay", () => edit(letter, refresh)), button("trash", "Discard", discard));
}

function createRow(letter, context) {
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
        el("span", { className: "letter-meta" }, WORDS[letter.state] && el("strong", {}, WORDS[letter.state]), el("span", {}, `rejected by ${letter.service ?? UNKNOWN}`), el("time", { title: full(letter.rejectedAt) })),
      ),
      isOpen(letter) && createActions(letter, context),
      el("p", { className: "letter-meta" }, "Correlation id ", el("code", {}, String(letter.correlationId ?? UNKNOWN))),
      copyBlock(original, "original message", context.announce),
    ),
  );
}

/** Gives the source that keeps the list current, and `showStats(stats)` for how many are open in all. */
export function mountDeadLetters(panel, dialog, { api, announce, poller, confirm }) {
  const list = el("ol", { className: "letters" });
  const badge = el("span", { className: "count", hidden: true });
  const empty = el("p", { className: "empty-line", hidden: true });
  const edit = createLetterEdit(dialog, { api, announce });
  const filter = createFilter((choice) => {
    chosen = choice;
    filter.select(choice);
    refresh();
  });
  let chosen = STATES[0];
  filter.select(chosen);
  panel.querySelector(".panel-tools").append(badge, filter.node);
  panel.querySelector(".panel-body").append(list, empty);
  const context = { api, announce, confirm, edit, refresh };

  function refresh() {
    // Asked in the next round, not when its turn comes.
    poller.add(source);
    poller.kick();
  }

  const source = {
    name: "dead letters",
    core: true,
    every: EVERY,
    async load() {
      const asked = chosen;
      return { asked, letters: await api.deadLetters({ limit: LIMIT, state: asked.state }) };
    },
    apply({ asked, letters }) {
      if (asked !== chosen) return;
      markFresh(panel);
      const now = Date.now();
      const key = (letter) => `${letter.id} ${letter.state}`;
      keyed(list, letters.items, key, (letter) => createRow(letter, context), (row, letter) => setText(row.querySelector("time"), ago(letter.rejectedAt, now)));
      setText(empty, asked.state === "open" ? "Nothing to deal with. A message that no service can read lands here with the reason, and the queue goes on." : "Nothing was rejected.");
      empty.hidden = letters.items.length > 0;
      list.hidden = letters.items.length === 0;
    },
    fail(error) {
      markStale(panel, error);
    },
  };

  return {
    source,
    showStats({ deadLetters }) {
      badge.hidden = !(isNumber(deadLetters) && deadLetters > 0);
      setText(badge, `${count(deadLetters)} open`);
    },
  };
}

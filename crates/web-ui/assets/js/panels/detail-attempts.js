// The attempts of a job, each with what its handler wrote down.

import { attemptBadge } from "../badge.js";
import { el } from "../dom.js";
import { UNKNOWN, duration, isNumber, millis, plural, preciseClock } from "../format.js";

const HEADINGS = ["#", "Outcome", "Started", "Took", "Worker"];

function took(attempt) {
  if (isNumber(attempt.durationMs)) return duration(attempt.durationMs);
  const [from, to] = [millis(attempt.startedAt), millis(attempt.endedAt)];
  return from === null || to === null ? UNKNOWN : duration(Math.max(0, to - from));
}

function logLine(line, previous) {
  const [at, before] = [millis(line.at), millis(previous)];
  const gap = at !== null && before !== null ? `+${duration(Math.max(0, at - before))}` : "";
  return el("li", {}, el("time", { className: "log-time", title: preciseClock(line.at) }, gap || preciseClock(line.at)), el("span", { className: "log-text" }, String(line.text)));
}

/** Closed while there are others, so that the attempts stay comparable at a glance. */
function log(attempt, isOnly) {
  const lines = Array.isArray(attempt.log) ? attempt.log : [];
  if (lines.length === 0) return null;
  return el(
    "details",
    { className: "attempt-log", open: isOnly, data: { keep: `log-${attempt.attempt}` } },
    el("summary", {}, plural(lines.length, "log line")),
    el("ol", { className: "log mono", tabIndex: 0, "aria-label": `Log of attempt ${attempt.attempt}` }, lines.map((line, index) => logLine(line, lines[index - 1]?.at ?? attempt.startedAt))),
  );
}

function rows(attempt, isOnly) {
  const lines = log(attempt, isOnly);
  const main = el(
    "tr",
    { className: lines ? "has-log" : "" },
    el("td", {}, String(attempt.attempt ?? UNKNOWN)),
    el("td", {}, attemptBadge(attempt.outcome ?? (attempt.endedAt ? "ended" : "EXECUTING")), attempt.error && el("p", { className: "attempt-error" }, String(attempt.error))),
    el("td", { className: "mono" }, preciseClock(attempt.startedAt)),
    el("td", {}, took(attempt)),
    el("td", { className: "mono wrap" }, String(attempt.worker ?? UNKNOWN)),
  );
  return lines ? [main, el("tr", { className: "log-row" }, el("td", {}), el("td", { colspan: HEADINGS.length - 1 }, lines))] : [main];
}

/** A table of the attempts; null where there was none. */
export function attemptsTable(attempts) {
  if (!Array.isArray(attempts) || attempts.length === 0) return null;
  return el(
    "div",
    { className: "table-wrap" },
    el(
      "table",
      { className: "attempts" },
      el("thead", {}, el("tr", {}, HEADINGS.map((title) => el("th", { scope: "col" }, title)))),
      el("tbody", {}, attempts.flatMap((attempt) => rows(attempt, attempts.length === 1))),
    ),
  );
}

// What the drawer shows of a job.

import { attemptBadge, eventLook, isTerminal, statusBadge } from "../badge.js";
import { copyBlock, copyButton } from "../clipboard.js";
import { el } from "../dom.js";
import { UNKNOWN, duration, full, isNumber, millis, moment, preciseClock, pretty } from "../format.js";
import { icon } from "../icons.js";

function head(job, id, announce) {
  return el(
    "header",
    { className: "drawer-head" },
    el("p", { className: "drawer-kind" }, "Job"),
    el("h2", { id: "detail-title" }, job ? String(job.type ?? UNKNOWN) : "Loading…", " ", job && statusBadge(job.status)),
    el("p", { className: "drawer-id" }, el("code", {}, id), copyButton(() => id, "job id", announce)),
  );
}

function section(title, ...children) {
  return el("section", { className: "drawer-section" }, el("h3", {}, title), children);
}

function facts(rows) {
  const known = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", { className: "facts" }, known.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

function when(iso) {
  return millis(iso) === null ? null : el("time", { datetime: iso, title: full(iso) }, moment(iso, Date.now()));
}

function between(from, to) {
  const [start, end] = [millis(from), millis(to)];
  return start === null || end === null ? null : duration(Math.max(0, end - start));
}

function attemptText(job) {
  const most = job.retry?.maxAttempts;
  if (!isNumber(job.attempt)) return null;
  return isNumber(most) ? `${job.attempt} of ${most}` : String(job.attempt);
}

function aboveZero(value) {
  return isNumber(value) && value > 0 ? String(value) : null;
}

function tags(job) {
  if (!Array.isArray(job.tags) || job.tags.length === 0) return null;
  return el("span", { className: "tags" }, job.tags.map((tag) => el("span", { className: "tag" }, String(tag))));
}

function jobFacts(job, announce) {
  const correlation = job.correlationId
    ? el("span", { className: "with-copy" }, el("code", {}, job.correlationId), copyButton(() => job.correlationId, "correlation id", announce))
    : null;
  return facts([
    ["Created", when(job.createdAt)],
    [isTerminal(job.status) ? "Ended" : "Last change", when(job.updatedAt)],
    ["Run time", isNumber(job.durationMs) ? duration(job.durationMs) : null],
    ["Submit to end", isTerminal(job.status) ? between(job.createdAt, job.updatedAt) : null],
    ["Attempt", attemptText(job)],
    ["Failures", aboveZero(job.failures)],
    ["Worker crashes", aboveZero(job.crashes)],
    ["Time limit", isNumber(job.timeoutSeconds) ? duration(job.timeoutSeconds * 1000) : null],
    ["Tags", tags(job)],
    ["Correlation id", correlation],
  ]);
}

function problem(job) {
  if (!job.error) return null;
  const ended = isTerminal(job.status);
  return el(
    "div",
    { className: `callout ${ended ? "tone-bad" : "tone-warn"}` },
    icon(ended ? "cross" : "retry"),
    el("div", {}, el("h3", {}, ended ? "Why it ended" : "Last error"), el("p", {}, String(job.error))),
  );
}

function attempts(job) {
  if (!Array.isArray(job.attempts) || job.attempts.length === 0) return null;
  const headings = ["#", "Outcome", "Started", "Took", "Worker"];
  return section(
    "Attempts",
    el(
      "div",
      { className: "table-wrap" },
      el(
        "table",
        { className: "attempts" },
        el("thead", {}, el("tr", {}, headings.map((title) => el("th", { scope: "col" }, title)))),
        el("tbody", {}, job.attempts.map(attemptRow)),
      ),
    ),
  );
}

function attemptRow(attempt) {
  return el(
    "tr",
    {},
    el("td", {}, String(attempt.attempt ?? UNKNOWN)),
    el("td", {}, attemptBadge(attempt.outcome ?? (attempt.endedAt ? "ended" : "EXECUTING")), attempt.error && el("p", { className: "attempt-error" }, String(attempt.error))),
    el("td", { className: "mono" }, preciseClock(attempt.startedAt)),
    el("td", {}, isNumber(attempt.durationMs) ? duration(attempt.durationMs) : (between(attempt.startedAt, attempt.endedAt) ?? UNKNOWN)),
    el("td", { className: "mono wrap" }, String(attempt.worker ?? UNKNOWN)),
  );
}

function json(title, value, announce) {
  if (value === undefined || value === null) return null;
  return section(title, copyBlock(pretty(value), title.toLowerCase(), announce));
}

function timeline(events) {
  if (events.length === 0) return section("Timeline", el("p", { className: "empty-line" }, "No event has arrived yet."));
  const sorted = events.toSorted((a, b) => (millis(a.at) ?? 0) - (millis(b.at) ?? 0));
  return section("Timeline", el("ol", { className: "timeline" }, sorted.map((event, index) => step(event, sorted[index - 1]))));
}

function step(event, before) {
  const { tone, icon: name } = eventLook(event.eventType);
  const at = millis(event.at);
  const earlier = millis(before?.at);
  const gap = at !== null && earlier !== null ? `+${duration(at - earlier)}` : "";
  const about = [isNumber(event.attempt) && event.attempt > 0 && `attempt ${event.attempt}`, event.worker].filter(Boolean).join(" · ");
  return el(
    "li",
    { className: `step tone-${tone}` },
    el("span", { className: "step-mark" }, icon(name)),
    el("span", { className: "step-name" }, event.eventType),
    el("time", { className: "mono step-time", title: full(event.at) }, preciseClock(event.at)),
    el("span", { className: "mono step-gap" }, gap),
    about && el("span", { className: "step-about" }, about),
    event.error && el("span", { className: "step-error" }, String(event.error)),
  );
}

function actions(job, id, openSubmit) {
  const again = el("button", { type: "button", className: "button", on: { click: () => openSubmit(job) } }, icon("plus"), "New job like this");
  const raw = el("a", { className: "button", href: `/api/jobs/${encodeURIComponent(id)}`, target: "_blank", rel: "noopener" }, "JSON", icon("external"));
  return el("p", { className: "drawer-actions" }, again, raw);
}

/** A node for one job, and the functions that fill it. It is rebuilt only when something changed. */
export function createView(id, { announce, openSubmit }) {
  const node = el("div", {}, head(null, id, announce));
  let shown = "";
  return {
    node,
    show(job, events) {
      const now = JSON.stringify([job, events]);
      if (now === shown) return;
      shown = now;
      const parts = [
        head(job, id, announce),
        problem(job),
        jobFacts(job, announce),
        timeline(events),
        attempts(job),
        json("Payload", job.payload, announce),
        json("Result", job.result, announce),
        actions(job, id, openSubmit),
      ];
      node.replaceChildren(...parts.filter(Boolean));
    },
    fail(error) {
      if (shown !== "") return;
      const text = error.status === 404 ? "No job has this id, or it was removed when its retention ended." : `It could not be read: ${error.message}.`;
      node.replaceChildren(head({ type: "Unknown job", status: "" }, id, announce), el("p", { className: "callout tone-warn" }, icon("alert"), text));
    },
  };
}

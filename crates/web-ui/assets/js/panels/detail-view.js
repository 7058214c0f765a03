// What the drawer shows of a job.

import { isTerminal, statusBadge } from "../badge.js";
import { copyBlock, copyButton } from "../clipboard.js";
import { el } from "../dom.js";
import { UNKNOWN, duration, full, isNumber, millis, moment, pretty } from "../format.js";
import { heldWords } from "../held.js";
import { icon } from "../icons.js";
import { quoted } from "../search.js";
import { createActions } from "./detail-actions.js";
import { attemptsTable } from "./detail-attempts.js";
import { timelineList } from "./detail-timeline.js";

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
  return isNumber(most) && !aboveZero(job.round) ? `${job.attempt} of ${most}` : String(job.attempt);
}

function aboveZero(value) {
  return isNumber(value) && value > 0 ? String(value) : null;
}

function tags(job) {
  if (!Array.isArray(job.tags) || job.tags.length === 0) return null;
  return el("span", { className: "tags" }, job.tags.map((tag) => el("span", { className: "tag" }, String(tag))));
}

function jobFacts(job, { announce, search }) {
  const correlation = job.correlationId
    ? el("span", { className: "with-copy" }, el("code", {}, job.correlationId), copyButton(() => job.correlationId, "correlation id", announce))
    : null;
  const found = (field, value) => value && el("button", { type: "button", className: "link", title: "Search for these jobs", on: { click: () => search(`${field}:${quoted(value)}`) } }, String(value));
  return facts([
    ["Created", when(job.createdAt)],
    [isTerminal(job.status) ? "Ended" : "Last change", when(job.updatedAt)],
    ["Not before", when(job.runAt)],
    ["Next attempt", when(job.nextRunAt)],
    ["Run time", isNumber(job.durationMs) ? duration(job.durationMs) : null],
    ["Submit to end", isTerminal(job.status) ? between(job.createdAt, job.updatedAt) : null],
    ["Attempt", attemptText(job)],
    ["Failures", aboveZero(job.failures)],
    ["Worker crashes", aboveZero(job.crashes)],
    ["Rounds before", aboveZero(job.round)],
    ["Time limit", isNumber(job.timeoutSeconds) ? duration(job.timeoutSeconds * 1000) : null],
    ["Priority", job.priority === "normal" ? null : job.priority],
    ["Unique key", found("key", job.uniqueKey)],
    ["Schedule", found("schedule", job.schedule)],
    ["Tags", tags(job)],
    ["Correlation id", correlation],
  ]);
}

function callout(tone, name, title, text) {
  return el("div", { className: `callout tone-${tone}` }, icon(name), el("div", {}, el("h3", {}, title), el("p", {}, text)));
}

/** Why it does not run, where that is not plain. */
function waiting(job) {
  if (job.cancelling) return callout("warn", "ban", "Being cancelled", "Its worker has been told and ends the attempt.");
  if (!job.held) return null;
  const next = millis(job.nextRunAt) === null ? "" : ` It is looked at again at ${moment(job.nextRunAt, Date.now())}.`;
  return callout("warn", "pause", "Held back", `${heldWords(job.held).long}${next}`);
}

function problem(job) {
  if (!job.error) return null;
  const ended = isTerminal(job.status);
  return callout(ended ? "bad" : "warn", ended ? "cross" : "retry", ended ? "Why it ended" : "Last error", String(job.error));
}

function json(title, value, announce) {
  if (value === undefined || value === null) return null;
  return section(title, copyBlock(pretty(value), title.toLowerCase(), announce));
}

/** What the person opened or closed stays so when the content is built anew. */
function keepOpen(node, build) {
  const kept = new Map([...node.querySelectorAll("details[data-keep]")].map((details) => [details.dataset.keep, details.open]));
  build();
  for (const details of node.querySelectorAll("details[data-keep]")) {
    if (kept.has(details.dataset.keep)) details.open = kept.get(details.dataset.keep);
  }
}

/** A node for one job, and the functions that fill it. It is rebuilt only when something changed. */
export function createView(id, context) {
  const { announce } = context;
  const actions = createActions(id, context);
  const top = el("div", {}, head(null, id, announce));
  const content = el("div", { className: "drawer-content" });
  const node = el("div", {}, top, actions.node, content);
  let shown = "";
  return {
    node,
    show(job, moments) {
      const now = JSON.stringify([job, moments]);
      if (now === shown) return;
      shown = now;
      actions.show(job);
      top.replaceChildren(head(job, id, announce));
      const attempts = attemptsTable(job.attempts);
      const parts = [
        waiting(job),
        problem(job),
        jobFacts(job, context),
        section("Timeline", timelineList(moments)),
        attempts && section("Attempts", attempts),
        json("Payload", job.payload, announce),
        json("Metadata", job.metadata, announce),
        json("Result", job.result, announce),
      ];
      keepOpen(content, () => content.replaceChildren(...parts.filter(Boolean)));
    },
    fail(error) {
      if (shown !== "") return;
      const text = error.status === 404 ? "No job has this id, or it was removed when its retention ended." : `It could not be read: ${error.message}.`;
      top.replaceChildren(head({ type: "Unknown job", status: "" }, id, announce));
      content.replaceChildren(el("p", { className: "callout tone-warn" }, icon("alert"), text));
    },
  };
}

// The table of jobs: one row each.

import { isTerminal, setBadge } from "../badge.js";
import { copyButton } from "../clipboard.js";
import { el, keyed, setText } from "../dom.js";
import { UNKNOWN, age, ahead, duration, full, isNumber, millis, shortId } from "../format.js";
import { icon } from "../icons.js";

/** Under load everything is new, and a light show helps nobody. */
const MOST_FLASHES = 3;
const COLUMNS = [
  ["Job", "col-job"],
  ["Type", "col-type"],
  ["Status", "col-status"],
  ["Attempt", "col-attempt"],
  ["Age", "col-age"],
  ["Duration", "col-duration"],
];
/** Only what is out of the ordinary is marked. */
const PRIORITIES = { high: { icon: "up", words: "High priority" }, low: { icon: "down", words: "Low priority" } };

function createRow(job, announce, open) {
  const link = el("a", { className: "mono", href: `#/jobs/${encodeURIComponent(job.id)}`, title: job.id }, shortId(job.id));
  const cell = (name, ...children) => el("td", { className: `col-${name}` }, children);
  const row = el(
    "tr",
    {},
    cell("job", link, copyButton(() => job.id, "job id", announce)),
    cell("type", priorityMark(job.priority), el("span", {})),
    cell("status"),
    cell("attempt"),
    cell("age"),
    cell("duration"),
  );
  row.addEventListener("click", (event) => {
    const selecting = String(getSelection()) !== "";
    if (!selecting && !event.target.closest("a, button")) open(job.id);
  });
  return row;
}

function priorityMark(priority) {
  const mark = PRIORITIES[priority];
  return mark && el("span", { className: "priority", title: mark.words }, icon(mark.icon), el("span", { className: "visually-hidden" }, mark.words));
}

/** How long the job took; while it runs, for how long it has; while it waits for its time, how long that is. */
function spent(job, now) {
  if (millis(job.nextRunAt) !== null) return ahead(job.nextRunAt, now);
  if (isNumber(job.durationMs)) return duration(job.durationMs);
  if (job.status !== "EXECUTING" || millis(job.updatedAt) === null) return UNKNOWN;
  const running = age(job.updatedAt, now);
  return `${running === "now" ? "0 s" : running} …`;
}

function updateRow(row, job, now) {
  const [, type, status, attempt, aged, took] = row.cells;
  setText(type.lastElementChild, String(job.type ?? UNKNOWN));
  type.title = String(job.type ?? "");
  setBadge(status, job);
  status.title = job.error ? String(job.error) : "";
  setText(attempt, isNumber(job.attempt) ? String(job.attempt) : UNKNOWN);
  setText(aged, age(job.createdAt, now));
  aged.title = full(job.createdAt);
  setText(took, spent(job, now));
  took.title = millis(job.nextRunAt) !== null ? `Next attempt ${full(job.nextRunAt)}` : "";
  row.classList.toggle("settled", isTerminal(job.status));
}

/** `show(jobs, now)` makes the rows match; `open(id)` is called for a job that is clicked. */
export function createTable(announce, open) {
  const head = el("tr", {}, COLUMNS.map(([title, className]) => el("th", { scope: "col", className }, title)));
  const body = el("tbody");
  const table = el("table", { className: "jobs", hidden: true, "aria-labelledby": "jobs-title" }, el("thead", {}, head), body);
  return {
    table,
    show(jobs, now) {
      const refreshed = body.children.length > 0;
      let arrived = 0;
      keyed(body, jobs, (job) => job.id, (job) => createRow(job, announce, open), (row, job, isNew) => {
        updateRow(row, job, now);
        arrived += isNew ? 1 : 0;
        if (isNew && refreshed && arrived <= MOST_FLASHES) row.classList.add("arrived");
      });
      table.hidden = jobs.length === 0;
    },
  };
}

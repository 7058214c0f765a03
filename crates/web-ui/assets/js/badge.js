// How the states of a job and the events of its life look: always an icon and a word beside the color.

import { el } from "./dom.js";
import { heldWords } from "./held.js";
import { icon } from "./icons.js";

const STATUSES = {
  PENDING: { label: "Waiting", tone: "idle", icon: "clock" },
  VALIDATED: { label: "Validated", tone: "idle", icon: "check" },
  SCHEDULED: { label: "Scheduled", tone: "idle", icon: "clock" },
  EXECUTING: { label: "Running", tone: "busy", icon: "play" },
  RETRYING: { label: "Retrying", tone: "warn", icon: "retry" },
  COMPLETED: { label: "Completed", tone: "good", icon: "check" },
  FAILED: { label: "Failed", tone: "bad", icon: "cross" },
  CANCELLED: { label: "Cancelled", tone: "idle", icon: "ban" },
  QUARANTINED: { label: "Quarantined", tone: "bad", icon: "shield" },
};

const TERMINAL = new Set(["COMPLETED", "FAILED", "CANCELLED", "QUARANTINED"]);

const EVENTS = {
  "job.created": "PENDING",
  "job.validated": "VALIDATED",
  "job.scheduled": "SCHEDULED",
  "job.executed": "EXECUTING",
  "job.retrying": "RETRYING",
  "job.completed": "COMPLETED",
  "job.failed": "FAILED",
  "job.cancelled": "CANCELLED",
  "job.quarantined": "QUARANTINED",
};

/** The states that a list can be narrowed to, in the order of a job's life. */
export const FILTERABLE = Object.keys(STATUSES).filter((status) => status !== "VALIDATED");

export function isTerminal(status) {
  return TERMINAL.has(status);
}

/** How a status looks; one that this page does not know yet is shown by its own name. */
export function look(status) {
  return STATUSES[status] ?? { label: String(status ?? "Unknown"), tone: "idle", icon: "dot" };
}

/** How an event looks: like the state that it leads to. */
export function eventLook(eventType) {
  return look(EVENTS[eventType] ?? "");
}

export function statusBadge(status) {
  return badge(look(status), status);
}

/** The state of a job in a list: that it is held back matters more than that it waits. */
function jobBadge({ status, held }) {
  if (!held) return statusBadge(status);
  const { short, long } = heldWords(held);
  return badge({ label: `Held: ${short}`, tone: "warn", icon: "pause" }, long);
}

/** How an attempt ended. The job went on after one that was retried; the attempt itself did not. */
export function attemptBadge(outcome) {
  return badge(outcome === "RETRYING" ? { ...look(outcome), label: "Retried" } : look(outcome), outcome);
}

function badge({ label, tone, icon: name }, title) {
  return el("span", { className: `badge tone-${tone}`, title: String(title ?? "") }, icon(name), el("span", {}, label));
}

/** Replaces the badge in `cell` when the state of its job changed. */
export function setBadge(cell, job) {
  const state = `${job.status} ${job.held ?? ""}`;
  if (cell.dataset.state === state) return;
  cell.dataset.state = state;
  cell.replaceChildren(jobBadge(job));
}

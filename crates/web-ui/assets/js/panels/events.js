// The newest events of all jobs.

import { eventLook } from "../badge.js";
import { el, keyed, markFresh, markStale } from "../dom.js";
import { readEvents } from "../event.js";
import { full, preciseClock, shortId } from "../format.js";
import { icon } from "../icons.js";

const LIMIT = 50;

function createRow(event) {
  const { tone, icon: name } = eventLook(event.eventType);
  const id = event.jobId
    ? el("a", { className: "mono", href: `#/jobs/${encodeURIComponent(event.jobId)}`, title: event.jobId }, shortId(event.jobId))
    : el("span", { className: "mono" }, shortId(""));
  return el(
    "li",
    { className: "event" },
    el("time", { className: "mono event-time", datetime: String(event.at ?? ""), title: full(event.at) }, preciseClock(event.at)),
    el("span", { className: `event-type tone-${tone}` }, icon(name), el("span", {}, event.eventType)),
    el("span", { className: "event-job", title: event.jobType }, event.jobType),
    id,
    event.error && el("span", { className: "event-error", title: String(event.error) }, String(event.error)),
  );
}

function createPause(panel, announce) {
  const button = el("button", { type: "button", className: "button small", "aria-pressed": "false" });
  const show = (paused) => {
    button.setAttribute("aria-pressed", String(paused));
    button.replaceChildren(icon(paused ? "play" : "pause"), paused ? "Resume" : "Pause");
    panel.classList.toggle("paused", paused);
  };
  button.addEventListener("click", () => {
    const paused = button.getAttribute("aria-pressed") !== "true";
    show(paused);
    announce(paused ? "Event log paused" : "Event log resumed");
  });
  show(false);
  return { button, isPaused: () => button.getAttribute("aria-pressed") === "true" };
}

/** Gives the source that keeps the log current. */
export function mountEvents(panel, { api, announce }) {
  const pause = createPause(panel, announce);
  panel.querySelector(".panel-tools").append(pause.button);
  const list = el("ol", { className: "events", tabIndex: 0, "aria-labelledby": "events-title" });
  const empty = el("p", { className: "empty-line", hidden: true }, "Every step of every job is an event: created, executed, completed, failed. They appear here, the newest first.");
  panel.querySelector(".panel-body").append(list, empty);

  return {
    name: "events",
    core: true,
    load: () => api.events(LIMIT),
    apply({ items }) {
      markFresh(panel);
      if (pause.isPaused()) return;
      const events = readEvents(items);
      keyed(list, events, (event) => event.id, createRow, () => {});
      empty.hidden = events.length > 0;
      list.hidden = events.length === 0;
    },
    fail(error) {
      markStale(panel, error);
    },
  };
}

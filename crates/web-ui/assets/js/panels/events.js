// The newest events of all jobs: pushed where they can be, asked for otherwise.

import { eventLook } from "../badge.js";
import { el, keyed, markFresh, markStale } from "../dom.js";
import { newestFirst, readEvents } from "../event.js";
import { full, preciseClock, shortId } from "../format.js";
import { icon } from "../icons.js";
import { createThrottle } from "../throttle.js";

const LIMIT = 50;
/** What is pushed is complete; the list is asked for now and then all the same. */
const EVERY_WHILE_PUSHED = 15;
/** As often as the list is drawn while events are pushed. */
const DRAW_MS = 200;

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

function createPause(panel, announce, onResume) {
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
    if (!paused) onResume();
  });
  show(false);
  return { button, isPaused: () => button.getAttribute("aria-pressed") === "true" };
}

/** Gives the source that keeps the log current, and `push(envelope)` for what comes by itself. */
export function mountEvents(panel, { api, announce, live }) {
  const pause = createPause(panel, announce, () => draw());
  panel.querySelector(".panel-tools").append(pause.button);
  const list = el("ol", { className: "events", tabIndex: 0, "aria-labelledby": "events-title" });
  const empty = el("p", { className: "empty-line", hidden: true }, "Every step of every job is an event: created, executed, completed, failed. They appear here, the newest first.");
  panel.querySelector(".panel-body").append(list, empty);
  const drawing = createThrottle(draw, DRAW_MS);
  let events = [];

  function draw() {
    if (pause.isPaused()) return;
    keyed(list, events, (event) => event.id, createRow, () => {});
    empty.hidden = events.length > 0;
    list.hidden = events.length === 0;
  }

  return {
    push(envelope) {
      events = newestFirst(readEvents([envelope]), events, LIMIT);
      drawing.want();
    },
    source: {
      name: "events",
      core: true,
      every: () => (live.hasEvents() ? EVERY_WHILE_PUSHED : 1),
      load: () => api.events(LIMIT),
      apply({ items }) {
        markFresh(panel);
        const asked = readEvents(items);
        // While events are pushed, those that came since the question stay on top.
        events = live.hasEvents() ? newestFirst(events, asked, LIMIT) : asked;
        draw();
      },
      fail(error) {
        markStale(panel, error);
      },
    },
  };
}

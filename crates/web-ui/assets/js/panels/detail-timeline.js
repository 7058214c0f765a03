// The life of a job, moment by moment: its events, and the lines that its handlers wrote between them.

import { eventLook } from "../badge.js";
import { el } from "../dom.js";
import { duration, full, isNumber, millis, preciseClock } from "../format.js";
import { icon } from "../icons.js";

function gapTo(before, moment) {
  const [at, earlier] = [millis(moment.at), millis(before?.at)];
  return at !== null && earlier !== null ? `+${duration(Math.max(0, at - earlier))}` : "";
}

function time(moment) {
  return el("time", { className: "mono step-time", title: full(moment.at) }, preciseClock(moment.at));
}

function line(moment, before) {
  return el(
    "li",
    { className: "step step-line tone-idle" },
    el("span", { className: "step-mark" }, icon("dot")),
    el("span", { className: "mono step-text" }, String(moment.text ?? "")),
    time(moment),
    el("span", { className: "mono step-gap" }, gapTo(before, moment)),
  );
}

function event(moment, before) {
  const { tone, icon: name } = eventLook(moment.kind);
  const ran = isNumber(moment.durationMs) && `ran ${duration(moment.durationMs)}`;
  const attempt = isNumber(moment.attempt) && moment.attempt > 0 && `attempt ${moment.attempt}`;
  const about = [attempt, ran, moment.worker].filter(Boolean).join(" · ");
  return el(
    "li",
    { className: `step tone-${tone}` },
    el("span", { className: "step-mark" }, icon(name)),
    el("span", { className: "step-name" }, String(moment.kind)),
    time(moment),
    el("span", { className: "mono step-gap" }, gapTo(before, moment)),
    about && el("span", { className: "step-about" }, about),
    moment.text && el("span", { className: "step-error" }, String(moment.text)),
  );
}

/** A list of what happened, in the order that the read model gives. */
export function timelineList(moments) {
  if (moments.length === 0) return el("p", { className: "empty-line" }, "Nothing has happened yet.");
  const step = (moment, index) => (moment.kind === "log" ? line : event)(moment, moments[index - 1]);
  return el("ol", { className: "timeline" }, moments.map(step));
}

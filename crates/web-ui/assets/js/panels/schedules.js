// Jobs that are made by the clock: which, when next, and whether they are paused.

import { copyBlock } from "../clipboard.js";
import { el, keyed, markFresh, markStale, setText } from "../dom.js";
import { UNKNOWN, ahead, curlPost, full, planned, pretty } from "../format.js";
import { icon } from "../icons.js";
import { publicUrl } from "../links.js";

/** They change rarely; the time until the next firing is told in seconds. */
const EVERY = 4;
const EXAMPLE = { name: "every-minute", cron: "* * * * *", job: { type: "echo", payload: { message: "tick" } } };
const CATCH_UP = { skip: "left out", one: "made up for once", all: "made up for one by one" };

function button(name, text, act) {
  return el("button", { type: "button", className: "button small", on: { click: act } }, icon(name), text);
}

function createRow(schedule, act) {
  const { name } = schedule;
  const pause = button("pause", "Pause", () => act(name, "pause"));
  const resume = button("play", "Resume", () => act(name, "resume"));
  const run = button("plus", "Run now", () => act(name, "run"));
  for (const [node, words] of [[pause, "Pause"], [resume, "Resume"], [run, "Run now:"]]) node.setAttribute("aria-label", `${words} ${name}`);
  pause.classList.add("act-pause");
  resume.classList.add("act-resume");
  return el(
    "li",
    {},
    el(
      "details",
      { className: "schedule" },
      el(
        "summary",
        {},
        el("span", { className: "schedule-name" }, name),
        el("span", { className: "schedule-next" }),
        el("span", { className: "schedule-rule" }, el("code", { className: "schedule-cron" }), " ", el("span", { className: "schedule-zone" })),
      ),
      el("p", { className: "row-actions" }, pause, resume, run),
      el("div", { className: "schedule-more" }),
    ),
  );
}

function nextText(schedule, now) {
  if (schedule.paused) return "paused";
  return schedule.nextAt ? ahead(schedule.nextAt, now) : UNKNOWN;
}

function details(schedule, announce) {
  const now = Date.now();
  const next = Array.isArray(schedule.next) ? schedule.next : [];
  const last = schedule.lastJob && el("a", { className: "mono", href: `#/jobs/${encodeURIComponent(schedule.lastJob)}`, title: full(schedule.lastAt) }, planned(schedule.lastAt, now));
  return [
    el("p", { className: "hint" }, "Missed firings are ", CATCH_UP[schedule.catchUp] ?? String(schedule.catchUp), ". ", ...(last ? ["Last job: ", last] : ["It has not fired yet."])),
    next.length > 0 && el("ol", { className: "firings", "aria-label": "Next firings" }, next.map((at) => el("li", {}, el("time", { datetime: at, title: full(at) }, planned(at, now))))),
    copyBlock(pretty(schedule.job), "job of the schedule", announce),
  ].filter(Boolean);
}

function updateRow(row, schedule, announce, now) {
  setText(row.querySelector(".schedule-next"), nextText(schedule, now));
  setText(row.querySelector(".schedule-cron"), String(schedule.cron));
  setText(row.querySelector(".schedule-zone"), String(schedule.timezone));
  row.querySelector(".schedule").classList.toggle("is-paused", Boolean(schedule.paused));
  row.querySelector(".act-pause").hidden = Boolean(schedule.paused);
  row.querySelector(".act-resume").hidden = !schedule.paused;
  const shown = JSON.stringify(schedule);
  if (row.dataset.shown === shown) return;
  row.dataset.shown = shown;
  row.querySelector(".schedule-more").replaceChildren(...details(schedule, announce));
}

function createEmpty({ config, announce }) {
  const gateway = publicUrl(config.gatewayUrl) ?? config.gatewayUrl;
  return el("div", { className: "empty-line", hidden: true }, el("p", {}, "Jobs can be made by the clock. Make a schedule from a terminal:"), copyBlock(curlPost(`${gateway}/schedules`, EXAMPLE), "curl command", announce));
}

/** Gives the source that keeps the list current. */
export function mountSchedules(panel, context) {
  const { api, announce, poller, openJob } = context;
  const list = el("ul", { className: "schedules" });
  const error = el("p", { className: "callout tone-bad", role: "alert", hidden: true });
  const empty = createEmpty(context);
  panel.querySelector(".panel-body").append(error, list, empty);

  const acts = {
    pause: { run: api.pauseSchedule, words: (name) => `${name} is paused` },
    resume: { run: api.resumeSchedule, words: (name) => `${name} goes on` },
    run: { run: api.runSchedule, words: (name) => `${name} has made a job` },
  };

  function showError(text) {
    error.hidden = text === "";
    error.replaceChildren(icon("alert"), text);
  }

  async function act(name, what) {
    showError("");
    try {
      const answer = await acts[what].run(name);
      announce(acts[what].words(name));
      if (what === "run" && answer?.jobId) openJob(answer.jobId);
    } catch (problem) {
      showError(`${name}: ${problem.message}`);
    }
    poller.add(source);
    poller.kick();
  }

  const source = {
    name: "schedules",
    core: true,
    every: EVERY,
    load: api.schedules,
    apply({ items }) {
      markFresh(panel);
      const now = Date.now();
      const schedules = items.filter((schedule) => schedule && typeof schedule.name === "string");
      keyed(list, schedules, (schedule) => schedule.name, (schedule) => createRow(schedule, act), (row, schedule) => updateRow(row, schedule, announce, now));
      empty.hidden = schedules.length > 0;
      list.hidden = schedules.length === 0;
    },
    fail(problem) {
      markStale(panel, problem);
    },
  };
  return source;
}

// After a submit: the job's way to its end, as it goes.

import { isTerminal, look, statusBadge } from "../badge.js";
import { copyBlock, copyButton } from "../clipboard.js";
import { el } from "../dom.js";
import { UNKNOWN, duration, isNumber, millis, pretty } from "../format.js";
import { icon } from "../icons.js";

/** As fast as somebody who looks at it would notice. */
const HURRY_MS = 250;

/** The stations of every job; the last one gets its name when it is known. */
function stations(status) {
  const ended = isTerminal(status);
  const running = status === "EXECUTING" || status === "RETRYING";
  const middle = running ? { ...look(status), now: true } : { label: "Running", icon: ended ? "check" : "dot", tone: ended ? "good" : "idle" };
  const last = ended ? look(status) : { label: "Done", icon: "dot", tone: "idle" };
  return [{ label: "Accepted", icon: "check", tone: "good" }, middle, last];
}

function rail(status) {
  return el(
    "ol",
    { className: "rail" },
    stations(status).map((station) =>
      el(
        "li",
        { className: `station tone-${station.tone}`, "aria-current": station.now ? "step" : null },
        el("span", { className: "station-mark" }, icon(station.icon)),
        el("span", {}, station.label),
      ),
    ),
  );
}

function took(job) {
  if (isNumber(job.durationMs)) return duration(job.durationMs);
  const [from, to] = [millis(job.createdAt), millis(job.updatedAt)];
  return from !== null && to !== null ? duration(Math.max(0, to - from)) : UNKNOWN;
}

function verdict(job) {
  const attempts = isNumber(job.attempt) && job.attempt > 1 ? `, ${job.attempt} attempts` : "";
  return `${look(job.status).label} in ${took(job)}${attempts}`;
}

function waiting(job) {
  if (!job) return "Waiting to be seen by the read model…";
  if (job.error) return `Attempt ${job.attempt ?? ""} failed: ${job.error}`;
  return job.status === "EXECUTING" ? "A worker is running it…" : "Waiting for a worker…";
}

function outcome(job, announce) {
  if (!job || !isTerminal(job.status)) return [el("p", { className: "hint" }, waiting(job))];
  const parts = [el("p", { className: "verdict" }, statusBadge(job.status), verdict(job))];
  if (job.error) parts.push(el("p", { className: "callout tone-bad" }, icon("cross"), String(job.error)));
  if (job.result !== undefined && job.result !== null) parts.push(el("h3", {}, "Result"), copyBlock(pretty(job.result), "result", announce));
  return parts;
}

/** `start(job, id)` follows the accepted job until it ends; `stop()` lets go of it. */
export function createFollow(context, { again, close }) {
  const { api, poller, announce } = context;
  const body = el("div", { className: "follow-body" });
  let current = "";
  const details = el("button", { type: "button", className: "button", on: { click: openDetails } }, "Open details");
  const another = el("button", { type: "button", className: "button primary", on: { click: again } }, icon("plus"), "Another one");
  const node = el("div", { className: "follow", hidden: true }, body, el("footer", { className: "modal-foot" }, details, another));
  let letGo = () => {};

  function show(submitted, id, job) {
    const status = job?.status ?? "PENDING";
    const name = el("p", { className: "follow-id" }, el("strong", {}, submitted.type), " ", el("code", {}, id), copyButton(() => id, "job id", announce));
    body.replaceChildren(name, rail(status), ...outcome(job, announce));
  }

  function openDetails() {
    close();
    context.openJob(current);
  }

  function stop() {
    letGo();
    letGo = () => {};
  }

  return {
    node,
    stop,
    start(submitted, id) {
      stop();
      current = id;
      show(submitted, id, null);
      announce("Job accepted");
      let last = "";
      const remove = poller.add({
        name: "followed job",
        load: () => api.job(id),
        apply(job) {
          const now = JSON.stringify(job);
          if (now !== last) show(submitted, id, job);
          last = now;
          if (!isTerminal(job.status)) return;
          announce(verdict(job));
          stop();
        },
      });
      const calm = poller.hurry(HURRY_MS);
      letGo = () => {
        remove();
        calm();
      };
      poller.kick();
      another.focus();
    },
  };
}

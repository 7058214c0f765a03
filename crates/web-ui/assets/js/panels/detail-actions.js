// What can be done with the job in the drawer.

import { isTerminal } from "../badge.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";

function cancelWish(job, { api, refresh }) {
  const running = job.status === "EXECUTING";
  return {
    title: "Cancel this job?",
    text: running ? "It runs. Its worker is told, and ends it within a few seconds if it does not end by itself." : "It has not started, and it will not.",
    action: "Cancel the job",
    isDanger: true,
    run: () => api.cancelJob(job.id),
    done(answer) {
      refresh();
      return answer?.cancelling ? "Its worker has been told" : "Cancelled";
    },
  };
}

function retryWish(job, { api, refresh }) {
  return {
    title: "Retry this job?",
    text: "It begins a new round with all its attempts. What happened before stays in its history.",
    action: "Retry",
    isDanger: false,
    run: () => api.retryJob(job.id),
    done() {
      refresh();
      return "It is tried again";
    },
  };
}

/** Whether it ended without a result. */
export function canRetry(job) {
  return isTerminal(job.status) && job.status !== "COMPLETED";
}

/** Whether it has not ended, and nobody has asked it to yet. */
export function canCancel(job) {
  return !isTerminal(job.status) && !job.cancelling;
}

/** The buttons under the head of the drawer. They stay where they are while the job changes, and so does the focus. */
export function createActions(id, context) {
  let job = null;
  const refresh = () => context.poller.kick();
  const button = (name, text, act) => el("button", { type: "button", className: "button small", hidden: true, on: { click: () => act() } }, icon(name), text);
  const cancel = button("ban", "Cancel", () => context.confirm(cancelWish(job, { ...context, refresh })));
  const retry = button("retry", "Retry", () => context.confirm(retryWish(job, { ...context, refresh })));
  const again = button("plus", "New job like this", () => context.openSubmit(job));
  const raw = el("a", { className: "button small", href: `/api/jobs/${encodeURIComponent(id)}`, target: "_blank", rel: "noopener", hidden: true }, "JSON", icon("external"));
  return {
    node: el("p", { className: "drawer-actions" }, cancel, retry, again, raw),
    show(known) {
      job = known;
      cancel.hidden = !canCancel(job);
      retry.hidden = !canRetry(job);
      again.hidden = false;
      raw.hidden = false;
    },
  };
}

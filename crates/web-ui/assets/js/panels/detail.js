// The drawer with one job. The address of the page names it (#/jobs/ID), so it can be linked and shared.

import { isTerminal } from "../badge.js";
import { el } from "../dom.js";
import { readEvents } from "../event.js";
import { icon } from "../icons.js";
import { createView } from "./detail-view.js";

const ADDRESS = /^#\/jobs\/([^/]+)$/;

function idInAddress() {
  const found = ADDRESS.exec(location.hash);
  if (!found) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return null;
  }
}

function forgetAddress() {
  history.replaceState(null, "", location.pathname + location.search);
}

/** A source that asks for the job and its events until nothing can change any more. */
function jobSource(id, { api }, view) {
  let settled = false;
  return {
    name: "job",
    async load() {
      if (settled) return null;
      const [job, events] = await Promise.all([api.job(id), api.jobEvents(id)]);
      return { job, events: readEvents(events.items) };
    },
    apply(found) {
      if (!found) return;
      settled = isTerminal(found.job.status) && found.events.some((event) => endsLife(event.eventType));
      view.show(found.job, found.events);
    },
    fail(error) {
      view.fail(error);
    },
  };
}

/** The last event may arrive a moment after the state that it tells of. */
function endsLife(eventType) {
  return ["job.completed", "job.failed", "job.cancelled", "job.quarantined"].includes(eventType);
}

/** Gives the function that opens the drawer for a job. */
export function mountDetail(dialog, context) {
  const body = el("div", { className: "drawer-body" });
  const close = el("button", { type: "button", className: "icon-button drawer-close", "aria-label": "Close", on: { click: () => dialog.close() } }, icon("close"));
  dialog.append(close, body);
  let stop = null;

  function show(id) {
    stop?.();
    const view = createView(id, context);
    body.replaceChildren(view.node);
    body.scrollTop = 0;
    stop = context.poller.add(jobSource(id, context, view));
    context.poller.kick();
    if (!dialog.open) dialog.showModal();
  }

  function follow() {
    const id = idInAddress();
    if (id) show(id);
    else if (dialog.open) dialog.close();
  }

  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    stop?.();
    stop = null;
    if (idInAddress()) forgetAddress();
  });
  addEventListener("hashchange", follow);
  follow();
  return (id) => {
    location.hash = `#/jobs/${encodeURIComponent(id)}`;
  };
}

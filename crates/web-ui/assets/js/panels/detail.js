// The drawer with one job. The address of the page names it (#/jobs/ID), so it can be linked and shared.

import { isTerminal } from "../badge.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { createThrottle } from "../throttle.js";
import { createView } from "./detail-view.js";

/** As often as the job is asked for while things happen to it. */
const REFRESH_MS = 500;
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

/** What is pushed shows that the job has changed; this is for what is not. */
const EVERY_WHILE_PUSHED = 3;

/** A source that asks for the job and its life until nothing can change any more but by a command. */
function jobSource(id, { api, live }, view) {
  let settled = false;
  return {
    name: "job",
    every: () => (settled || live.hasEvents() ? EVERY_WHILE_PUSHED : 1),
    async load() {
      const [job, moments] = await Promise.all([api.job(id), api.timeline(id)]);
      return { job, moments: moments.items.filter((moment) => moment && typeof moment === "object") };
    },
    apply({ job, moments }) {
      settled = isTerminal(job.status);
      view.show(job, moments);
    },
    fail(error) {
      view.fail(error);
    },
  };
}

/** Gives `open(id)` for the drawer with a job, and `changed(id)` for when something has happened to one. */
export function mountDetail(dialog, context) {
  const body = el("div", { className: "drawer-body" });
  const close = el("button", { type: "button", className: "icon-button drawer-close", "aria-label": "Close", on: { click: () => dialog.close() } }, icon("close"));
  dialog.append(close, body);
  const { poller } = context;
  let stop = null;
  let shown = null;
  let source = null;
  const refreshing = createThrottle(refresh, REFRESH_MS);

  function refresh() {
    if (source === null) return;
    // Asked in the next round, not when its turn comes.
    poller.add(source);
    poller.kick();
  }

  function show(id) {
    stop?.();
    const view = createView(id, { ...context, poller: { ...poller, kick: refresh }, search });
    body.replaceChildren(view.node);
    body.scrollTop = 0;
    shown = id;
    source = jobSource(id, context, view);
    stop = poller.add(source);
    poller.kick();
    if (!dialog.open) dialog.showModal();
  }

  /** Leads from the job to others that have something in common with it. */
  function search(query) {
    dialog.close();
    context.search({ q: query, state: "" });
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
    [stop, shown, source] = [null, null, null];
    refreshing.stop();
    if (idInAddress()) forgetAddress();
  });
  addEventListener("hashchange", follow);
  follow();
  return {
    open(id) {
      location.hash = `#/jobs/${encodeURIComponent(id)}`;
    },
    changed(id) {
      if (id === shown) refreshing.want();
    },
  };
}

// The connection pill in the head, and the banner that says what the numbers below are worth.

import { byId, el, setText } from "../dom.js";
import { clock, plural } from "../format.js";
import { icon } from "../icons.js";

const ICONS = { connecting: "dot", live: "dot", degraded: "alert", offline: "cross" };

function pillText({ state, reason, since }) {
  if (state === "live") return "Live";
  const label = state === "offline" ? "Offline" : "Degraded";
  return `${label}: ${reason} since ${clock(since)}`;
}

function bannerText({ state, reason, partial, since }, received) {
  const shown = received === null ? "Nothing has been received yet." : `Numbers below are as of ${clock(received)}.`;
  if (state === "offline") return `This page's own server has not answered since ${clock(since)}. ${shown}`;
  if (partial) return `Since ${clock(since)}: ${reason}. The rest of the page is live.`;
  return `The read model has not answered since ${clock(since)}. ${shown} Jobs that were accepted keep running.`;
}

/** `retry()` is called when the person does not want to wait for the next try. */
export function mountStatus(retry) {
  const pill = byId("connection");
  const banner = byId("banner");
  const text = el("span", {});
  const next = el("span", { className: "banner-next", "aria-hidden": "true" });
  banner.append(
    icon("alert"),
    el("p", {}, text, " ", next),
    el("button", { type: "button", className: "button small", on: { click: retry } }, icon("retry"), "Try now"),
  );

  return {
    /** `pause`: milliseconds until the next try. `received`: when anything last arrived, or null. */
    show(connection, pause, received) {
      const live = connection.state === "live";
      if (pill.dataset.state !== connection.state || pill.dataset.text !== pillText(connection)) {
        pill.dataset.state = connection.state;
        pill.dataset.text = pillText(connection);
        pill.replaceChildren(icon(ICONS[connection.state]), el("span", {}, pillText(connection)));
      }
      document.body.classList.toggle("unreachable", !live && !connection.partial);
      banner.hidden = live;
      if (live) return;
      setText(text, bannerText(connection, received));
      const seconds = Math.round(pause / 1000);
      setText(next, seconds > 1 ? `Next try in ${plural(seconds, "second")}.` : "");
    },
  };
}

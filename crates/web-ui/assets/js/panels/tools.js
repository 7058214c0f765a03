// The list of the other pages of the platform, from the registry.

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { entryUrl } from "../links.js";

function card(entry, config) {
  const url = entryUrl(entry, config);
  const { port } = new URL(url);
  return el(
    "li",
    {},
    el(
      "a",
      { className: "tool", href: url, target: "_blank", rel: "noopener" },
      el("span", { className: "tool-name" }, String(entry.name), icon("external")),
      el("span", { className: "tool-port mono" }, port && `:${port}`),
      el("span", { className: "tool-text" }, String(entry.description ?? "")),
    ),
  );
}

function group(title, entries, config) {
  if (entries.length === 0) return [];
  return [el("h2", {}, title), el("ul", {}, entries.map((entry) => card(entry, config)))];
}

function isEntry(entry) {
  return entry && typeof entry.id === "string" && typeof entry.name === "string" && Number.isInteger(entry.port);
}

/** An entry that does not say where it runs is taken to run everywhere. */
function runsIn(entry, shape) {
  return entry.shapes?.includes(shape) ?? true;
}

/** Fills the popover when it is opened for the first time. */
export function mountTools(popover, button, { api, config }) {
  button.append(icon("grid"));
  let filled = false;
  popover.addEventListener("toggle", async (event) => {
    if (event.newState !== "open" || filled) return;
    try {
      const { entries } = await api.registry();
      const others = entries.filter((entry) => isEntry(entry) && entry.id !== "dashboard");
      const always = others.filter((entry) => runsIn(entry, "embedded"));
      const services = others.filter((entry) => !runsIn(entry, "embedded") && runsIn(entry, "services"));
      const cluster = others.filter((entry) => !runsIn(entry, "embedded") && !runsIn(entry, "services"));
      popover.replaceChildren(
        ...group("Always there", always, config),
        ...group("With separate services, or in the cluster", services, config),
        ...group("In the cluster only", cluster, config),
      );
      filled = true;
    } catch {
      popover.replaceChildren(el("p", { className: "empty-line" }, "The list of tools could not be read."));
    }
  });
}

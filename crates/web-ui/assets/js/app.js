// The entry: builds the panels, starts the heartbeat and connects the two.

import { api } from "./api.js";
import { createConnection } from "./connection.js";
import { byId, setText } from "./dom.js";
import { clock } from "./format.js";
import { icon } from "./icons.js";
import { publicUrl } from "./links.js";
import { mountChart } from "./panels/chart.js";
import { mountDeadLetters } from "./panels/dead-letters.js";
import { mountDetail } from "./panels/detail.js";
import { mountEvents } from "./panels/events.js";
import { mountJobs } from "./panels/jobs.js";
import { mountStatus } from "./panels/status.js";
import { mountSubmit } from "./panels/submit.js";
import { mountTiles } from "./panels/tiles.js";
import { mountTools } from "./panels/tools.js";
import { mountTypes } from "./panels/types.js";
import { createPoller } from "./poller.js";
import { mountShortcuts } from "./shortcuts.js";
import { mountTheme } from "./theme.js";

/** Used until the server has told where its services are, and if it never does. */
const DEFAULTS = { gatewayUrl: "http://localhost:3000", readModelUrl: "http://localhost:8080" };

function announce(text) {
  setText(byId("announcer"), "");
  // A live region speaks only of a change: the same words twice need an empty moment between.
  setTimeout(() => setText(byId("announcer"), text), 50);
}

async function loadConfig() {
  try {
    return { ...DEFAULTS, ...(await api.config()) };
  } catch {
    return DEFAULTS;
  }
}

function linkDocs(config) {
  const links = { "gateway-docs": config.gatewayUrl, "read-model-docs": config.readModelUrl };
  for (const [id, url] of Object.entries(links)) {
    const base = publicUrl(url);
    if (base) byId(id).href = `${base}/docs`;
    byId(id).append(icon("external"));
  }
}

/** Stats feed two panels and the connection state; one request serves them all. */
function statsSource(panels) {
  const source = {
    name: "stats",
    core: true,
    degraded: [],
    load: api.stats,
    apply(stats) {
      source.degraded = Array.isArray(stats?.degraded) ? stats.degraded : [];
      for (const panel of panels) panel.show(stats ?? {});
    },
    fail() {
      source.degraded = [];
    },
  };
  return source;
}

async function start() {
  const config = await loadConfig();
  const connection = createConnection();
  const status = mountStatus(() => poller.kick());
  let received = null;
  const poller = createPoller({
    onRound(outcomes, pause) {
      if (outcomes.some(({ error }) => !error)) received = Date.now();
      if (received !== null) setText(byId("refreshed"), `Refreshed ${clock(received)}`);
      status.show(connection.note(outcomes, stats.degraded), pause, received);
    },
  });
  const context = { api, config, poller, announce };
  context.openSubmit = mountSubmit(byId("submit"), context);
  context.openJob = mountDetail(byId("detail"), context);

  const tiles = mountTiles(byId("tiles"));
  const stats = statsSource([tiles, mountTypes(byId("types"))]);
  const jobs = mountJobs(byId("jobs"), context);
  poller.add(stats);
  poller.add(jobs.source);
  poller.add(mountEvents(byId("events"), context));
  poller.add(mountChart(byId("chart"), context, tiles.showHistory));
  poller.add(mountDeadLetters(byId("dead-letters"), context));

  linkDocs(config);
  mountTools(byId("tools"), byId("tools-button"), context);
  mountTheme(byId("theme"), announce);
  byId("new-job").prepend(icon("plus"));
  byId("new-job").addEventListener("click", () => context.openSubmit());
  mountShortcuts({ n: () => context.openSubmit(), "/": jobs.focusFilter });
  poller.start();
}

start();

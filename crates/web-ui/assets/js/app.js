// The entry: builds the panels, starts the heartbeat and connects the two.

import { api } from "./api.js";
import { createConfirm } from "./confirm.js";
import { createConnection } from "./connection.js";
import { byId, setText } from "./dom.js";
import { clock } from "./format.js";
import { icon } from "./icons.js";
import { publicUrl } from "./links.js";
import { mountChart } from "./panels/chart.js";
import { mountDeadLetters } from "./panels/dead-letters.js";
import { mountDetail } from "./panels/detail.js";
import { mountErrors } from "./panels/errors.js";
import { mountEvents } from "./panels/events.js";
import { mountJobs } from "./panels/jobs.js";
import { mountPaused } from "./panels/paused.js";
import { mountSchedules } from "./panels/schedules.js";
import { mountStatus } from "./panels/status.js";
import { mountSubmit } from "./panels/submit.js";
import { mountTiles } from "./panels/tiles.js";
import { mountTools } from "./panels/tools.js";
import { mountTypes } from "./panels/types.js";
import { createPoller } from "./poller.js";
import { mountShortcuts } from "./shortcuts.js";
import { createStream } from "./stream.js";
import { mountTheme } from "./theme.js";
import { createThrottle } from "./throttle.js";

/** Numbers that are pushed are asked for now and then all the same: only an answer shows that nothing is away. */
const STATS_EVERY_WHILE_PUSHED = 5;
/** As often as the list of jobs is asked for while events are pushed. */
const JOBS_REFRESH_MS = 1000;
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

/** Stats feed three panels and the connection state; one request serves them all. */
function statsSource(panels, live) {
  const source = {
    name: "stats",
    core: true,
    degraded: [],
    every: () => (live.isLive() ? STATS_EVERY_WHILE_PUSHED : 1),
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

  function note() {
    received = Date.now();
    setText(byId("refreshed"), `Refreshed ${clock(received)}`);
  }

  const poller = createPoller({
    onRound(outcomes, pause) {
      if (outcomes.some(({ error }) => !error)) note();
      status.show(connection.note(outcomes, stats.degraded), pause, received);
    },
  });
  const live = createStream({
    onJob(envelope) {
      note();
      events.push(envelope);
      detail.changed(envelope.payload?.id);
      jobsRefreshing.want();
    },
    onStats(numbers) {
      note();
      stats.apply(numbers);
    },
  });
  const context = { api, config, poller, live, announce };
  context.confirm = createConfirm(byId("confirm"), announce);
  context.openSubmit = mountSubmit(byId("submit"), context);
  context.search = (search) => {
    jobs.search(search);
    byId("jobs").scrollIntoView({ block: "nearest" });
    jobs.focusSearch();
  };
  const detail = mountDetail(byId("detail"), context);
  context.openJob = detail.open;

  const tiles = mountTiles(byId("tiles"));
  const letters = mountDeadLetters(byId("dead-letters"), byId("letter"), context);
  const stats = statsSource([tiles, mountTypes(byId("types")), { show: letters.showStats }], live);
  const jobs = mountJobs(byId("jobs"), context);
  const jobsRefreshing = createThrottle(jobs.refresh, JOBS_REFRESH_MS);
  const events = mountEvents(byId("events"), context);
  poller.add(stats);
  poller.add(jobs.source);
  poller.add(events.source);
  poller.add(mountChart(byId("chart"), context, tiles.showHistory));
  poller.add(mountErrors(byId("errors"), context));
  poller.add(mountSchedules(byId("schedules"), context));
  poller.add(letters.source);
  poller.add(mountPaused(byId("paused"), context));

  linkDocs(config);
  mountTools(byId("tools"), byId("tools-button"), context);
  mountTheme(byId("theme"), announce);
  byId("new-job").prepend(icon("plus"));
  byId("new-job").addEventListener("click", () => context.openSubmit());
  mountShortcuts({ n: () => context.openSubmit(), "/": jobs.focusSearch });
  poller.start();
  live.start();
}

start();

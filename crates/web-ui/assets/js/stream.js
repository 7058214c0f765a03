// What happens, pushed as it happens, where the browser can listen. Everything works without it, by asking.

/** Where the read model tells. */
const ADDRESS = "/api/stream";
/** More events in a second than this are for no eye: the page asks for the newest instead. */
const BUSY = 100;
/** Below so many finished jobs per second it listens to events again. */
const QUIET = 20;
/** How long it waits to listen again where the browser does not by itself. */
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30_000;

function read(event) {
  try {
    return JSON.parse(event.data);
  } catch {
    return null;
  }
}

/**
 * `onJob(envelope)` and `onStats(stats)` get what comes. `start()` begins; a page that nobody sees does not listen.
 *
 * `isLive()`: the numbers are pushed. `hasEvents()`: every event is, too; under load they are not.
 */
export function createStream({
  onJob = () => {},
  onStats = () => {},
  page = document,
  Source = globalThis.EventSource,
  timers = globalThis,
  now = Date.now,
} = {}) {
  let source = null;
  let open = false;
  let calm = false;
  let retry = null;
  let pause = FIRST_PAUSE;
  let second = 0;
  let inSecond = 0;

  function close() {
    if (retry !== null) timers.clearTimeout(retry);
    retry = null;
    source?.close();
    source = null;
    open = false;
  }

  function listen() {
    close();
    if (page.hidden) return;
    const mine = new Source(`${ADDRESS}?topics=${calm ? "stats" : "job,stats"}`);
    const whileMine = (react) => (event) => {
      if (source === mine) react(event);
    };
    source = mine;
    mine.addEventListener("open", whileMine(opened));
    mine.addEventListener("error", whileMine(broken));
    mine.addEventListener("job", whileMine(job));
    mine.addEventListener("stats", whileMine(stats));
    mine.addEventListener("dropped", whileMine(dropped));
  }

  function later() {
    close();
    retry = timers.setTimeout(listen, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  function opened() {
    open = true;
    pause = FIRST_PAUSE;
  }

  /** A connection that was lost is made again by the browser; one that was refused is not. */
  function broken() {
    open = false;
    if (source.readyState === Source.CLOSED) later();
  }

  function dropped(event) {
    if (read(event)?.reason === "slow") calm = true;
    later();
  }

  function job(event) {
    const envelope = read(event);
    if (envelope) onJob(envelope);
    const current = Math.floor(now() / 1000);
    inSecond = current === second ? inSecond + 1 : 1;
    second = current;
    if (inSecond > BUSY) become(true);
  }

  function stats(event) {
    const numbers = read(event);
    if (!numbers) return;
    onStats(numbers);
    if (calm && numbers.jobsPerSecond < QUIET) become(false);
  }

  function become(wanted) {
    calm = wanted;
    inSecond = 0;
    listen();
  }

  return {
    start() {
      if (typeof Source !== "function") return;
      page.addEventListener("visibilitychange", () => (page.hidden ? close() : listen()));
      listen();
    },
    isLive: () => open,
    hasEvents: () => open && !calm,
  };
}

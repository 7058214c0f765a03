// The heartbeat of the page: one timer, one set of requests in flight, nothing while nobody looks, and
// longer and longer pauses while nothing answers.

/**
 * A source is `{ name, load, apply, fail?, every? }`: `load()` gives a promise, `apply(value)` shows it,
 * `every` asks it only each n-th round; a function says each time how often that is now. A source is asked at once in
 * the round after it was added.
 *
 * `onRound(outcomes, pause)` hears after each round what became of each source (`{ source, error }`), and
 * the milliseconds until the next one.
 */
export function createPoller({
  interval = 1000,
  ceiling = 15_000,
  onRound = () => {},
  page = document,
  timers = globalThis,
} = {}) {
  const sources = new Set();
  const fresh = new Set();
  const hurries = new Map();
  let timer = null;
  let running = false;
  let again = false;
  let started = false;
  let round = 0;
  let failedRounds = 0;

  function pause() {
    if (failedRounds > 0) return Math.min(interval * 2 ** failedRounds, ceiling);
    return Math.min(interval, ...hurries.values());
  }

  function stopTimer() {
    if (timer !== null) timers.clearTimeout(timer);
    timer = null;
  }

  function schedule() {
    stopTimer();
    if (!page.hidden) timer = timers.setTimeout(run, pause());
  }

  function isDue(source) {
    const every = typeof source.every === "function" ? source.every() : source.every;
    return fresh.has(source) || round % (every ?? 1) === 0;
  }

  async function ask(source) {
    fresh.delete(source);
    try {
      const value = await source.load();
      if (sources.has(source)) source.apply(value);
      return { source, error: null };
    } catch (error) {
      if (sources.has(source)) {
        fresh.add(source);
        source.fail?.(error);
      }
      return { source, error };
    }
  }

  async function run() {
    stopTimer();
    if (running) {
      again = true;
      return;
    }
    running = true;
    const due = [...sources].filter(isDue);
    round += 1;
    const outcomes = await Promise.all(due.map(ask));
    running = false;
    const away = outcomes.length > 0 && outcomes.every(({ error }) => error?.isAway);
    failedRounds = away ? failedRounds + 1 : 0;
    onRound(outcomes, pause());
    if (again && !page.hidden) {
      again = false;
      run();
    } else {
      schedule();
    }
  }

  page.addEventListener("visibilitychange", () => {
    if (!started) return;
    if (page.hidden) stopTimer();
    else run();
  });

  return {
    /** Adds a source and gives the function that takes it out again. */
    add(source) {
      sources.add(source);
      fresh.add(source);
      return () => {
        sources.delete(source);
        fresh.delete(source);
      };
    },
    start() {
      started = true;
      run();
    },
    /** Asks now, or once more right after the round that is under way. */
    kick() {
      if (started) run();
    },
    /** Makes the pauses as short as `ms` until the returned function is called. */
    hurry(ms) {
      const wish = {};
      hurries.set(wish, ms);
      return () => hurries.delete(wish);
    },
  };
}

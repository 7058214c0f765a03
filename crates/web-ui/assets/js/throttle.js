// Not more often than somebody can look.

/**
 * Calls `run` at once, and while it is wanted again within `ms` once more at the end of that time. `stop()` takes back
 * what is still to come.
 */
export function createThrottle(run, ms, timers = globalThis) {
  let timer = null;
  let again = false;

  function over() {
    timer = null;
    if (!again) return;
    again = false;
    begin();
  }

  function begin() {
    timer = timers.setTimeout(over, ms);
    run();
  }

  return {
    want() {
      if (timer === null) begin();
      else again = true;
    },
    stop() {
      if (timer !== null) timers.clearTimeout(timer);
      timer = null;
      again = false;
    },
  };
}

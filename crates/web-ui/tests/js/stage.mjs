// A page and a clock that do only what a test says.

export const settle = () => new Promise((resolve) => setImmediate(resolve));

export function stage() {
  const timers = new Map();
  const listeners = [];
  let number = 0;
  return {
    page: { hidden: false, addEventListener: (_type, listener) => listeners.push(listener) },
    timers: {
      setTimeout(run, ms) {
        number += 1;
        timers.set(number, { run, ms });
        return number;
      },
      clearTimeout: (id) => timers.delete(id),
    },
    waits: () => [...timers.values()].map(({ ms }) => ms),
    async fire() {
      const [[id, { run }]] = timers;
      timers.delete(id);
      run();
      await settle();
    },
    async setHidden(hidden) {
      this.page.hidden = hidden;
      for (const listener of listeners) listener();
      await settle();
    },
  };
}

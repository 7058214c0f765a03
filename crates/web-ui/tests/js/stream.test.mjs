import assert from "node:assert/strict";
import { test } from "node:test";
import { createStream } from "../../assets/js/stream.js";
import { stage } from "./stage.mjs";

/** Sources that do only what the test says. */
function sources() {
  const made = [];
  class Source {
    static CLOSED = 2;
    constructor(address) {
      this.address = address;
      this.readyState = 0;
      this.closed = false;
      this.listeners = {};
      made.push(this);
    }
    addEventListener(type, listener) {
      this.listeners[type] = listener;
    }
    close() {
      this.closed = true;
    }
    tell(type, data) {
      this.listeners[type]({ data: typeof data === "string" ? data : JSON.stringify(data) });
    }
  }
  return { Source, made, last: () => made.at(-1) };
}

function listening(changes = {}) {
  const set = stage();
  const { Source, made, last } = sources();
  const heard = { jobs: [], stats: [] };
  let now = 1_000_000;
  const live = createStream({
    ...set,
    Source,
    now: () => now,
    onJob: (envelope) => heard.jobs.push(envelope),
    onStats: (stats) => heard.stats.push(stats),
    ...changes,
  });
  live.start();
  return { set, live, made, last, heard, pass: (ms) => (now += ms) };
}

test("what is pushed is handed on", () => {
  const { live, last, heard } = listening();
  assert.match(last().address, /^\/api\/stream\?topics=job,stats$/);
  assert.deepEqual([live.isLive(), live.hasEvents()], [false, false], "nothing is pushed before it is open");
  last().tell("open", "");
  assert.deepEqual([live.isLive(), live.hasEvents()], [true, true]);
  last().tell("job", { eventId: "e" });
  last().tell("stats", { totalJobs: 7 });
  last().tell("job", "no json");
  assert.deepEqual(heard, { jobs: [{ eventId: "e" }], stats: [{ totalJobs: 7 }] });
});

test("while the browser connects again the page asks, and a refusal is tried again with growing pauses", async () => {
  const { set, live, made, last } = listening();
  last().tell("open", "");
  last().tell("error", "");
  assert.deepEqual([live.isLive(), made.length, set.waits()], [false, 1, []], "the browser does it by itself");
  last().tell("open", "");
  assert.equal(live.isLive(), true);

  const pauses = [];
  for (let round = 0; round < 6; round += 1) {
    last().readyState = 2;
    last().tell("error", "");
    pauses.push(...set.waits());
    await set.fire();
  }
  assert.deepEqual(pauses, [2000, 4000, 8000, 16_000, 30_000, 30_000]);
  assert.equal(made.length, 7);
  last().tell("open", "");
  last().readyState = 2;
  last().tell("error", "");
  assert.deepEqual(set.waits(), [2000], "an open stream ends the growing");
});

test("a page that nobody sees does not listen", async () => {
  const { set, live, made, last } = listening();
  last().tell("open", "");
  await set.setHidden(true);
  assert.deepEqual([last().closed, live.isLive()], [true, false]);
  await set.setHidden(false);
  assert.equal(made.length, 2);
});

test("what an old source still says is not heard", async () => {
  const { set, made, heard } = listening();
  await set.setHidden(true);
  await set.setHidden(false);
  made[0].tell("job", { eventId: "late" });
  made[1].tell("job", { eventId: "good" });
  assert.deepEqual(heard.jobs, [{ eventId: "good" }]);
});

test("under load only the numbers are pushed, until it is quiet again", () => {
  const { live, made, last, pass } = listening();
  last().tell("open", "");
  for (let number = 0; number < 100; number += 1) last().tell("job", { number });
  pass(1000);
  for (let number = 0; number < 100; number += 1) last().tell("job", { number });
  assert.equal(made.length, 1, "a hundred in a second can be looked at");
  last().tell("job", {});
  assert.deepEqual([made.length, made[0].closed], [2, true]);
  last().tell("open", "");
  assert.match(last().address, /topics=stats$/);
  assert.deepEqual([live.isLive(), live.hasEvents()], [true, false]);

  last().tell("stats", { jobsPerSecond: 500 });
  assert.equal(made.length, 2);
  last().tell("stats", { jobsPerSecond: 3 });
  last().tell("open", "");
  assert.match(last().address, /topics=job,stats$/);
  assert.equal(live.hasEvents(), true);
});

test("a stream that the server ends is opened again, and a slow one with less in it", async () => {
  const { set, live, made, last } = listening();
  last().tell("open", "");
  last().tell("dropped", { reason: "stopping" });
  assert.deepEqual([live.isLive(), last().closed, set.waits()], [false, true, [2000]]);
  await set.fire();
  assert.match(last().address, /topics=job,stats$/);
  last().tell("open", "");
  last().tell("dropped", { reason: "slow" });
  await set.fire();
  assert.equal(made.length, 3);
  assert.match(last().address, /topics=stats$/);
});

test("a browser without such streams asks as ever", () => {
  const { live, made } = listening({ Source: undefined });
  assert.deepEqual([made.length, live.isLive(), live.hasEvents()], [0, false, false]);
});

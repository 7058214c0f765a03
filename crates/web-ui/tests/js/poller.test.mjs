import assert from "node:assert/strict";
import { test } from "node:test";
import { createPoller } from "../../assets/js/poller.js";
import { settle, stage } from "./stage.mjs";

function counting(changes = {}) {
  const source = { name: "test", loads: 0, applied: [], apply: (value) => source.applied.push(value), ...changes };
  const load = changes.load ?? (async () => source.loads);
  source.load = () => {
    source.loads += 1;
    return load();
  };
  return source;
}

const away = async () => {
  throw Object.assign(new Error("away"), { isAway: true });
};

test("one timer runs, and only while the page is seen", async () => {
  const set = stage();
  const poller = createPoller(set);
  const source = counting();
  poller.add(source);
  poller.start();
  await settle();
  assert.deepEqual([source.loads, set.waits()], [1, [1000]]);
  await set.setHidden(true);
  assert.deepEqual(set.waits(), []);
  await set.setHidden(false);
  assert.deepEqual([source.loads, set.waits()], [2, [1000]]);
});

test("only one set of requests is in flight", async () => {
  const set = stage();
  const poller = createPoller(set);
  const answers = [];
  const source = counting({ load: () => new Promise((resolve) => answers.push(resolve)) });
  poller.add(source);
  poller.start();
  poller.kick();
  poller.kick();
  await settle();
  assert.equal(source.loads, 1);
  answers[0]("first");
  await settle();
  assert.equal(source.loads, 2, "the kicks are made up for once");
  answers[1]("second");
  await settle();
  assert.deepEqual([source.loads, source.applied, set.waits()], [2, ["first", "second"], [1000]]);
});

test("pauses grow while nothing answers and end with the first answer", async () => {
  const set = stage();
  const poller = createPoller(set);
  const source = counting({ load: away });
  poller.add(source);
  poller.start();
  await settle();
  const pauses = [...set.waits()];
  for (let round = 0; round < 5; round += 1) {
    await set.fire();
    pauses.push(...set.waits());
  }
  assert.deepEqual(pauses, [2000, 4000, 8000, 15_000, 15_000, 15_000]);
  poller.add(counting());
  await set.fire();
  assert.deepEqual(set.waits(), [1000]);
});

test("an error of the service itself does not slow the page down", async () => {
  const set = stage();
  const poller = createPoller(set);
  const errors = [];
  poller.add(counting({ load: async () => Promise.reject(new Error("no such job")), fail: (error) => errors.push(error.message) }));
  poller.start();
  await settle();
  assert.deepEqual([errors, set.waits()], [["no such job"], [1000]]);
});

test("a slow source is asked each n-th round, and at once when it is new or failed", async () => {
  const set = stage();
  const poller = createPoller(set);
  const slow = counting({ every: 3 });
  poller.add(counting());
  poller.add(slow);
  poller.start();
  await settle();
  for (let round = 0; round < 6; round += 1) await set.fire();
  assert.equal(slow.loads, 3);
});

test("how often a source is asked may change with the moment", async () => {
  const set = stage();
  const poller = createPoller(set);
  let pushed = true;
  const source = counting({ every: () => (pushed ? 5 : 1) });
  poller.add(source);
  poller.start();
  await settle();
  for (let round = 0; round < 9; round += 1) await set.fire();
  assert.equal(source.loads, 2);
  pushed = false;
  for (let round = 0; round < 3; round += 1) await set.fire();
  assert.equal(source.loads, 5);
});

test("what arrives after its source was taken out is not shown", async () => {
  const set = stage();
  const poller = createPoller(set);
  let answer;
  const source = counting({ load: () => new Promise((resolve) => (answer = resolve)) });
  const remove = poller.add(source);
  poller.start();
  await settle();
  remove();
  answer("late");
  await settle();
  assert.deepEqual(source.applied, []);
});

test("somebody in a hurry shortens the pauses until told to stop", async () => {
  const set = stage();
  const poller = createPoller(set);
  poller.add(counting());
  const calm = poller.hurry(250);
  poller.start();
  await settle();
  assert.deepEqual(set.waits(), [250]);
  calm();
  await set.fire();
  assert.deepEqual(set.waits(), [1000]);
});

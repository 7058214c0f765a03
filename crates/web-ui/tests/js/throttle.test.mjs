import assert from "node:assert/strict";
import { test } from "node:test";
import { createThrottle } from "../../assets/js/throttle.js";
import { stage } from "./stage.mjs";

function counting() {
  const set = stage();
  let runs = 0;
  const throttle = createThrottle(() => (runs += 1), 100, set.timers);
  return { set, throttle, runs: () => runs };
}

test("the first wish is done at once, and those that follow together", async () => {
  const { set, throttle, runs } = counting();
  throttle.want();
  assert.deepEqual([runs(), set.waits()], [1, [100]]);
  throttle.want();
  throttle.want();
  assert.equal(runs(), 1);
  await set.fire();
  assert.deepEqual([runs(), set.waits()], [2, [100]], "and the time begins anew");
  await set.fire();
  assert.deepEqual([runs(), set.waits()], [2, []]);
  throttle.want();
  assert.equal(runs(), 3);
});

test("what was still to come can be taken back", () => {
  const { set, throttle, runs } = counting();
  throttle.want();
  throttle.want();
  throttle.stop();
  assert.deepEqual([runs(), set.waits()], [1, []]);
});

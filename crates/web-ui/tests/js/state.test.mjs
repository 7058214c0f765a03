import assert from "node:assert/strict";
import { test } from "node:test";
import { createConnection } from "../../assets/js/connection.js";
import { newestFirst, readEvent, readEvents } from "../../assets/js/event.js";
import { heldWords } from "../../assets/js/held.js";
import { niceCeiling, slice } from "../../assets/js/history.js";
import { pausedTypes } from "../../assets/js/limits.js";
import { entryUrl, publicUrl } from "../../assets/js/links.js";

const outcome = (name, error = null) => ({ source: { name, core: true }, error });
const unreachable = { kind: "unreachable", isAway: true };
const offline = { kind: "offline", isAway: true };
const broken = { kind: "problem", isAway: false };

test("the connection says what is wrong and since when", () => {
  let now = 1000;
  const connection = createConnection(() => now);
  assert.equal(connection.note([outcome("stats"), outcome("jobs")]).state, "live");
  now = 2000;
  const down = [outcome("stats", unreachable), outcome("jobs", unreachable)];
  assert.deepEqual(connection.note(down), { state: "degraded", reason: "read model unreachable", partial: false, since: 2000 });
  now = 3000;
  assert.equal(connection.note(down).since, 2000, "the beginning is kept");
  assert.equal(connection.note([outcome("stats", offline), outcome("jobs", offline)]).state, "offline");
  assert.equal(connection.note([outcome("stats"), outcome("jobs", broken)]).reason, "jobs unavailable");
  assert.equal(connection.note([outcome("stats"), outcome("jobs")], ["event log: is away"]).reason, "event log unavailable");
  assert.equal(connection.note([outcome("stats")]).state, "live");
});

test("a source that was not asked yet does not hide that nothing answers", () => {
  const connection = createConnection();
  connection.note([outcome("stats"), outcome("dead letters")]);
  assert.equal(connection.note([outcome("stats", unreachable)]).reason, "read model unreachable");
  assert.equal(connection.note([outcome("stats"), outcome("dead letters")]).state, "live");
});

test("a job that does not exist says nothing about the connection", () => {
  const connection = createConnection();
  connection.note([outcome("stats")]);
  assert.equal(connection.note([{ source: { name: "job" }, error: broken }]).state, "live");
});

test("history is cut into slices that end with the present one", () => {
  const now = Date.parse("2030-01-01T00:10:30Z");
  const items = [
    { at: "2030-01-01T00:10:21Z", created: 2, completed: 1 },
    { at: "2030-01-01T00:10:29Z", created: 1, completed: 1, failed: 1 },
    { at: "2029-12-31T00:00:00Z", created: 99 },
    { at: "rubbish", created: 99 },
    null,
  ];
  const { seconds, slices } = slice({ stepSeconds: 1, items }, 15, now);
  assert.equal(seconds, 10);
  assert.equal(slices.length, 90);
  assert.deepEqual(slices.at(-2), { at: Date.parse("2030-01-01T00:10:20Z"), created: 3, completed: 2, failed: 1 });
  assert.equal(slices.reduce((sum, item) => sum + item.created, 0), 3);
});

test("history by the minute stays by the minute", () => {
  const { seconds, slices } = slice({ stepSeconds: 60, items: [] }, 5, 0);
  assert.deepEqual([seconds, slices.length], [60, 5]);
  assert.equal(slice(undefined, 60, 0).slices.length, 60);
});

test("the top of the chart is round and its half is whole", () => {
  assert.deepEqual([0, 1, 2, 3, 5, 9, 11, 13, 150, 161, 950].map(niceCeiling), [1, 1, 2, 4, 6, 10, 12, 16, 160, 200, 1000]);
});

test("services are looked for where the browser can reach them", () => {
  assert.equal(publicUrl("http://127.0.0.1:3000/", "localhost"), "http://localhost:3000");
  assert.equal(publicUrl("http://gateway:3000", "10.0.0.5"), "http://10.0.0.5:3000");
  assert.equal(publicUrl("http://gateway.jobs.svc:3000", "localhost"), "http://localhost:3000");
  assert.equal(publicUrl("http://gw.example.com", "localhost"), "http://gw.example.com");
  assert.equal(publicUrl("javascript:alert(1)", "localhost"), null);
  assert.equal(publicUrl("", "localhost"), null);
});

test("registry entries point at this host, ours at their real ports", () => {
  const page = { protocol: "http:", hostname: "box", origin: "http://box:9081" };
  const config = { gatewayUrl: "http://127.0.0.1:4000", readModelUrl: "http://127.0.0.1:9080" };
  assert.equal(entryUrl({ id: "gateway-docs", port: 3000, path: "/docs" }, config, page), "http://box:4000/docs");
  assert.equal(entryUrl({ id: "dashboard", port: 8081, path: "/" }, config, page), "http://box:9081/");
  assert.equal(entryUrl({ id: "grafana", port: 3002, path: "/" }, config, page), "http://box:3002/");
});

test("an event is read in each of its shapes", () => {
  const at = "2030-01-01T00:00:00Z";
  const payload = { id: "j", type: "echo", attempt: 2, worker: "w", error: "late" };
  const expected = { id: "e", eventType: "job.failed", at, jobId: "j", jobType: "echo", attempt: 2, worker: "w", error: "late" };
  assert.deepEqual(readEvent({ eventId: "e", eventType: "job.failed", occurredAt: at, payload }), expected);
  assert.deepEqual(readEvent({ eventid: "e", eventtype: "job.failed", occurredat: at, payload }), expected);
  const flat = { eventId: "e", eventType: "job.failed", occurredAt: at, attempt: 2, worker: "w", error: "late" };
  assert.deepEqual(readEvent(flat), { ...expected, jobId: "", jobType: "" });
  assert.equal(readEvents([null, "x", {}]).length, 1);
});

test("pushed events go on top, each once, and the oldest fall out", () => {
  const events = (...ids) => ids.map((id) => ({ id }));
  assert.deepEqual(newestFirst(events("c"), events("b", "a"), 5), events("c", "b", "a"));
  assert.deepEqual(newestFirst(events("c", "b"), events("b", "a"), 5), events("c", "b", "a"));
  assert.deepEqual(newestFirst(events("c"), events("b", "a"), 2), events("c", "b"));
});

test("every reason to hold a job back has words, and a new one at least its name", () => {
  for (const reason of ["paused", "concurrency", "rate", "unique"]) assert.ok(heldWords(reason).long.length > 20, reason);
  assert.match(heldWords("moon").long, /moon/);
});

test("paused types are found by name whatever else is limited", () => {
  const types = { report: { paused: true }, email: { paused: false, concurrency: 3 }, audit: { paused: true }, odd: null };
  assert.deepEqual(pausedTypes({ paused: false, types }), ["audit", "report"]);
  assert.deepEqual(pausedTypes({}), []);
  assert.deepEqual(pausedTypes(null), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../../assets/js/format.js";

test("what is missing is unknown, not zero", () => {
  for (const value of [undefined, null, "12", NaN, Infinity]) {
    assert.equal(format.count(value), format.UNKNOWN);
    assert.equal(format.rate(value), format.UNKNOWN);
    assert.equal(format.duration(value), format.UNKNOWN);
  }
  assert.equal(format.count(0), "0");
  assert.equal(format.age(undefined, 0), format.UNKNOWN);
  assert.equal(format.clock("no time"), format.UNKNOWN);
});

test("numbers keep as many digits as they deserve", () => {
  assert.equal(format.count(1234567), "1,234,567");
  assert.equal(format.count(12_345_678), "12.35M");
  assert.deepEqual([0, 0.04, 0.44, 12.34, 8123.4].map(format.rate), ["0", "0.04", "0.4", "12.3", "8,123"]);
});

test("a share is whole only when it is", () => {
  assert.equal(format.percent(3, 3), "100 %");
  assert.equal(format.percent(0, 3), "0 %");
  assert.equal(format.percent(999_999, 1_000_000), "99.9 %");
  assert.equal(format.percent(1, 1_000_000), "0.1 %");
  assert.equal(format.percent(1, 0), format.UNKNOWN);
});

test("durations read well at every size", () => {
  const spans = [0, 0.0001, 0.042, 2.44, 12, 999.4, 999.9, 1240, 12_340, 185_000, 7_800_000, 180_000_000];
  const texts = ["0 ms", "1 µs", "42 µs", "2.4 ms", "12 ms", "999 ms", "1.00 s", "1.24 s", "12.3 s", "3 m 05 s", "2 h 10 m", "2 d 02 h"];
  assert.deepEqual(spans.map(format.duration), texts);
  assert.equal(format.duration(-1), format.UNKNOWN);
});

test("times keep their microseconds", () => {
  const base = Date.parse("2030-01-01T00:00:00.123Z");
  assert.equal(format.millis("2030-01-01T00:00:00.123Z"), base);
  assert.ok(Math.abs(format.millis("2030-01-01T00:00:00.123456Z") - base - 0.456) < 0.001);
  assert.ok(Math.abs(format.millis("2030-01-01T00:00:00.1234567Z") - base - 0.456) < 0.001);
  assert.match(format.preciseClock("2030-01-01T00:00:00.123999Z"), /\.123$/);
});

test("ages never run backwards", () => {
  const now = Date.parse("2030-01-01T00:00:00Z");
  assert.equal(format.age("2030-01-01T00:00:05Z", now), "now");
  assert.equal(format.age("2029-12-31T23:59:18Z", now), "42 s");
  assert.equal(format.age("2029-12-30T22:00:00Z", now), "1 d");
  assert.equal(format.ago("2030-01-01T00:00:00Z", now), "just now");
});

test("what is ahead is told until it has come", () => {
  const now = Date.parse("2030-01-01T00:00:00Z");
  assert.equal(format.ahead("2030-01-01T00:00:00.2Z", now), "in 1 s");
  assert.equal(format.ahead("2030-01-01T00:00:42Z", now), "in 42 s");
  assert.equal(format.ahead("2030-01-01T01:30:00Z", now), "in 2 h");
  assert.equal(format.ahead("2030-01-03T00:00:00Z", now), "in 2 d");
  assert.equal(format.ahead("2029-12-31T23:59:59Z", now), "now");
  assert.equal(format.ahead(null, now), format.UNKNOWN);
  assert.match(format.planned("2030-01-01T00:00:00Z", now), /^\d\d:\d\d:\d\d$/);
  assert.match(format.planned("2030-03-01T00:00:00Z", now), /2030, \d\d:\d\d:\d\d$/);
});

test("a curl line survives quotes in the payload", () => {
  const line = format.curlPost("http://localhost:3000/jobs", { type: "it's" });
  assert.equal(line, `curl -X POST http://localhost:3000/jobs -H 'content-type: application/json' -d '{"type":"it'\\''s"}'`);
});

test("text that is not JSON is shown as it is", () => {
  assert.equal(format.pretty('{"a":1}'), '{\n  "a": 1\n}');
  assert.equal(format.pretty("<b>"), "<b>");
  assert.equal(format.pretty(null), "null");
});

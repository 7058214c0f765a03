import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, parseEvent, parsePayload, readForm } from "../../assets/js/form.js";
import { jsonMistake } from "../../assets/js/json-place.js";

const typed = (changes) => ({ type: "echo", payload: "", timeoutSeconds: "", maxAttempts: "", ...changes });

test("empty fields are left to the gateway", () => {
  assert.deepEqual(readForm(typed({})), { job: { type: "echo" } });
});

test("a full form becomes a full job", () => {
  const { job } = readForm(typed({ type: " sleep ", payload: '{"ms":5}', timeoutSeconds: "2.5", maxAttempts: "4" }));
  assert.deepEqual(job, { type: "sleep", payload: { ms: 5 }, timeoutSeconds: 2.5, retry: { maxAttempts: 4 } });
});

test("each mistake is told at its field", () => {
  const { errors } = readForm(typed({ type: " ", payload: "[1]", timeoutSeconds: "soon", maxAttempts: "1.5" }));
  assert.deepEqual(Object.keys(errors).sort(), ["maxAttempts", "payload", "timeoutSeconds", "type"]);
  assert.ok(readForm(typed({ timeoutSeconds: "0" })).errors.timeoutSeconds);
  assert.ok(readForm(typed({ maxAttempts: "0" })).errors.maxAttempts);
});

test("a payload is an object of at most 1 MiB", () => {
  for (const text of ["null", "7", '"text"', "[]"]) assert.match(parsePayload(text).error, /object/);
  assert.match(parsePayload(JSON.stringify({ a: "x".repeat(1024 * 1024) })).error, /1 MiB/);
  assert.deepEqual(parsePayload(" {} "), { value: {} });
});

test("an event is an object and never empty", () => {
  for (const text of ["", " ", "null", "[]", "7"]) assert.ok(parseEvent(text).error, text);
  assert.match(parseEvent('{"a":').error, /line 1, column 6/);
  assert.deepEqual(parseEvent('{"eventType":"job.created"}'), { value: { eventType: "job.created" } });
});

test("broken JSON is told by its place", () => {
  assert.equal(parsePayload('{"a": 1,\n "b": }').error, "Not valid JSON: look at line 2, column 7.");
});

test("the place agrees with the browser on what is JSON", () => {
  const good = ["{}", ' { "a" : [ 1, -2.5e+3, true, null, "\\u00e9\\n" ] } ', "[[],{}]", "0"];
  const bad = ["", "{", "{a:1}", '{"a":1,}', "[1,]", "01", "1.", "nul", '"\t"', '"\\x"', "{} {}", "'a'", "+1"];
  for (const text of good) {
    JSON.parse(text);
    assert.equal(jsonMistake(text), null, text);
  }
  for (const text of bad) {
    assert.throws(() => JSON.parse(text), text);
    assert.ok(jsonMistake(text), text);
  }
});

test("the gateway's complaints find their fields", () => {
  const { fields, general } = complaints([
    { path: "/type", message: "is too long" },
    { path: "retry.maxAttempts", message: "is too large" },
    { path: "/metadata", message: "is odd" },
    { message: "is cursed" },
    null,
  ]);
  assert.deepEqual(fields, { type: "is too long", maxAttempts: "is too large" });
  assert.deepEqual(general, ["/metadata: is odd", "is cursed"]);
});

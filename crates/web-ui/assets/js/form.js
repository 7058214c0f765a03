// What the submit dialog turns into a job: pure functions, no page.

import { jsonMistake } from "./json-place.js";

/** The gateway refuses more; say so before sending. */
const MOST_BYTES = 1024 * 1024;

/** Starting points for the handlers that are built in. */
export const EXAMPLES = {
  echo: { message: "hello" },
  sleep: { ms: 1500 },
  http: { method: "GET", url: "https://example.com/" },
  exec: { program: "date", args: ["-u"] },
};

export const HINTS = {
  echo: "Completes at once; its result is its payload.",
  sleep: "Runs for the given number of milliseconds.",
  http: "Calls the address. Private addresses are refused unless the operator allows them.",
  exec: "Runs a program. Off unless the operator allows programs by name.",
};

/** Reads a payload, which may be empty: `{ value }`, or `{ error }` with the place of the mistake. */
export function parsePayload(text) {
  if (text.trim() === "") return { value: undefined };
  return parseObject(text, "The payload must be a JSON object, such as {\"message\": \"hello\"}.", "The payload is larger than 1 MiB.");
}

/** Reads an event: likewise, and it is not empty. */
export function parseEvent(text) {
  return parseObject(text, "The event must be a JSON object.", "The event is larger than 1 MiB.");
}

function parseObject(text, noObject, tooLarge) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: `Not valid JSON: look at ${placeOf(text)}.` };
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) return { error: noObject };
  if (new Blob([text]).size > MOST_BYTES) return { error: tooLarge };
  return { value };
}

function placeOf(text) {
  const mistake = jsonMistake(text);
  return mistake ? `line ${mistake.line}, column ${mistake.column}` : "its quotes, commas and brackets";
}

/**
 * Turns what was typed (all text) into `{ job }`, or into `{ errors }` by field. Empty optional fields are
 * left to the gateway's defaults.
 */
export function readForm({ type, payload, timeoutSeconds, maxAttempts }) {
  const errors = {};
  const name = type.trim();
  if (name === "") errors.type = "Name the job's type.";
  const parsed = parsePayload(payload);
  if (parsed.error) errors.payload = parsed.error;
  const timeout = optionalNumber(timeoutSeconds);
  if (timeout !== undefined && !(timeout > 0)) errors.timeoutSeconds = "Seconds, more than 0.";
  const attempts = optionalNumber(maxAttempts);
  if (attempts !== undefined && !(Number.isInteger(attempts) && attempts >= 1)) {
    errors.maxAttempts = "A whole number, at least 1.";
  }
  if (Object.keys(errors).length > 0) return { errors };
  const job = { type: name };
  if (parsed.value !== undefined) job.payload = parsed.value;
  if (timeout !== undefined) job.timeoutSeconds = timeout;
  if (attempts !== undefined) job.retry = { maxAttempts: attempts };
  return { job };
}

/** Undefined when nothing was typed, NaN when it is no number. */
function optionalNumber(text) {
  return text.trim() === "" ? undefined : Number(text);
}

const FIELDS = { type: "type", payload: "payload", timeoutSeconds: "timeoutSeconds", maxAttempts: "maxAttempts", retry: "maxAttempts" };

/** Sorts the gateway's complaints by the field they are about; `general` has the rest. */
export function complaints(details) {
  const sorted = { fields: {}, general: [] };
  for (const { path, message } of details.filter((detail) => detail && typeof detail === "object")) {
    const first = String(path ?? "").split(/[/.]/).find((part) => part !== "" && part !== "$");
    const field = FIELDS[first];
    const text = String(message ?? "not accepted");
    if (field) sorted.fields[field] = [sorted.fields[field], text].filter(Boolean).join("; ");
    else sorted.general.push([path, text].filter(Boolean).join(": "));
  }
  return sorted;
}

// Values as text. Whatever is missing or makes no sense is shown as unknown, never as zero.

export const UNKNOWN = "–";

const LOCALE = "en";
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 2 });
const clockTime = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const minuteTime = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const date = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium" });
const fullTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "long", hourCycle: "h23" });

export function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/** 12,345; from ten million on 12.35M. */
export function count(value) {
  if (!isNumber(value)) return UNKNOWN;
  return Math.abs(value) >= 1e7 ? compact.format(value) : whole.format(value);
}

/** A rate with as many digits as it deserves: 0, 0.4, 12.3, 8,120. */
export function rate(value) {
  if (!isNumber(value)) return UNKNOWN;
  if (value === 0) return "0";
  if (value < 10) return value.toFixed(value < 0.1 ? 2 : 1);
  return value < 100 ? value.toFixed(1) : count(value);
}

/** "98.2 %"; never 100 as long as anything is missing. */
export function percent(part, total) {
  if (!isNumber(part) || !isNumber(total) || total <= 0) return UNKNOWN;
  const share = (part / total) * 100;
  if (share === 100 || share === 0) return `${share} %`;
  return `${Math.min(99.9, Math.max(0.1, share)).toFixed(1)} %`;
}

/** A span in milliseconds: 400 µs, 2.4 ms, 12 ms, 1.24 s, 3 m 05 s, 2 h 10 m. */
export function duration(ms) {
  if (!isNumber(ms) || ms < 0) return UNKNOWN;
  if (ms === 0) return "0 ms";
  if (ms < 0.9995) return `${Math.max(1, Math.round(ms * 1000))} µs`;
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return span(Math.floor(seconds));
}

function span(seconds) {
  const parts = [
    ["d", 86400],
    ["h", 3600],
    ["m", 60],
    ["s", 1],
  ];
  const first = parts.findIndex(([, size]) => seconds >= size);
  const [unit, size] = parts[first];
  const next = parts[first + 1];
  if (!next) return `${seconds} s`;
  const rest = Math.floor((seconds % size) / next[1]);
  return `${Math.floor(seconds / size)} ${unit} ${String(rest).padStart(2, "0")} ${next[0]}`;
}

/** A time in milliseconds, with the microseconds that Date.parse drops; null for what is no time. */
export function millis(iso) {
  const at = typeof iso === "string" ? Date.parse(iso) : NaN;
  if (Number.isNaN(at)) return null;
  const [, finer = ""] = /\.\d{3}(\d{1,3})/.exec(iso) ?? [];
  return at + Number(finer.padEnd(3, "0")) / 1000;
}

/** How long ago: now, 12 s, 4 m, 3 h, 2 d. Clocks that disagree give "now", not a negative age. */
export function age(iso, now) {
  const at = millis(iso);
  if (at === null) return UNKNOWN;
  const seconds = Math.floor((now - at) / 1000);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

/** The age as a phrase: just now, 12 s ago. */
export function ago(iso, now) {
  const text = age(iso, now);
  if (text === UNKNOWN) return text;
  return text === "now" ? "just now" : `${text} ago`;
}

/** How long until then: "in 12 s", "now" once it has come. */
export function ahead(iso, now) {
  const at = millis(iso);
  if (at === null) return UNKNOWN;
  const seconds = Math.ceil((at - now) / 1000);
  if (seconds <= 0) return "now";
  if (seconds < 60) return `in ${seconds} s`;
  if (seconds < 3600) return `in ${Math.round(seconds / 60)} m`;
  if (seconds < 86400) return `in ${Math.round(seconds / 3600)} h`;
  return `in ${Math.round(seconds / 86400)} d`;
}

/** Time of day with seconds. */
export function clock(value) {
  const at = isNumber(value) ? value : millis(value);
  return at === null ? UNKNOWN : clockTime.format(at);
}

/** Time of day with milliseconds, where the order of things matters. */
export function preciseClock(iso) {
  const at = millis(iso);
  return at === null ? UNKNOWN : `${clockTime.format(at)}.${String(Math.floor(at % 1000)).padStart(3, "0")}`;
}

/** Time of day with milliseconds, and the date before it unless that is today's. */
export function moment(iso, now) {
  const at = millis(iso);
  if (at === null) return UNKNOWN;
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return today ? preciseClock(iso) : `${date.format(at)}, ${preciseClock(iso)}`;
}

/** A time to come: time of day, and the date before it unless that is today's. */
export function planned(iso, now) {
  const at = millis(iso);
  if (at === null) return UNKNOWN;
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return today ? clockTime.format(at) : `${date.format(at)}, ${clockTime.format(at)}`;
}

/** Hours and minutes. */
export function minute(at) {
  return minuteTime.format(at);
}

/** Date and time with zone, for titles. */
export function full(iso) {
  const at = millis(iso);
  return at === null ? UNKNOWN : fullTime.format(at);
}

/** The end of an identifier: identifiers that carry their time begin alike. */
export function shortId(id) {
  const text = typeof id === "string" ? id : "";
  if (text.length <= 12) return text || UNKNOWN;
  return `…${text.slice(-8)}`;
}

/** JSON for reading. Text that is JSON is laid out as such, other text stays as it is. */
export function pretty(value) {
  if (value === undefined) return UNKNOWN;
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A curl line that posts `body`, safe to paste into a POSIX shell. */
export function curlPost(url, body) {
  return `curl -X POST ${shellWord(url)} -H 'content-type: application/json' -d ${shellQuote(JSON.stringify(body))}`;
}

function shellWord(text) {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : shellQuote(text);
}

function shellQuote(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

// The counts over time, cut into as many equal slices as a chart can show.

import { isNumber, millis } from "./format.js";

const SLICES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const MOST = 90;

/** The shortest slice, in seconds, that the data can fill and that does not crowd the chart. */
function sliceSeconds(minutes, stepSeconds) {
  const least = Math.max(stepSeconds, (minutes * 60) / MOST);
  return SLICES.find((seconds) => seconds >= least && seconds % stepSeconds === 0) ?? stepSeconds;
}

/**
 * The last `minutes` up to `now` as `{ seconds, slices: [{ at, created, completed, failed }] }`, oldest
 * first; the last slice is the one that is still filling. Times without data count nothing.
 */
export function slice(history, minutes, now) {
  const step = isNumber(history?.stepSeconds) && history.stepSeconds > 0 ? history.stepSeconds : 60;
  const seconds = sliceSeconds(minutes, step);
  const width = seconds * 1000;
  const end = (Math.floor(now / width) + 1) * width;
  const length = Math.max(1, Math.ceil((minutes * 60) / seconds));
  const start = end - length * width;
  const slices = Array.from({ length }, (_, index) => ({ at: start + index * width, created: 0, completed: 0, failed: 0 }));
  for (const item of Array.isArray(history?.items) ? history.items : []) {
    const at = millis(item?.at);
    const target = at === null ? undefined : slices[Math.floor((at - start) / width)];
    if (target) addTo(target, item);
  }
  return { seconds, slices };
}

function addTo(target, item) {
  for (const field of ["created", "completed", "failed"]) {
    if (isNumber(item[field])) target[field] += item[field];
  }
}

const FACTORS = [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10];

/** A round number that is not below `value` and whose half is whole; at least 1. */
export function niceCeiling(value) {
  if (!(value > 1)) return 1;
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const candidates = FACTORS.map((factor) => Math.round(factor * magnitude));
  return candidates.find((candidate) => candidate >= value && candidate % 2 === 0) ?? 20 * magnitude;
}

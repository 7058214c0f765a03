// Jobs per slice of time: bars for those that ended, a line for those that were submitted.

import { el, markFresh, markStale, setText, svg } from "../dom.js";
import { count, minute, plural } from "../format.js";
import { niceCeiling, slice } from "../history.js";

const RANGES = [
  { minutes: 15, label: "15 min", words: "15 minutes" },
  { minutes: 60, label: "1 h", words: "hour" },
  { minutes: 360, label: "6 h", words: "6 hours" },
  { minutes: 1440, label: "24 h", words: "24 hours" },
];
const HEIGHT = 180;
const PAD = { top: 10, right: 8, bottom: 22, left: 40 };
const TICKS = 5;
/** A slice is a minute or more; what happens in it may wait a moment. */
const EVERY = 4;

function createRanges(onChange) {
  const group = el("div", { className: "segmented", role: "group", "aria-label": "Time range" });
  const buttons = RANGES.map((range) => el("button", { type: "button", on: { click: () => onChange(range) } }, range.label));
  group.append(...buttons);
  const select = (range) => buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(RANGES[index] === range)));
  return { group, select };
}

function legend() {
  const entry = (name, text) => el("span", { className: `legend-${name}` }, text);
  return el("p", { className: "legend" }, entry("completed", "completed"), entry("failed", "failed"), entry("created", "submitted"));
}

function ended(item) {
  return item.completed + item.failed;
}

/** Places of values on the drawing. */
function scales(width, slices) {
  const most = niceCeiling(Math.max(...slices.map((item) => Math.max(item.created, ended(item)))));
  const inner = { width: width - PAD.left - PAD.right, height: HEIGHT - PAD.top - PAD.bottom };
  return {
    most,
    step: inner.width / slices.length,
    x: (index) => PAD.left + (inner.width / slices.length) * index,
    y: (value) => PAD.top + inner.height * (1 - value / most),
    bottom: PAD.top + inner.height,
    right: width - PAD.right,
  };
}

function grid(scale) {
  const values = scale.most >= 2 ? [0, scale.most / 2, scale.most] : [0, scale.most];
  return values.flatMap((value) => [
    svg("line", { class: "grid", x1: PAD.left, x2: scale.right, y1: scale.y(value), y2: scale.y(value) }),
    svg("text", { class: "tick", x: PAD.left - 8, y: scale.y(value) + 4, "text-anchor": "end" }, count(value)),
  ]);
}

function times(scale, slices) {
  const every = Math.ceil(slices.length / TICKS);
  return slices.flatMap((item, index) => {
    if (index % every !== 0) return [];
    return [svg("text", { class: "tick", x: scale.x(index), y: HEIGHT - 5 }, minute(item.at))];
  });
}

function bar(name, scale, index, from, value) {
  const gap = scale.step > 4 ? 1.5 : 0.5;
  const top = scale.y(from + value);
  const height = Math.max(scale.y(from) - top, 1);
  return svg("rect", { class: `bar-${name}`, x: scale.x(index) + gap / 2, y: top, width: Math.max(scale.step - gap, 0.5), height, rx: 1 });
}

function bars(scale, slices) {
  return slices.flatMap((item, index) => [
    ...(item.completed > 0 ? [bar("completed", scale, index, 0, item.completed)] : []),
    ...(item.failed > 0 ? [bar("failed", scale, index, item.completed, item.failed)] : []),
  ]);
}

/** A line in steps, because a slice is a count and not a moment. It ends before the slice that still fills. */
function createdLine(scale, slices) {
  const points = slices.slice(0, -1).flatMap((item, index) => [
    `${scale.x(index).toFixed(1)},${scale.y(item.created).toFixed(1)}`,
    `${scale.x(index + 1).toFixed(1)},${scale.y(item.created).toFixed(1)}`,
  ]);
  return svg("polyline", { class: "line-created", points: points.join(" ") });
}

function describe(item, seconds) {
  return `${minute(item.at)}, ${sliceName(seconds)}: ${count(item.completed)} completed, ${count(item.failed)} failed, ${count(item.created)} submitted`;
}

function overview({ seconds, slices }, range) {
  const total = (field) => slices.reduce((all, item) => all + item[field], 0);
  return `Last ${range.words}: ${plural(total("created"), "job")} submitted, ${count(total("completed"))} completed, ${count(total("failed"))} failed. One bar is ${sliceName(seconds)}.`;
}

function sliceName(seconds) {
  if (seconds < 60) return plural(seconds, "second");
  return seconds < 3600 ? plural(seconds / 60, "minute") : plural(seconds / 3600, "hour");
}

/** Gives the source; `onSlices` gets the slices that are full, for the sparkline. */
export function mountChart(panel, { api, poller }, onSlices) {
  let range = RANGES[1];
  let data = null;
  let pointed = null;
  const picture = svg("svg", { class: "chart", role: "img", tabindex: "0", height: HEIGHT });
  const readout = el("p", { className: "readout" });
  const ranges = createRanges((chosen) => {
    range = chosen;
    ranges.select(range);
    // Asked at once, not when its turn comes.
    poller.add(source);
    poller.kick();
  });
  ranges.select(range);
  panel.querySelector(".panel-tools").append(ranges.group);
  panel.querySelector(".panel-body").append(el("div", { className: "chart-head" }, legend(), readout), picture);

  function draw() {
    const width = picture.clientWidth;
    if (!data || width === 0) return;
    const scale = scales(width, data.slices);
    const highlight = pointed === null ? [] : [svg("rect", { class: "highlight", x: scale.x(pointed), y: PAD.top, width: scale.step, height: scale.bottom - PAD.top })];
    picture.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    picture.replaceChildren(...highlight, ...grid(scale), ...bars(scale, data.slices), createdLine(scale, data.slices), ...times(scale, data.slices));
    picture.setAttribute("aria-label", overview(data, range));
    setText(readout, pointed === null ? `jobs per ${sliceName(data.seconds).replace(/^1 /, "")}` : describe(data.slices[pointed], data.seconds));
  }

  function point(index) {
    const last = (data?.slices.length ?? 0) - 1;
    pointed = index === null || last < 0 ? null : Math.max(0, Math.min(last, index));
    draw();
  }

  picture.addEventListener("pointermove", (event) => {
    if (!data) return;
    const { step } = scales(picture.clientWidth, data.slices);
    point(Math.floor((event.offsetX - PAD.left) / step));
  });
  picture.addEventListener("pointerleave", () => point(null));
  picture.addEventListener("blur", () => point(null));
  picture.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!move || !data) return;
    event.preventDefault();
    point((pointed ?? data.slices.length) + move);
  });
  new ResizeObserver(draw).observe(picture);

  const source = {
    name: "history",
    core: true,
    every: EVERY,
    async load() {
      const asked = range;
      return { asked, history: await api.history(asked.minutes) };
    },
    apply({ asked, history }) {
      if (asked !== range) return;
      markFresh(panel);
      data = slice(history, asked.minutes, Date.now());
      onSlices(data.slices.slice(0, -1));
      draw();
    },
    fail(error) {
      markStale(panel, error);
    },
  };
  return source;
}

// The five numbers at the top.

import { el, setText, svg } from "../dom.js";
import { UNKNOWN, count, isNumber, percent, rate } from "../format.js";
import { icon } from "../icons.js";

/** Adds what is known; unknown only when nothing is. */
function sum(...values) {
  const known = values.filter(isNumber);
  return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
}

function part(value, words) {
  return isNumber(value) ? `${count(value)} ${words}` : null;
}

function parts(...texts) {
  return texts.filter(Boolean).join(" · ") || UNKNOWN;
}

const TILES = [
  {
    label: "Submitted",
    icon: "inbox",
    value: (stats) => count(stats.totalJobs),
    note: (stats) => parts(stats.cancelledJobs > 0 && part(stats.cancelledJobs, "cancelled"), "all time"),
  },
  {
    label: "In flight",
    icon: "play",
    tone: (stats) => (sum(stats.executingJobs, stats.pendingJobs, stats.retryingJobs) > 0 ? "busy" : "idle"),
    value: (stats) => count(sum(stats.executingJobs, stats.pendingJobs, stats.retryingJobs)),
    note: (stats) => parts(part(stats.executingJobs, "running"), part(sum(stats.pendingJobs, stats.retryingJobs), "waiting")),
  },
  {
    label: "Completed",
    icon: "check",
    tone: () => "good",
    value: (stats) => count(stats.completedJobs),
    note: (stats) => {
      const ended = sum(stats.completedJobs, stats.failedJobs, stats.quarantinedJobs);
      return ended > 0 ? `${percent(stats.completedJobs, ended)} of ended jobs` : "none has ended yet";
    },
  },
  {
    label: "Failed",
    icon: "cross",
    tone: (stats) => (sum(stats.failedJobs, stats.quarantinedJobs) > 0 ? "bad" : "idle"),
    value: (stats) => count(sum(stats.failedJobs, stats.quarantinedJobs)),
    note: (stats) => parts(part(stats.quarantinedJobs, "quarantined"), part(stats.retries, stats.retries === 1 ? "retry" : "retries")),
  },
  {
    label: "Throughput now",
    icon: "gauge",
    spark: true,
    value: (stats) => rate(stats.jobsPerSecond),
    unit: "jobs/s",
  },
];

const SPARK = { width: 120, height: 26 };

/** A line of the completed jobs per slice; decoration, the chart below says it in words. */
function sparkline(slices) {
  const most = Math.max(1, ...slices.map((slice) => slice.completed));
  const step = SPARK.width / Math.max(1, slices.length - 1);
  const points = slices.map((slice, index) => {
    const y = SPARK.height - 2 - (slice.completed / most) * (SPARK.height - 4);
    return `${(index * step).toFixed(1)},${y.toFixed(1)}`;
  });
  const area = `M0,${SPARK.height} L${points.join(" L")} L${SPARK.width},${SPARK.height} Z`;
  return [svg("path", { class: "spark-area", d: area }), svg("polyline", { class: "spark-line", points: points.join(" ") })];
}

function createTile(definition) {
  const value = el("span", { className: "tile-value" }, UNKNOWN);
  const note = el("p", { className: "tile-note" });
  const figure = el("p", { className: "tile-figure" }, value, definition.unit && el("span", { className: "tile-unit" }, definition.unit));
  const spark = definition.spark
    ? svg("svg", { class: "spark", viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, preserveAspectRatio: "none", "aria-hidden": "true" })
    : null;
  const node = el(
    "li",
    { className: "tile tone-idle" },
    el("h3", { className: "tile-label" }, icon(definition.icon), definition.label),
    figure,
    spark ?? note,
  );
  return { definition, node, value, note, spark };
}

/** `show(stats)` fills the tiles; missing numbers are shown as unknown. */
export function mountTiles(list) {
  const tiles = TILES.map(createTile);
  list.append(...tiles.map(({ node }) => node));
  return {
    show(stats) {
      for (const { definition, node, value, note } of tiles) {
        setText(value, definition.value(stats));
        if (definition.note) setText(note, definition.note(stats));
        node.className = `tile tone-${definition.tone?.(stats) ?? "idle"}`;
      }
    },
    /** The slices behind the sparkline come from the chart's own request. */
    showHistory(slices) {
      for (const { spark } of tiles) spark?.replaceChildren(...sparkline(slices));
    },
  };
}

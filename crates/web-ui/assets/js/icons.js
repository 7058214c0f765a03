// Line icons on a 16 × 16 grid. They are shapes, so that a state can be told without its color.

import { svg } from "./dom.js";

const SHAPES = {
  alert: ["M8 2 14.5 13.5h-13z", "M8 6.5v3.2", "M8 11.7v.1"],
  ban: ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z", "m3.8 3.8 8.4 8.4"],
  check: ["m3 8.5 3.3 3.3L13 4.8"],
  clock: ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z", "M8 4.8V8l2.2 1.6"],
  close: ["m4 4 8 8", "m12 4-8 8"],
  contrast: ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z", "M8 2v12", "M10.5 3v10", "M12.8 5v6"],
  copy: ["M6 6h7.5v7.5H6z", "M10 6V2.5H2.5V10H6"],
  cross: ["m4 4 8 8", "m12 4-8 8"],
  down: ["M8 3v9.5", "M4 8.7 8 12.7l4-4"],
  dot: ["M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z"],
  external: ["M9.5 2.5h4v4", "M13.5 2.5 8 8", "M11.5 9.5v4h-9v-9h4"],
  gauge: ["M2.5 12a6 6 0 1 1 11 0", "M8 10.5 10.8 6"],
  grid: ["M2.5 2.5h4v4h-4z", "M9.5 2.5h4v4h-4z", "M2.5 9.5h4v4h-4z", "M9.5 9.5h4v4h-4z"],
  help: ["M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z", "M6.2 6.3a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.7-.9 1.3", "M8 11.4v.1"],
  inbox: ["M2 9.5 4 3h8l2 6.5V13H2z", "M2 9.5h3.5l1 1.7h3l1-1.7H14"],
  moon: ["M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z"],
  pause: ["M5.5 3.5v9", "M10.5 3.5v9"],
  play: ["M5 3.2 12.5 8 5 12.8z"],
  plus: ["M8 3v10", "M3 8h10"],
  pen: ["M3 13v-2.4L10.6 3 13 5.4 5.4 13z", "m9 4.6 2.4 2.4"],
  retry: ["M13 8a5 5 0 1 1-1.6-3.7", "M13.2 2v3.2H10"],
  search: ["M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z", "m10.3 10.3 3.4 3.4"],
  shield: ["M8 1.8 13 4v3.8c0 3-2 5.2-5 6.4-3-1.2-5-3.4-5-6.4V4z", "M8 5.2v3", "M8 10.4v.1"],
  sun: [
    "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
    "M8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9",
  ],
  trash: ["M3 4.5h10", "M6.5 4.5v-2h3v2", "M4.5 4.5l.6 9h5.8l.6-9"],
  up: ["M8 13V3.5", "M4 7.3 8 3.3l4 4"],
};

/** A decorative icon: the text beside it, or the label of its button, says the same. */
export function icon(name) {
  const shapes = (SHAPES[name] ?? SHAPES.dot).map((d) => svg("path", { d }));
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, shapes);
}

// The list of jobs: the newest by default, narrowed by state and type, page by page.

import { FILTERABLE, isTerminal, look, setBadge } from "../badge.js";
import { copyBlock, copyButton } from "../clipboard.js";
import { el, keyed, markFresh, markStale, setText } from "../dom.js";
import { UNKNOWN, age, curlPost, duration, full, isNumber, millis, shortId } from "../format.js";
import { icon } from "../icons.js";
import { publicUrl } from "../links.js";

const LIMIT = 25;
/** Typing in the filter asks once, when the person pauses. */
const TYPING_MS = 250;
/** Under load everything is new, and a light show helps nobody. */
const MOST_FLASHES = 3;
const COLUMNS = [
  ["Job", "col-job"],
  ["Type", "col-type"],
  ["Status", "col-status"],
  ["Attempt", "col-attempt"],
  ["Age", "col-age"],
  ["Duration", "col-duration"],
];

function createTable() {
  const head = el("tr", {}, COLUMNS.map(([title, className]) => el("th", { scope: "col", className }, title)));
  const body = el("tbody");
  const table = el("table", { className: "jobs", "aria-labelledby": "jobs-title" }, el("thead", {}, head), body);
  return { table, body };
}

function createRow(job, announce, open) {
  const link = el("a", { className: "mono", href: `#/jobs/${encodeURIComponent(job.id)}`, title: job.id }, shortId(job.id));
  const cell = (name, ...children) => el("td", { className: `col-${name}` }, children);
  const row = el(
    "tr",
    {},
    cell("job", link, copyButton(() => job.id, "job id", announce)),
    cell("type"),
    cell("status"),
    cell("attempt"),
    cell("age"),
    cell("duration"),
  );
  row.addEventListener("click", (event) => {
    const selecting = String(getSelection()) !== "";
    if (!selecting && !event.target.closest("a, button")) open(job.id);
  });
  return row;
}

/** How long the job took; while it runs, for how long it has. */
function spent(job, now) {
  if (isNumber(job.durationMs)) return duration(job.durationMs);
  if (job.status !== "EXECUTING" || millis(job.updatedAt) === null) return UNKNOWN;
  const running = age(job.updatedAt, now);
  return `${running === "now" ? "0 s" : running} …`;
}

function updateRow(row, job, now) {
  const [, type, status, attempt, aged, took] = row.cells;
  setText(type, String(job.type ?? UNKNOWN));
  type.title = String(job.type ?? "");
  setBadge(status, job.status);
  status.title = job.error ? String(job.error) : "";
  setText(attempt, isNumber(job.attempt) ? String(job.attempt) : UNKNOWN);
  setText(aged, age(job.createdAt, now));
  aged.title = full(job.createdAt);
  setText(took, spent(job, now));
  row.classList.toggle("settled", isTerminal(job.status));
}

function createFilter(onChange) {
  const state = el("select", { "aria-label": "State" }, el("option", { value: "" }, "All states"), FILTERABLE.map((status) => el("option", { value: status }, look(status).label)));
  const type = el("input", { type: "search", placeholder: "Type", "aria-label": "Type", autocomplete: "off", spellcheck: "false", "aria-keyshortcuts": "/" });
  let timer = null;
  state.addEventListener("change", onChange);
  type.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, TYPING_MS);
  });
  return {
    nodes: [el("span", { className: "field-icon" }, icon("search"), type), state],
    focus: () => type.focus(),
    read: () => ({ state: state.value, type: type.value.trim() }),
    clear() {
      state.value = "";
      type.value = "";
      onChange();
    },
  };
}

function createWelcome({ config, announce, openSubmit }) {
  const gateway = publicUrl(config.gatewayUrl) ?? config.gatewayUrl;
  const line = curlPost(`${gateway}/jobs`, { type: "echo", payload: { message: "hello" } });
  return el(
    "div",
    { className: "empty", hidden: true },
    el("h3", {}, "No jobs yet"),
    el("p", {}, "Submit the first one from a terminal and watch it finish here:"),
    copyBlock(line, "curl command", announce),
    el("p", {}, "or ", el("button", { type: "button", className: "button primary", on: { click: () => openSubmit() } }, icon("plus"), "Submit a job"), " from this page."),
  );
}

function createPager(onOlder, onNewest) {
  const newest = el("button", { type: "button", className: "button small", on: { click: onNewest } }, icon("up"), "Newest");
  const older = el("button", { type: "button", className: "button small", on: { click: onOlder } }, "Older");
  const where = el("span", { className: "pager-text" });
  return { node: el("div", { className: "pager" }, where, newest, older), newest, older, where };
}

/** Gives the source that keeps the list current, and the shortcut into its filter. */
export function mountJobs(panel, context) {
  const { api, poller, announce } = context;
  const { table, body } = createTable();
  const filter = createFilter(() => turnTo(null, 1));
  const welcome = createWelcome(context);
  const clear = el("button", { type: "button", className: "button small", on: { click: filter.clear } }, "Clear the filter");
  const nothing = el("div", { className: "empty", hidden: true }, el("p", {}, "No job matches this filter."), clear);
  const pager = createPager(older, () => turnTo(null, 1));
  let cursor = null;
  let page = 1;
  let next = null;
  /** Grows with every change of the question, so that a late answer to an old one is not shown. */
  let asked = 0;
  panel.querySelector(".panel-tools").append(...filter.nodes);
  panel.querySelector(".panel-body").append(el("div", { className: "table-wrap" }, table), welcome, nothing, pager.node);

  function turnTo(target, number) {
    cursor = target;
    page = number;
    asked += 1;
    poller.kick();
  }

  async function older() {
    // The newest page may come from an endpoint without cursors; then the list is asked for one.
    const question = asked;
    const target = next ?? (await api.jobs({ limit: LIMIT, ...filter.read() }).catch(() => null))?.nextCursor;
    if (target && question === asked) turnTo(target, page + 1);
  }

  function isPlain({ state, type }) {
    return !state && !type && cursor === null;
  }

  async function load() {
    const question = asked;
    const wanted = filter.read();
    const list = await (isPlain(wanted) ? api.recentJobs(LIMIT) : api.jobs({ ...wanted, limit: LIMIT, cursor }));
    return { list, question, plain: isPlain(wanted) };
  }

  function apply({ list, question, plain }) {
    if (question !== asked) return;
    markFresh(panel);
    const now = Date.now();
    const items = list.items.filter((job) => job && typeof job.id === "string");
    const refreshed = body.children.length > 0;
    let arrived = 0;
    next = list.nextCursor;
    keyed(body, items, (job) => job.id, (job) => createRow(job, announce, context.openJob), (row, job, isNew) => {
      updateRow(row, job, now);
      arrived += isNew ? 1 : 0;
      if (isNew && refreshed && arrived <= MOST_FLASHES) row.classList.add("arrived");
    });
    table.hidden = items.length === 0;
    welcome.hidden = items.length > 0 || !plain;
    nothing.hidden = items.length > 0 || plain;
    showPager(items.length, plain);
  }

  function showPager(length, plain) {
    pager.newest.disabled = page === 1;
    pager.older.disabled = !(next || (plain && length === LIMIT));
    pager.node.hidden = length === 0 && page === 1;
    setText(pager.where, page === 1 ? `Newest ${length}` : `Page ${page}`);
  }

  function fail(error) {
    markStale(panel, error);
  }

  return { source: { name: "jobs", core: true, load, apply, fail }, focusFilter: filter.focus };
}

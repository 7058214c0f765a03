// The list of jobs: the newest by default, narrowed by a search, page by page.

import { copyBlock } from "../clipboard.js";
import { el, markFresh, markStale, setText } from "../dom.js";
import { curlPost } from "../format.js";
import { icon } from "../icons.js";
import { publicUrl } from "../links.js";
import { createSearch } from "./jobs-search.js";
import { createTable } from "./jobs-table.js";

const LIMIT = 25;
/** Where few jobs match, pages may be empty; so many are looked through before the person is asked. */
const MOST_EMPTY_PAGES = 4;
/** What is pushed shows that the list is old; this is for what is not. */
const EVERY_WHILE_PUSHED = 5;

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

/** Gives the source that keeps the list current, the search to ask for something else, and the way into its field. */
export function mountJobs(panel, context) {
  const { api, poller, announce, live } = context;
  const { table, show: showRows } = createTable(announce, (id) => context.openJob(id));
  const search = createSearch(() => turnTo(null, 1));
  const welcome = createWelcome(context);
  const clear = el("button", { type: "button", className: "button small", on: { click: search.clear } }, "Clear the search");
  const further = el("button", { type: "button", className: "button small", on: { click: older } }, "Search further back");
  const nothingText = el("p", {});
  const nothing = el("div", { className: "empty", hidden: true }, nothingText, el("p", {}, further, clear));
  const pager = createPager(older, () => turnTo(null, 1));
  let cursor = null;
  let page = 1;
  let next = null;
  /** Grows with every change of the question, so that a late answer to an old one is not shown. */
  let asked = 0;
  /** The question that the read model did not understand: asking it again would not help. */
  let refused = -1;
  panel.querySelector(".panel-body").append(search.node, el("div", { className: "table-wrap" }, table), welcome, nothing, pager.node);

  function turnTo(target, number) {
    cursor = target;
    page = number;
    asked += 1;
    refresh();
  }

  function refresh() {
    poller.add(source);
    poller.kick();
  }

  async function older() {
    // The newest page may come from an endpoint without cursors; then the list is asked for one.
    const question = asked;
    const target = next ?? (await api.jobs({ limit: LIMIT, ...search.read() }).catch(() => null))?.nextCursor;
    if (target && question === asked) turnTo(target, page + 1);
  }

  function isPlain({ state, q }) {
    return !state && !q && cursor === null;
  }

  async function find(wanted) {
    let list = await api.jobs({ ...wanted, limit: LIMIT, cursor });
    for (let empty = 1; list.items.length === 0 && list.nextCursor && empty < MOST_EMPTY_PAGES; empty += 1) {
      list = await api.jobs({ ...wanted, limit: LIMIT, cursor: list.nextCursor });
    }
    return list;
  }

  async function load() {
    const question = asked;
    if (refused === question) return null;
    const wanted = search.read();
    const plain = isPlain(wanted);
    try {
      return { list: await (plain ? api.recentJobs(LIMIT) : find(wanted)), question, plain };
    } catch (error) {
      if (error.status !== 400 || !wanted.q) throw error;
      return { refusal: error, question };
    }
  }

  function apply(answer) {
    if (answer === null || answer.question !== asked) return;
    markFresh(panel);
    if (answer.refusal) {
      refused = answer.question;
      search.showError(answer.refusal);
      // What was found before stays; where there was nothing, the mistake is all there is to see.
      pager.node.hidden = table.hidden;
      return;
    }
    const { list, plain } = answer;
    const items = list.items.filter((job) => job && typeof job.id === "string");
    next = list.nextCursor;
    showRows(items, Date.now());
    welcome.hidden = items.length > 0 || !plain;
    nothing.hidden = items.length > 0 || plain;
    further.hidden = !next;
    setText(nothingText, next ? "No match among the jobs looked through so far." : "No job matches this search.");
    showPager(items.length, plain);
  }

  function showPager(length, plain) {
    pager.newest.disabled = page === 1;
    pager.older.disabled = !(next || (plain && length === LIMIT));
    pager.node.hidden = length === 0 && page === 1;
    setText(pager.where, page === 1 ? `Newest ${length}` : `Page ${page}`);
  }

  const source = {
    name: "jobs",
    core: true,
    every: () => (live.hasEvents() ? EVERY_WHILE_PUSHED : 1),
    load,
    apply,
    fail: (error) => markStale(panel, error),
  };
  return { source, refresh, search: search.apply, focusSearch: search.focus };
}

// Everything that the page asks of its server. The read model is behind /api, the gateway behind /gateway.

/** Longer than the proxy's own limit, so that its explanation arrives first. */
const LIMIT_MS = 12_000;

/**
 * What went wrong with a request. `kind` says where: "offline" (the page's own server does not answer),
 * "unreachable" (the service behind it does not), "problem" (the service answered with an error).
 */
class ApiError extends Error {
  constructor(kind, message, { status = 0, title = "", details = [], pointer = "" } = {}) {
    super(message);
    this.name = "ApiError";
    this.kind = kind;
    this.status = status;
    this.title = title;
    this.details = details;
    this.pointer = pointer;
  }

  /** Whether the request may not have reached the service at all. */
  get isAway() {
    return this.kind !== "problem";
  }
}

async function send(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options, signal: AbortSignal.timeout(LIMIT_MS) });
  } catch (error) {
    const text = error?.name === "TimeoutError" ? "no answer in time" : "the server of this page does not answer";
    throw new ApiError("offline", text);
  }
  const body = await readJson(response);
  if (!response.ok) throw problem(response.status, body);
  if (body === undefined) throw new ApiError("problem", "the answer is not JSON", { status: response.status });
  return body;
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function problem(status, body) {
  const fields = body && typeof body === "object" ? body : {};
  const title = text(fields.title) || text(fields.error) || `HTTP ${status}`;
  const kind = status === 502 || status === 504 ? "unreachable" : "problem";
  const details = Array.isArray(fields.details) ? fields.details : [];
  return new ApiError(kind, text(fields.detail) || title, { status, title, details, pointer: text(fields.pointer) });
}

function text(value) {
  return typeof value === "string" ? value : "";
}

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

/** The published arrays may be null when they are empty; the newer lists have `items` and `nextCursor`. */
function asList(body) {
  if (Array.isArray(body)) return { items: body, nextCursor: null };
  return { items: Array.isArray(body?.items) ? body.items : [], nextCursor: body?.nextCursor ?? null };
}

/** A command to the gateway; without a body where it needs none. */
function post(path, body) {
  const options = { method: "POST" };
  if (body !== undefined) {
    options.headers = { "content-type": "application/json" };
    options.body = JSON.stringify(body);
  }
  return send(`/gateway${path}`, options);
}

const of = encodeURIComponent;

export const api = {
  config: () => send("/config.json"),
  registry: () => send("/ui-registry.json"),

  stats: () => send("/api/stats"),
  history: (minutes) => send(`/api/stats/history${query({ minutes })}`),
  recentJobs: async (limit) => asList(await send(`/api/jobs/recent${query({ limit })}`)),
  jobs: async (filter) => asList(await send(`/api/jobs${query(filter)}`)),
  job: (id) => send(`/api/jobs/${of(id)}`),
  timeline: async (id) => asList(await send(`/api/jobs/${of(id)}/timeline`)),
  events: async (limit) => asList(await send(`/api/events${query({ limit })}`)),
  errors: async (limit) => asList(await send(`/api/errors${query({ limit })}`)),
  deadLetters: async (filter) => asList(await send(`/api/dead-letters${query(filter)}`)),
  schedules: async () => asList(await send("/api/schedules")),
  limits: () => send("/api/limits"),

  submit: (job) => post("/jobs", job),
  cancelJob: (id) => post(`/jobs/${of(id)}/cancel`),
  retryJob: (id) => post(`/jobs/${of(id)}/retry`),
  replayLetter: (id, event) => post(`/dead-letters/${of(id)}/replay`, event === undefined ? undefined : { event }),
  discardLetter: (id) => post(`/dead-letters/${of(id)}/discard`),
  pauseSchedule: (name) => post(`/schedules/${of(name)}/pause`),
  resumeSchedule: (name) => post(`/schedules/${of(name)}/resume`),
  runSchedule: (name) => post(`/schedules/${of(name)}/run`),
  resumeAll: () => post("/resume"),
  resumeType: (type) => post(`/limits/${of(type)}/resume`),
};

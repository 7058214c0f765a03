// Events in the shapes that they come in.

/**
 * The parts of an event that the page shows. It comes as the envelope that went over the bus, with the
 * details in its payload; the published system's store wrote the names in lower case; some lists are flat.
 */
export function readEvent(raw) {
  const payload = raw.payload && typeof raw.payload === "object" ? raw.payload : {};
  return {
    id: raw.eventId ?? raw.eventid ?? "",
    eventType: String(raw.eventType ?? raw.eventtype ?? "unknown"),
    at: raw.occurredAt ?? raw.occurredat,
    jobId: payload.id ?? "",
    jobType: String(payload.type ?? ""),
    attempt: raw.attempt ?? payload.attempt,
    worker: raw.worker ?? payload.worker,
    error: raw.error ?? payload.error,
  };
}

/** The events of a list, whatever else is in it. */
export function readEvents(items) {
  return items.filter((item) => item && typeof item === "object").map(readEvent);
}

/** Both lists in one, newest first: the newer one on top, each event once, at most `most` of them. */
export function newestFirst(newer, older, most) {
  const known = new Set(newer.map((event) => event.id));
  return [...newer, ...older.filter((event) => !known.has(event.id))].slice(0, most);
}

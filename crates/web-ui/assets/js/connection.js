// Whether what the page shows is true right now, in one sentence.

/**
 * Remembers the last outcome of each source. `note` gives `{ state, reason, partial, since }`: "live";
 * "degraded" (the read model does not answer, or `partial`ly so); "offline" (the page's own server does
 * not answer). `since` is when the reason began, in milliseconds.
 */
export function createConnection(now = Date.now) {
  const errors = new Map();
  let current = { state: "connecting", reason: "", partial: false, since: now() };

  return {
    note(outcomes, degradedParts = []) {
      const core = outcomes.filter(({ source }) => source.core);
      for (const { source, error } of core) errors.set(source.name, error);
      const next = whole(core) ?? parts(errors, degradedParts);
      const same = next.state === current.state && next.reason === current.reason;
      current = { ...next, since: same ? current.since : now() };
      return current;
    },
  };
}

/** What is wrong with everything, if nothing that was asked this time came through. */
function whole(outcomes) {
  if (outcomes.length === 0 || !outcomes.every(({ error }) => error?.isAway)) return null;
  if (outcomes.every(({ error }) => error.kind === "offline")) {
    return { state: "offline", reason: "this page's own server does not answer", partial: false };
  }
  return { state: "degraded", reason: "read model unreachable", partial: false };
}

function parts(errors, degradedParts) {
  const failed = [...errors].filter(([, error]) => error).map(([name]) => name);
  const names = [...new Set([...failed, ...degradedParts.map(partName)])];
  if (names.length === 0) return { state: "live", reason: "", partial: false };
  return { state: "degraded", reason: `${names.join(", ")} unavailable`, partial: true };
}

/** The read model says "part: why"; the name is enough for a sentence. */
function partName(part) {
  return String(part).split(":")[0];
}

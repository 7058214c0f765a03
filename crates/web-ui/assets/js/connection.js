// Whether what the page shows is true right now, in one sentence.

/**
 * Remembers the last outcome of each source. `note` gives `{ state, reason, since }`: "live"; "degraded"
 * (a part, or the whole read model, does not answer); "offline" (the page's own server does not).
 * `since` is when the reason began, in milliseconds.
 */
export function createConnection(now = Date.now) {
  const errors = new Map();
  let current = { state: "connecting", reason: "", since: now() };

  return {
    note(outcomes, degradedParts = []) {
      for (const { source, error } of outcomes) {
        if (source.core) errors.set(source.name, error);
      }
      const next = judge(errors, degradedParts);
      const same = next.state === current.state && next.reason === current.reason;
      current = { ...next, since: same ? current.since : now() };
      return current;
    },
  };
}

function judge(errors, degradedParts) {
  const failed = [...errors].filter(([, error]) => error);
  if (errors.size > 0 && failed.length === errors.size) {
    if (failed.every(([, error]) => error.kind === "offline")) {
      return { state: "offline", reason: "this page's own server does not answer" };
    }
    if (failed.every(([, error]) => error.isAway)) {
      return { state: "degraded", reason: "read model unreachable" };
    }
  }
  const parts = [...new Set([...failed.map(([name]) => name), ...degradedParts.map(partName)])];
  if (parts.length > 0) return { state: "degraded", reason: `${parts.join(", ")} unavailable` };
  return { state: "live", reason: "" };
}

/** The read model names a degraded part by text, or by an object that carries its name. */
function partName(part) {
  if (typeof part === "string") return part;
  return String(part?.name ?? part?.part ?? part?.store ?? "a store");
}

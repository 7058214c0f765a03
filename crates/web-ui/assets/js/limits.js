// What holds jobs back, as far as the page tells it.

/** The types that are paused, by name. */
export function pausedTypes(limits) {
  const types = limits?.types && typeof limits.types === "object" ? limits.types : {};
  return Object.keys(types)
    .filter((type) => types[type]?.paused)
    .sort();
}

// Addresses of other services as the person's browser reaches them.

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]", "0.0.0.0"]);

/**
 * The dashboard's server knows its services by names that may mean nothing here: a loopback address of
 * another machine, or a name inside a cluster. Those are looked for on the host that served this page, at
 * their own port. Gives null for what is no http address.
 */
export function publicUrl(serviceUrl, host = location.hostname) {
  let url;
  try {
    url = new URL(serviceUrl);
  } catch {
    return null;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  if (LOOPBACK.has(url.hostname) || !url.hostname.includes(".") || /\.(svc|local|internal)$/.test(url.hostname)) {
    url.hostname = host;
  }
  return url.href.replace(/\/+$/, "");
}

/** Where an entry of the registry is. What this page knows better than the registry goes first. */
export function entryUrl(entry, config, page = location) {
  const known = {
    dashboard: page.origin,
    "gateway-docs": publicUrl(config.gatewayUrl, page.hostname),
    "read-model-docs": publicUrl(config.readModelUrl, page.hostname),
  };
  const base = known[entry.id] ?? `${page.protocol}//${page.hostname}:${Number(entry.port)}`;
  return `${base}${String(entry.path ?? "/")}`;
}

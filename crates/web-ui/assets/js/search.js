// The search for jobs: its place in the page's address, and the pieces that queries are made of.

/** The parameters of the address that are ours; whatever else is there stays. */
const NAMES = ["q", "state"];

/** What an address such as "?q=type%3Aemail&state=FAILED" asks for. */
export function readAddress(address) {
  const parameters = new URLSearchParams(address);
  return Object.fromEntries(NAMES.map((name) => [name, (parameters.get(name) ?? "").trim()]));
}

/** The same address asking for something else; without a search it is as short as before. */
export function writeAddress(address, search) {
  const parameters = new URLSearchParams(address);
  for (const name of NAMES) {
    if (search[name]) parameters.set(name, search[name]);
    else parameters.delete(name);
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

/** A value as a query takes it: in quotes where it needs them. */
export function quoted(value) {
  const text = String(value);
  if (text !== "" && !/[\s,"*]/.test(text)) return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** What there is to ask for, for people. */
export const EXAMPLES = [
  ["state:failed", "also pending, scheduled, executing, retrying, completed, cancelled, held, due, stuck"],
  ["type:email,report.*", "one of these types; * at the end for how it begins"],
  ['error~"timed out"', "a part of the error"],
  ["tag:eu -tag:test", "with one tag and without another"],
  ["age>5m idle<1h", "accepted longer ago, changed since"],
  ["created>=2026-01-01", "by date"],
  ["payload.user.id:42", "a value in the payload; also metadata"],
  ["attempt>1 failures>=3", "by how it went"],
  ["priority:high held:rate", "which go first, and why they wait"],
  ["key:import-7 schedule:nightly", "by unique key, by schedule"],
  ["timeout", "a word in type, tag or error; or how an id begins"],
];

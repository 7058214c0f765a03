// Where JSON goes wrong. Browsers word this differently and some do not say it at all.

const NUMBER = /-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"([^"\\\u0000-\u001f]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;

/** A cursor over `text`. Its steps give false, and stay, at what they do not find. */
function createCursor(text) {
  let at = 0;
  const match = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const literal = (word) => {
    const found = text.startsWith(word, at);
    if (found) at += word.length;
    return found;
  };
  const space = () => match(SPACE);
  return { match, literal, space, peek: () => text[at], at: () => at };
}

function value(cursor) {
  cursor.space();
  if (cursor.peek() === "{") return list(cursor, "{", "}", member);
  if (cursor.peek() === "[") return list(cursor, "[", "]", value);
  if (cursor.peek() === '"') return cursor.match(STRING);
  return ["true", "false", "null"].some(cursor.literal) || cursor.match(NUMBER);
}

function member(cursor) {
  cursor.space();
  if (!cursor.match(STRING)) return false;
  cursor.space();
  return cursor.literal(":") && value(cursor);
}

function list(cursor, open, close, item) {
  cursor.literal(open);
  cursor.space();
  if (cursor.literal(close)) return true;
  for (;;) {
    if (!item(cursor)) return false;
    cursor.space();
    if (cursor.literal(close)) return true;
    if (!cursor.literal(",")) return false;
  }
}

/** The first place that JSON.parse stumbles over, as `{ line, column }` from 1; null if the text is JSON. */
export function jsonMistake(text) {
  const cursor = createCursor(text);
  const whole = value(cursor);
  cursor.space();
  if (whole && cursor.at() === text.length) return null;
  const before = text.slice(0, cursor.at()).split("\n");
  return { line: before.length, column: before.at(-1).length + 1 };
}

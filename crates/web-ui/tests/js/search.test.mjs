import assert from "node:assert/strict";
import { test } from "node:test";
import { EXAMPLES, quoted, readAddress, writeAddress } from "../../assets/js/search.js";

test("a search is kept in the address and read back", () => {
  for (const search of [
    { q: "", state: "" },
    { q: 'state:failed error~"timed out" -tag:eu payload.user.id:42', state: "" },
    { q: "a&b=c#d+e%20é🦀", state: "FAILED" },
  ]) {
    assert.deepEqual(readAddress(writeAddress("", search)), search);
  }
});

test("without a search the address is as short as before", () => {
  assert.equal(writeAddress("?q=a&state=FAILED", { q: "", state: "" }), "");
  assert.equal(writeAddress("?theme=x&q=a", { q: "", state: "" }), "?theme=x");
});

test("what else is in the address stays", () => {
  assert.equal(writeAddress("?theme=x&q=a", { q: "b", state: "" }), "?theme=x&q=b");
});

test("white space around a search is none of it", () => {
  assert.deepEqual(readAddress("?q=%20type:email%20"), { q: "type:email", state: "" });
});

test("values are put in quotes where a query needs them", () => {
  assert.equal(quoted("nightly"), "nightly");
  assert.equal(quoted("a b"), '"a b"');
  assert.equal(quoted("a,b"), '"a,b"');
  assert.equal(quoted('say "hi" \\ bye'), '"say \\"hi\\" \\\\ bye"');
  assert.equal(quoted("report.*"), '"report.*"');
  assert.equal(quoted(""), '""');
});

test("every example is a query and says what it asks for", () => {
  for (const [query, words] of EXAMPLES) assert.ok(query.length > 0 && words.length > 0, query);
});

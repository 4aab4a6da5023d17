import assert from "node:assert/strict";
import { test } from "node:test";
import { given } from "../../lib/support/given.js";

test("what is undefined is left out, and nothing else", () => {
  assert.deepEqual(Object.entries(given({ a: undefined, b: null, c: 0, d: "", e: false })), [["b", null], ["c", 0], ["d", ""], ["e", false]]);
});

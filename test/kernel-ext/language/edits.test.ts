import assert from "node:assert/strict";
import test from "node:test";
import { applyEdits, placeOf, toEdited, toOriginal } from "../../../kernel-ext/language/edits.js";

const original = "ab!x;cd!y;ef";
const edits = [{ start: 2, end: 5, text: "LONGER" }, { start: 7, end: 10, text: "s" }];

test("edits replace their parts", () => {
  assert.equal(applyEdits(original, edits), "abLONGERcdsef");
  assert.equal(applyEdits(original, []), original);
});

test("offsets outside of edits go there and back", () => {
  for (const offset of [0, 1, 2, 6, 7, 11, 12]) assert.equal(toOriginal(edits, toEdited(edits, offset) ?? -1), offset);
});

test("inside an edit and at its end there is no way there, and back leads to its beginning", () => {
  assert.deepEqual([toEdited(edits, 3), toEdited(edits, 5)], [null, null]);
  assert.equal(toOriginal(edits, 5), 2);
});

test("places count lines and columns from 0, in UTF-16 units", () => {
  assert.deepEqual(placeOf("a\n😀b", 4), { offset: 4, line: 1, column: 2 });
  assert.deepEqual(placeOf("ab", 9), { offset: 2, line: 0, column: 2 });
});

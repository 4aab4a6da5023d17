import assert from "node:assert/strict";
import test from "node:test";
import { pointPosition, unitOffset } from "../../../kernel-ext/protocol/positions.js";

const text = "a😀b𝒳c";

test("astral characters count once in the protocol and twice in JavaScript", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((point) => unitOffset(text, point)), [0, 1, 3, 4, 6, 7]);
  assert.deepEqual([0, 1, 3, 4, 6, 7].map((unit) => pointPosition(text, unit)), [0, 1, 2, 3, 4, 5]);
});

test("positions beyond the text are its end, negative ones its beginning", () => {
  assert.equal(unitOffset(text, 99), text.length);
  assert.equal(unitOffset(text, Infinity), text.length);
  assert.equal(pointPosition(text, 99), 5);
  assert.equal(pointPosition(text, -3), 0);
});

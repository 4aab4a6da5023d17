import assert from "node:assert/strict";
import test from "node:test";
import { excerpt } from "../../../kernel-ext/display/excerpt.js";

test("a line that fits stays as it is, tabs too", () => {
  assert.deepEqual(excerpt("\tlet a = b;", 9, 1), { text: "\tlet a = b;", indent: "\t        ", width: 1 });
  assert.deepEqual(excerpt("", 0), { text: "", indent: "", width: 1 });
});

test("of a long line the part around the place is shown, and the caret stays under it", () => {
  const line = `${"x".repeat(200)}HERE${"y".repeat(200)}`;
  const { text, indent, width } = excerpt(line, 200, 4);
  assert.equal(text.length, 78);
  assert.match(text, /^\.\.\.x+HEREy+\.\.\.$/);
  assert.equal(text.slice(indent.length, indent.length + width), "HERE");
});

test("at either end nothing is cut off that is not there", () => {
  const line = `BEGIN${"x".repeat(200)}END`;
  assert.match(excerpt(line, 0, 5).text, /^BEGINx+\.\.\.$/);
  const { text, indent, width } = excerpt(line, 205, 30);
  assert.match(text, /^\.\.\.x+END$/);
  assert.deepEqual([text.slice(indent.length), width], ["END", 3]);
});

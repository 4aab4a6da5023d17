import assert from "node:assert/strict";
import { test } from "node:test";
import { examplesOf, labelText, longestText, type Table } from "../../lib/tasks/table.js";

const tableOf = (...rows: Record<string, unknown>[]): Table =>
  ({ file: "x.jsonl", columns: ["text", "other", "label"], rows: rows.map((values, i) => ({ place: i + 1, values })), where: (place) => `x.jsonl:${place}` });
const format = { columns: { text: "text", label: "label" }, labelValues: ["no", "yes"] };

test("rows become examples, labels their ids or numbers", () => {
  assert.deepEqual(examplesOf(tableOf({ text: " a ", label: "yes" }), format), [{ label: 1, text: " a " }]);
  assert.deepEqual(examplesOf(tableOf({ text: "a", label: " 2.5" }, { text: "b", label: 3n }), { ...format, labelValues: [] }),
    [{ label: 2.5, text: "a" }, { label: 3, text: "b" }]);
});

test("labels are what they look like, whatever their type", () => {
  assert.deepEqual([1, 1n, "1 ", true, null, undefined].map(labelText), ["1", "1", "1", "true", "", ""]);
});

for (const [what, row, message] of [
  ["an unknown label", { text: "a", label: "maybe" }, /^x\.jsonl:1: column "label" must hold no or yes, got "maybe"\. Correct the label/],
  ["a text that is a number", { text: 5, label: "no" }, /^x\.jsonl:1: column "text" must hold text, got 5\. .*--text/],
  ["a text that is missing", { label: "no" }, /^x\.jsonl:1: column "text" must hold text, got undefined/],
  ["a blank text", { text: " \n", label: "no" }, /^x\.jsonl:1: a text is empty/],
  ["a text of five million characters", { text: "x".repeat(5_000_000), label: "no" },
    /^x\.jsonl:1: a text has 5,000,000 characters, of at most 1,000,000: "x+\.\.\."\. Is a quote or a line break missing/],
] as const) {
  test(`${what} is an error with its place`, () => {
    assert.throws(() => examplesOf(tableOf(row), format), (error) => error instanceof Error && message.test(error.message) && error.message.length < 400);
  });
}

test("a text as long as may be is kept", () => {
  assert.equal(examplesOf(tableOf({ text: "x".repeat(longestText), label: "no" }), format)[0]!.text.length, longestText);
});

test("a mistyped column is an error with the columns, the nearest one and the flags", () => {
  assert.throws(() => examplesOf(tableOf({ text: "a" }), { ...format, columns: { text: "txet", label: "label" } }),
    { message: /^x\.jsonl: has no column "txet"; its columns are "text", "other", "label"\. Did you mean "text"\? Name the right ones by --text/ });
});

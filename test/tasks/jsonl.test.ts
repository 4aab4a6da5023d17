import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonlTable } from "../../lib/tasks/jsonl.js";

const table = (text: string) => jsonlTable(new TextEncoder().encode(text), "x.jsonl");

test("keys are columns, also those that a row lacks", () => {
  const { columns, rows, where } = table('\uFEFF{"text": "a"}\r\n{"text": "b\\nc", "label": 1}\n\n');
  assert.deepEqual(columns, ["text", "label"]);
  assert.deepEqual(rows.map(({ values }) => values), [{ text: "a" }, { text: "b\nc", label: 1 }]);
  assert.equal(where(rows[1]!.place), "x.jsonl:2");
});

for (const [what, text, message] of [
  ["half a line", '{"a": 1}\n{"a": ', /^x\.jsonl:2: must be one JSON object on one line, got .* \(.*\)\. Correct or remove the line/],
  ["a blank line between rows", '{"a": 1}\n\n{"a": 2}', /^x\.jsonl:2: .* \(the line is empty\)/],
  ["an array", "[1, 2]", /^x\.jsonl:1: must be one JSON object on one line, such as .*, got "\[1, 2\]"/],
] as const) {
  test(`${what} is an error with its line`, () => assert.throws(() => table(text), { name: "UsageError", message }));
}

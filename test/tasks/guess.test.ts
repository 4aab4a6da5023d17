import assert from "node:assert/strict";
import { test } from "node:test";
import { guessColumns } from "../../lib/tasks/guess.js";
import type { Table } from "../../lib/tasks/table.js";

/** Ten rows: ids, long texts, short texts, and two values in turn. */
function tableOf(...columns: string[]): Table {
  const value = (name: string, row: number): string =>
    /^(id|no)$/i.test(name) ? String(row) : /^(kind|label|stars|quality|is_duplicate)$/i.test(name) ? String(row % 2) : `${name} ${row} `.repeat(name.length);
  const rows = Array.from({ length: 10 }, (_unused, row) => ({ place: row, values: Object.fromEntries(columns.map((name) => [name, value(name, row)])) }));
  return { file: "x.csv", columns, rows, where: (place) => `x.csv:${place}` };
}

for (const [columns, expected] of [
  [["text", "label"], { text: "text", label: "label" }],
  [["id", "premise", "hypothesis", "label"], { text: "premise", text2: "hypothesis", label: "label" }],
  [["Quality", "#1 ID", "#2 ID", "#1 String", "#2 String"], { text: "#1 String", text2: "#2 String", label: "Quality" }],
  [["question1", "question2", "is_duplicate"], { text: "question1", text2: "question2", label: "is_duplicate" }],
  [["Stars", "Review"], { text: "Review", label: "Stars" }],
  [["id", "how it was told", "kind"], { text: "how it was told", label: "kind" }],
] as const) {
  test(`of ${columns.join(", ")} the label is ${expected.label}`, () => assert.deepEqual(guessColumns(tableOf(...columns), {}), expected));
}

test("what is given stays, and no second text is guessed beside a given one", () => {
  assert.deepEqual(guessColumns(tableOf("sentence1", "sentence2", "label"), { text: "sentence2" }), { text: "sentence2", label: "label" });
  assert.deepEqual(guessColumns(tableOf("text", "label", "kind"), { label: "kind" }), { text: "text", label: "kind" });
  assert.deepEqual(guessColumns(tableOf("text", "label", "notes"), { text2: "notes" }), { text: "text", text2: "notes", label: "label" });
});

test("where nothing fits, the error lists the columns", () => {
  assert.throws(() => guessColumns(tableOf("id", "story"), {}),
    { name: "UsageError", message: 'x.csv: cannot tell which column holds the label among "id", "story". Name it by --label.' });
});

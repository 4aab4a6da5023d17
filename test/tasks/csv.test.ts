import assert from "node:assert/strict";
import { test } from "node:test";
import { csvTable } from "../../lib/tasks/csv.js";

const table = (text: string) => csvTable(new TextEncoder().encode(text), "x.csv");
const cells = (text: string) => table(text).rows.map(({ place, values }) => [place, ...Object.values(values)]);

test("quotes hold commas, line breaks and quotes written twice, as RFC 4180 says", () => {
  assert.deepEqual(cells('text,label\r\n"He said ""yes"", twice",1\r\n"two\nlines",0\r\n\r\nplain,1'),
    [[2, 'He said "yes", twice', "1"], [3, "two\nlines", "0"], [6, "plain", "1"]]);
});

test("a byte-order mark is no part of the first column's name", () => {
  assert.deepEqual(table("\uFEFFtext,label\na,b\n").columns, ["text", "label"]);
});

test("semicolons or tabs separate where the first line has no comma", () => {
  assert.deepEqual(cells('"a,b";label\n"x; y, z";1\n'), [[2, "x; y, z", "1"]]);
  assert.deepEqual(cells("text\tlabel\n\"a\tb\"\t1\n"), [[2, "a\tb", "1"]]);
});

for (const [what, text, message] of [
  ["a quote that is never closed", 'a,b\n1,x\n2,"y\n3,z\n', /^x\.csv:3: a quote that the row opens is never closed/],
  ["a quote inside a text without quotes", 'a,b\n1,x\n2,5" pipe\n', /^x\.csv:3: a text has a quote and does not stand in quotes\. Put the whole text in quotes/],
  ["a text that goes on after its quote", 'a,b\n1,"x" y\n', /^x\.csv:2: a text goes on after its closing quote/],
  ["quotes that match across rows", 'a,b\n1,"x\n2,"y"\n', /^x\.csv:2: a text goes on after its closing quote: quotes do not match, in this row or one of the next/],
  ["too many columns", "a,b\n1,x, y\n", /^x\.csv:2: a row must have 2 columns \("a, b"\), got 3: "1 \| x \|  y"\. Put a text that has a comma in quotes/],
  ["too few columns", 'a,b\n"1\n2",x\n3\n', /^x\.csv:4: a row must have 2 columns .* got 1/],
] as const) {
  test(`${what} is an error with its line`, () => assert.throws(() => table(text), { name: "UsageError", message }));
}

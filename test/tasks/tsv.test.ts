import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "../../lib/support/checks.js";
import { parseTsv } from "../../lib/tasks/tsv.js";
import type { Format } from "../../lib/tasks/task.js";

const format: Format = { columns: { text: "#1 String", text2: "#2 String", label: "Quality" }, labelValues: ["0", "1"] };
const header = "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n";
const parse = (text: string | Uint8Array) => parseTsv(typeof text === "string" ? new TextEncoder().encode(text) : text, "x.tsv", format);
const refuses = (text: string | Uint8Array, message: RegExp) =>
  assert.throws(() => parse(text), (error) => error instanceof UsageError && message.test(error.message));

test("a quote is text, not a delimiter", () => {
  const [first, second, ...rest] = parse(`${header}1\t1\t2\t"Yes, he said.\tHe said "yes".\n0\t3\t4\tNo."\tWell"\n`);
  assert.deepEqual(first, { label: 1, text: '"Yes, he said.', text2: 'He said "yes".' });
  assert.deepEqual(second, { label: 0, text: 'No."', text2: 'Well"' });
  assert.equal(rest.length, 0);
});

test("a byte-order mark before the header is no part of its first column", () => {
  assert.equal(parse(`\uFEFF${header}1\t1\t2\ta\tb\n`).length, 1);
});

test("control characters, line separators and white space inside a text are kept", () => {
  const text = "it\u0012s \u2028 a\rb\u0085 ";
  assert.deepEqual(parse(`${header}1\t1\t2\t${text}\tb\n`), [{ label: 1, text, text2: "b" }]);
});

test("carriage returns before line feeds and a missing last line feed change nothing", () => {
  const plain = parse(`${header}1\t1\t2\ta\tb\n0\t1\t2\tc\td\n`);
  assert.deepEqual(parse(`${header}1\t1\t2\ta\tb\n0\t1\t2\tc\td`.replaceAll("\n", "\r\n")), plain);
  assert.deepEqual(parse(`${header}1\t1\t2\ta\tb\n0\t1\t2\tc\td\n\n`), plain);
});

test("columns are found by name, in any order", () => {
  assert.deepEqual(parse("#2 String\tQuality\t#1 String\nb\t1\ta\n"), [{ label: 1, text: "a", text2: "b" }]);
});

test("a task of one text has no second text", () => {
  const single: Format = { columns: { text: "sentence", label: "label" }, labelValues: ["0", "1"] };
  assert.deepEqual(parseTsv(new TextEncoder().encode("sentence\tlabel\nfine\t1\n"), "x.tsv", single), [{ label: 1, text: "fine" }]);
});

test("labels may be words", () => {
  const words: Format = { columns: { text: "s", label: "l" }, labelValues: ["entailment", "neutral", "contradiction"] };
  assert.deepEqual(parseTsv(new TextEncoder().encode("s\tl\na\tcontradiction\n"), "x.tsv", words), [{ label: 2, text: "a" }]);
});

test("a row with too few or too many columns is an error with file, line and remedy", () => {
  refuses(`${header}1\t1\t2\ta\tb\n1\t1\t2\ta\n`, /^x\.tsv:3: a row must have 5 tab-separated columns, got 4 .*Restore/);
  refuses(`${header}1\t1\t2\ta\tb\tc\n`, /^x\.tsv:2: .*got 6/);
});

test("a blank line between rows is an error, not a dropped row", () => refuses(`${header}\n1\t1\t2\ta\tb\n`, /^x\.tsv:2: .*got 1/));

test("an unknown label is an error with file and line", () => {
  refuses(`${header}2\t1\t2\ta\tb\n`, /^x\.tsv:2: column "Quality" must hold 0 or 1, got "2"/);
  refuses(`${header}\t1\t2\ta\tb\n`, /^x\.tsv:2: column "Quality" must hold 0 or 1, got ""/);
});

test("an empty or blank text is an error with file and line", () => {
  refuses(`${header}1\t1\t2\ta\t\n`, /^x\.tsv:2: a text is empty/);
  refuses(`${header}1\t1\t2\t  \tb\n`, /^x\.tsv:2: a text is empty/);
});

test("bytes that are not UTF-8 are an error with their line", () => {
  const utf8 = new TextEncoder();
  const bytes = new Uint8Array([...utf8.encode(`${header}1\t1\t2\té\tb\n1\t1\t2\tcaf`), 0xe9, ...utf8.encode("\tb\n")]);
  refuses(bytes, /^x\.tsv:3: not UTF-8.*iconv/);
});

test("a header without a column is an error that lists what is needed", () => {
  refuses("label\ta\tb\n1\ta\tb\n", /^x\.tsv:1: the first line must name the columns "#1 String", "#2 String", "Quality"/);
  refuses("", /^x\.tsv:1: the first line must name/);
});

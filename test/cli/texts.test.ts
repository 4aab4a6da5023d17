import assert from "node:assert/strict";
import { test } from "node:test";
import { commandLine, shellQuote } from "../../lib/cli/commandLine.js";
import { logitsTable } from "../../lib/cli/evaluate.js";
import { dimension, resultText } from "../../lib/cli/resultTable.js";
import { textList, textTable } from "../../lib/cli/table.js";
import { searchRecord } from "../charts/records.js";

test("a table is aligned, numbers to the right, without trailing spaces", () => {
  assert.equal(textTable([{ heading: "Name" }, { heading: "d90", right: true }, { heading: "Note" }], [["SAID", "5", ""], ["x", "1,389", "y"]]),
    ["Name    d90  Note", "----  -----  ----", "SAID      5", "x     1,389  y"].join("\n"));
  assert.equal(textTable([{ heading: "A" }], []), "A\n-");
  assert.equal(textList([["a", "1"], ["long", ""]]), "a     1\nlong");
});

test("a dimension is never printed more exactly than it is known", () => {
  const estimate = searchRecord().result;
  const of = (known: object): string => dimension({ ...estimate, d90: null, lower: null, upper: null, exact: false, ...known });
  assert.equal(of({ d90: 1389, lower: 1200, upper: 1389, exact: true }), "1,389");
  assert.equal(of({ d90: 1389, lower: 500, upper: 1389 }), "<= 1,389");
  assert.equal(of({ lower: 500000 }), "> 500,000");
  assert.equal(of({}), "-");
});

test("the result names its data, has a row for each method, and each note once", () => {
  const result = { notes: ["Read the chance-corrected d90."] };
  const text = resultText([searchRecord({ method: "said", result }), searchRecord({ result })]).replaceAll("\u00a0", " ");
  assert.match(text, /^GLUE MRPC \(\.\.\/shared\/data\)/);
  assert.match(text, /^SAID .* 81\.1 % +73\.0 % +68\.4 % +13 .* found$/m);
  assert.match(text, /^DID /m);
  assert.match(text, /^SAID, DID: Read the chance-corrected d90\.$/m);
});

test("logits are one line a row, with every digit of a float32", () => {
  const logits = new Float32Array([0.1, -1.5, 3e-8, 2]);
  const text = logitsTable({ labels: [1, 0], labelNames: ["no", "y\tes"], predictions: [0, 1], logits });
  assert.equal(text, "row\tlabel\tprediction\tlogit:no\tlogit:y es\n0\ty es\tno\t0.100000001\t-1.5\n1\tno\ty es\t2.99999989e-8\t2\n");
  const read = text.trim().split("\n").slice(1).flatMap((line) => line.split("\t").slice(3).map(Number));
  assert.deepEqual(Float32Array.from(read), logits);
});

test("the command can be typed again", () => {
  assert.equal(commandLine(["find", "--data", "my pairs", "--method", "both"]), "npx d90 find --data 'my pairs' --method both");
  assert.equal(shellQuote("it's"), String.raw`'it'\''s'`);
  assert.equal(shellQuote(""), "''");
});

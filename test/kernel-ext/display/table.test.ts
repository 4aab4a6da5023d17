import assert from "node:assert/strict";
import test from "node:test";
import * as aq from "arquero";
import { toBundle } from "../../../kernel-ext/display/bundle.js";

test("a table is HTML, escaped, and text in columns", async () => {
  const { data } = await toBundle(aq.table({ name: ["<a>", "b & c"], n: [1.5, 22] }));
  assert.equal(data["text/plain"], "name     n\n<a>    1.5\nb & c   22\n[2 rows, 2 columns]");
  const html = String(data["text/html"]);
  assert.ok(html.includes("<td style=\"text-align: left\">&#60;a&#62;</td><td>1.5</td>"));
  assert.ok(html.includes("<p>2 rows, 2 columns</p>"));
});

test("the first hundred rows are shown, in the table's order and filter", async () => {
  const { data } = await toBundle(aq.table({ i: Array.from({ length: 1_500 }, (_, index) => index) }).filter("d => d.i >= 10").orderby(aq.desc("i")));
  const html = String(data["text/html"]);
  assert.equal(html.match(/<tr>/g)?.length, 101);
  assert.ok(html.includes("<td>1499</td>") && html.includes("1,490 rows, 1 column; the first 100 are shown"));
  assert.match(String(data["text/plain"]), /^ {3}i\n1499\n1498\n[^]*\[1,490 rows, 1 column; the first 20 are shown\]$/);
});

test("values of all kinds are shown", async () => {
  const { data } = await toBundle(aq.table({ v: [null, undefined, new Date(0), { a: 1 }, 10n, 0.1 + 0.2, "x".repeat(200)] }));
  const lines = String(data["text/plain"]).split("\n").map((line) => line.trim());
  assert.deepEqual(lines.slice(1, 7), ["", "", "1970-01-01T00:00:00.000Z", "{\"a\":1}", "10", "0.3"]);
  assert.equal(lines[7]?.length, 80);
});

test("an empty table has its head", async () => {
  assert.equal((await toBundle(aq.table({ a: [], b: [] }))).data["text/plain"], "a  b\n[0 rows, 2 columns]");
});

import assert from "node:assert/strict";
import test from "node:test";
import { rawBundle, toBundle } from "../../../kernel-ext/display/bundle.js";
import { html } from "../../../kernel-ext/display/helpers.js";

const text = async (value: unknown): Promise<unknown> => (await toBundle(value)).data["text/plain"];

test("ordinary values are text, without colours", async () => {
  class Point { constructor(readonly x: number, readonly y: number) {} }
  const shown = [];
  for (const value of [1, "a", 2n, null, true, Symbol("s"), [1, [2]], new Map([["k", 1]]), new Set([1]), new Point(1, 2), function f() {}, class C {},
    new URL("https://a.b/c").href, new Date(0), new Float32Array([1, 2.5])]) shown.push(await text(value));
  assert.deepEqual(shown, ["1", "'a'", "2n", "null", "true", "Symbol(s)", "[ 1, [ 2 ] ]", "Map(1) { 'k' => 1 }", "Set(1) { 1 }", "Point { x: 1, y: 2 }",
    "[Function: f]", "[class C]", "'https://a.b/c'", "1970-01-01T00:00:00.000Z", "Float32Array(2) [ 1, 2.5 ]"]);
  assert.match(String(await text(new TypeError("t"))), /^TypeError: t\n {4}at /);
});

test("numbers of single precision have the digits that they have", async () => {
  const singles = async (values: number[]): Promise<string> => String(await text(Float32Array.from(values)));
  assert.equal(await singles([0.1, 1 / 3, -2.5e-8, 16_777_216, -0]), "Float32Array(5) [ 0.1, 0.33333334, -2.5e-8, 16777216, -0 ]");
  assert.equal(await singles([NaN, Infinity, 1]), "Float32Array(3) [ NaN, Infinity, 1 ]");
  assert.equal(await singles([]), "Float32Array(0) []");
  // As much as nine digits.
  assert.equal(await singles([-141090165299871740]), "Float32Array(1) [ -141090165000000000 ]");
  // Every number of the text is the array's own, in at most nine digits.
  const all = Float32Array.from({ length: 90 }, (_, i) => Math.sin(i) * 10 ** (i - 40));
  const shown = /\[([^]*)\]/.exec(await singles([...all]))?.[1]?.split(",").map((number) => number.trim()) ?? [];
  assert.deepEqual(shown.map((number) => Math.fround(Number(number))), [...all]);
  assert.ok(shown.every((number) => number.replace(/e.*/, "").replace(/^-?0?\.?0*|\D/g, "").replace(/0+$/, "").length <= 9), shown.join());
  assert.match(await singles(new Array(101).fill(0.1)), /^Float32Array\(101\) \[[^]*\n {2}\.\.\. 1 more item\n\]$/);
  assert.match(await singles(new Array(500).fill(0.1)), /^Float32Array\(500\) \[[^]*\n {2}\.\.\. 400 more items\n\]$/);
});

test("large values stay small", async () => {
  for (const value of [new Array(1e6).fill(1), "x".repeat(1e7), Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => "y".repeat(200)))]) {
    assert.ok(String(await text(value)).length < 101_000);
  }
});

test("values whose properties throw are shown all the same", async () => {
  const trap = new Proxy({}, { get() { throw new Error("trap"); }, has() { throw new Error("trap"); } });
  assert.equal(typeof await text(trap), "string");
  const inspecting = { [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("no"); } };
  assert.match(String(await text(inspecting)), /its text could not be made: no/);
});

test("bytes are base64 and JSON is JSON, whatever the user gave", () => {
  const bundle = rawBundle({ "image/png": new Uint8Array([1, 2, 3]), "application/json": { a: [1], d: new Date(0), f: () => 1 }, "text/html": "<b>" });
  assert.deepEqual(bundle.data, { "image/png": "AQID", "application/json": { a: [1], d: "1970-01-01T00:00:00.000Z" }, "text/html": "<b>" });
  for (const wrong of [5, null, "text", ["a"]]) assert.throws(() => rawBundle(wrong), /raw expects \{"MIME type": data\}/);
});

test("a value that is ready needs no promise", () => {
  assert.equal(toBundle(1) instanceof Promise, false);
  assert.equal(toBundle(html("x")) instanceof Promise, false);
});

import assert from "node:assert/strict";
import test from "node:test";
import { toBundle } from "../../../kernel-ext/display/bundle.js";

const DISPLAY = Symbol.for("Jupyter.display");

test("an object makes its own bundle, at once or later; a text is added", async () => {
  const { data } = await toBundle({ [DISPLAY]: () => ({ "text/html": "<b>" }), a: 1 });
  assert.deepEqual(Object.keys(data), ["text/html", "text/plain"]);
  assert.match(String(data["text/plain"]), /^\{ a: 1, /);
  assert.deepEqual((await toBundle({ [DISPLAY]: async () => ({ "text/plain": "mine", "image/png": new Uint8Array([1]) }) })).data, { "text/plain": "mine", "image/png": "AQ==" });
  class Shown { static [DISPLAY]() { return { "text/plain": "class" }; } }
  assert.equal((await toBundle(Shown)).data["text/plain"], "class");
});

test("a bundle carries metadata under the key of its symbol, which is no type of it", async () => {
  const metadata = { "image/png": { width: 560, alt: "a chart" } };
  const { data, metadata: shown } = await toBundle({ [DISPLAY]: () => ({ "image/png": "AQ==", "text/plain": "a", [Symbol.for("Jupyter.metadata")]: metadata }) });
  assert.deepEqual([Reflect.ownKeys(data), shown], [["image/png", "text/plain"], metadata]);
  for (const wrong of ["text", null, [1]]) {
    const bundle = await toBundle({ [DISPLAY]: () => ({ "text/plain": "a", [Symbol.for("Jupyter.metadata")]: wrong }) });
    assert.deepEqual([bundle.data["text/plain"], bundle.metadata], ["a", {}]);
  }
});

test("the method sees its object", async () => {
  assert.equal((await toBundle({ name: "n", [DISPLAY](this: { name: string }) { return { "text/plain": this.name }; } })).data["text/plain"], "n");
});

test("where it fails, the value is shown with a note", async () => {
  for (const display of [() => { throw new RangeError("bad"); }, async () => { throw new RangeError("bad"); }]) {
    const { data } = await toBundle({ [DISPLAY]: display, a: 1 });
    assert.match(String(data["text/plain"]), /a: 1[^]*\n\[its Jupyter\.display failed: RangeError: bad\]$/);
  }
  for (const wrong of [undefined, "text", 5, []]) {
    assert.match(String((await toBundle({ [DISPLAY]: () => wrong })).data["text/plain"]), /failed: TypeError: expected an object \{MIME type: data\}, got /);
  }
});

test("what cannot be JSON falls back to text", async () => {
  assert.equal(typeof (await toBundle({ [DISPLAY]: () => ({ "application/json": { n: 1n } }) })).data["text/plain"], "string");
});

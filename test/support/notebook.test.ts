import assert from "node:assert/strict";
import test from "node:test";
import { cellSignal, jupyterDisplay, newOutput } from "../../lib/support/notebook.js";

test("outside a notebook there is no signal", () => {
  assert.equal(cellSignal(), undefined);
});

test("in a notebook it is the running cell's", () => {
  const key = Symbol.for("Jupyter.signal");
  const { signal } = new AbortController();
  Reflect.set(globalThis, key, signal);
  try {
    assert.equal(cellSignal(), signal);
    Reflect.set(globalThis, key, "no signal");
    assert.equal(cellSignal(), undefined);
  } finally {
    Reflect.deleteProperty(globalThis, key);
  }
});

test("the display symbol is the one that kernels ask for", () => {
  assert.equal(jupyterDisplay, Symbol.for("Jupyter.display"));
});

test("an output of the cell updates through the kernel's display; outside of a notebook there is none", (t) => {
  assert.equal(newOutput(), undefined);
  const calls: unknown[] = [];
  Reflect.set(globalThis, "Jupyter", { newDisplay: () => ({ update: (...args: unknown[]) => calls.push(args) }) });
  t.after(() => Reflect.deleteProperty(globalThis, "Jupyter"));
  newOutput()!.update({ "text/plain": "1" }, { raw: true });
  assert.deepEqual(calls, [[{ "text/plain": "1" }, { raw: true }]]);
  Reflect.set(globalThis, "Jupyter", { newDisplay: 5 });
  assert.equal(newOutput(), undefined);
});

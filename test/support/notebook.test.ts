import assert from "node:assert/strict";
import test from "node:test";
import { cellSignal, jupyterDisplay } from "../../lib/support/notebook.js";

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

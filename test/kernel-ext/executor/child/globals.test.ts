import assert from "node:assert/strict";
import test from "node:test";
import { errorOf, startHarness } from "../harness.js";

const { run, events, latest, show } = startHarness();

/** Events of the latest cell. */
const own = () => events.filter((event) => "cell" in event && event.cell === latest());

test("display shows a value as a result is shown, in its place", async () => {
  await run("Jupyter.display([1, 2]); Jupyter.display(Jupyter.html('<b>x</b>'), { metadata: { m: 1 } })");
  assert.deepEqual(own(), [
    { type: "display", cell: latest(), update: false, bundle: { data: { "text/plain": "[ 1, 2 ]" }, metadata: {} } },
    { type: "display", cell: latest(), update: false, bundle: { data: { "text/html": "<b>x</b>", "text/plain": "<b>x</b>" }, metadata: { m: 1 } } },
  ]);
});

test("a cell that ends with a display, awaited or not, has no result beside it", async () => {
  const slow = "{ [Symbol.for('Jupyter.display')]: () => new Promise((resolve) => setTimeout(resolve, 20, { 'text/plain': 'late' })) }";
  for (const call of ["Jupyter.display(1)", `Jupyter.display(${slow})`, "Jupyter.newDisplay().update(2)", "await Jupyter.display(3)"]) {
    const outcome = await run(`exports.last = ${call}`);
    assert.deepEqual([own().length, outcome.status === "ok" && outcome.result], [1, null], call);
  }
  assert.equal(await show("Promise.resolve(1)"), "Promise { 1 }");
});

test("raw bundles go out as they are", async () => {
  await run("Jupyter.display({ 'text/x': 'y', 'image/png': new Uint8Array([1, 2, 3]) }, { raw: true, displayId: 'd' })");
  assert.deepEqual(own(), [{ type: "display", cell: latest(), update: false, displayId: "d", bundle: { data: { "text/x": "y", "image/png": "AQID" }, metadata: {} } }]);
  assert.match(errorOf(await run("await Jupyter.display(5, { raw: true })")).evalue, /^Jupyter\.display: raw expects/);
});

test("an output with an id is replaced, by display and by a handle", async () => {
  await run("const d = Jupyter.newDisplay('mine'); await d.update(1); await d.update(2); await Jupyter.display(3, { displayId: 'mine', update: true })");
  assert.deepEqual(own().map((event) => event.type === "display" && [event.displayId, event.update, event.bundle.data["text/plain"]]),
    [["mine", false, "1"], ["mine", true, "2"], ["mine", true, "3"]]);
  assert.match(errorOf(await run("await Jupyter.display(1, { update: true })")).evalue, /needs a displayId/);
});

test("clearOutput and page", async () => {
  const outcome = await run("Jupyter.clearOutput(); Jupyter.clearOutput({ wait: true }); Jupyter.page('long text')");
  assert.deepEqual(own(), [{ type: "clear", cell: latest(), wait: false }, { type: "clear", cell: latest(), wait: true }]);
  assert.deepEqual(outcome.status === "ok" && outcome.payload, [{ source: "page", data: { "text/plain": "long text" }, start: 0 }]);
  const failed = await run("Jupyter.page('p'); throw 1");
  assert.equal(failed.payload.length, 1);
});

test("display works from timers, for the cell that set them", async () => {
  await run("await new Promise((resolve) => setTimeout(() => { Jupyter.display('x'); resolve() }, 5))");
  assert.equal(own().length, 1);
});

test("async values are awaited in their place", async () => {
  await run("await Jupyter.display({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/html': 'later' }) }); console.log('after')");
  assert.deepEqual(own().map(({ type }) => type), ["display", "stream"]);
});

test("a cell ends after what it displays, awaited or not", async () => {
  await run("void Jupyter.display({ [Symbol.for('Jupyter.display')]: () => new Promise((resolve) => setTimeout(resolve, 60, { 'text/plain': 'late' })) });");
  assert.deepEqual(own().map((event) => event.type === "display" && event.bundle.data), [{ "text/plain": "late" }]);
});

test("the globals are not in the way", async () => {
  assert.equal(await show("Object.keys(globalThis).filter((key) => /jupyter|input|password|d90/i.test(key))"), "[]");
  await run("globalThis.input = 5");
  assert.equal(await show("input"), "5");
});

test("tslab's display and newDisplay work as tslab's", async () => {
  await run(`const { display, newDisplay } = require("tslab"); display.html("<i>"); display.png(new Uint8Array([1]));
    const d = newDisplay(); d.text("1"); d.text("2"); (await __import("tslab")).display.raw("text/x", "r")`);
  const shown = own().map((event) => event.type === "display" && [event.bundle.data, event.update, typeof event.displayId]);
  assert.deepEqual(shown, [
    [{ "text/html": "<i>" }, false, "undefined"], [{ "image/png": "AQ==" }, false, "undefined"],
    [{ "text/plain": "1" }, false, "string"], [{ "text/plain": "2" }, true, "string"], [{ "text/x": "r" }, false, "undefined"],
  ]);
  assert.equal(await show("Object.keys(require('tslab').versions)"), "[ 'tslab', 'typescript', 'node' ]");
});

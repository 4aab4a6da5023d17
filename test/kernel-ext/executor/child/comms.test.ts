import assert from "node:assert/strict";
import test from "node:test";
import type { CommMessage } from "../../../../kernel-ext/executor/types.js";
import { errorOf, plain, startHarness } from "../harness.js";

const { run, executor, events, latest, printed, show } = startHarness();

const commEvents = () => events.filter(({ type }) => type.startsWith("comm_"));
const message = (type: "comm_msg" | "comm_close", commId: string, data: unknown, buffers: Uint8Array[] = []): CommMessage =>
  ({ type, commId, data, metadata: {}, buffers });

test("a comm of the user's opens, sends and closes, with metadata and buffers", async () => {
  await run(`exports.comm = Jupyter.comms.open("widget", { a: 1 }, { metadata: { version: "2" } });
    exports.comm.send({ b: 2 }, { buffers: [new Uint8Array([0, 1, 2]).subarray(1), new Float32Array([1]).buffer] })`);
  const [open, sent] = commEvents();
  assert.ok(open?.type === "comm_open" && sent?.type === "comm_msg");
  assert.deepEqual([open.cell, open.target, open.data, open.metadata], [latest(), "widget", { a: 1 }, { version: "2" }]);
  assert.deepEqual([sent.commId, sent.data, sent.buffers.map((buffer) => [...buffer])], [open.commId, { b: 2 }, [[1, 2], [0, 0, 128, 63]]]);
  assert.deepEqual(executor.comms(), [{ commId: open.commId, target: "widget" }]);
  await run("exports.comm.close(); exports.comm.close()");
  assert.equal(commEvents().filter(({ type }) => type === "comm_close").length, 1);
  assert.deepEqual(executor.comms(), []);
  assert.match(errorOf(await run("exports.comm.send({})")).evalue, /^comm\.send: comm .* \(widget\) is closed\.$/);
});

test("the frontend's messages reach the handler, whose output belongs to the given cell", async () => {
  await run(`exports.c = Jupyter.comms.open("w"); exports.c.onMessage(async (data, { buffers }) => {
    console.log("got", data.x, [...buffers[0]]); await null; exports.c.send({ echo: data.x }) })`);
  const [{ commId } = { commId: "" }] = executor.comms();
  await executor.sendComm(message("comm_msg", commId, { x: 5 }, [new Uint8Array([9])]), 777);
  assert.equal(printed("stdout", 777), "got 5 [ 9 ]\n");
  const echo = events.at(-1);
  assert.ok(echo?.type === "comm_msg");
  assert.deepEqual([echo.cell, echo.data], [777, { echo: 5 }]);
});

test("a handler's error is told on the standard error, and the next message is handled", async () => {
  await run("exports.c.onMessage((data) => { if (data.bad) throw new Error('handler'); console.log('fine') })");
  const [{ commId } = { commId: "" }] = executor.comms();
  await executor.sendComm(message("comm_msg", commId, { bad: true }), 778);
  await executor.sendComm(message("comm_msg", commId, {}), 778);
  assert.match(plain([printed("stderr", 778)]), /^Error: handler\nIn\[/);
  assert.equal(printed("stdout", 778), "fine\n");
});

test("the frontend closes a comm", async () => {
  await run("exports.c.onClose((data) => console.log('closed', data.why))");
  const [{ commId } = { commId: "" }] = executor.comms();
  await executor.sendComm(message("comm_close", commId, { why: "tab" }), 779);
  assert.equal(printed("stdout", 779), "closed tab\n");
  assert.deepEqual(executor.comms(), []);
  await executor.sendComm(message("comm_msg", commId, {}), 779);
});

test("the frontend opens a comm of a registered target; an unknown one is closed", async () => {
  await run("Jupyter.comms.onOpen('mine', (comm, data, buffers) => { console.log(comm.target, data, buffers.length); comm.send({ hello: 1 }) })");
  await executor.sendComm({ type: "comm_open", commId: "c1", target: "mine", data: { d: 1 }, metadata: {}, buffers: [new Uint8Array(1)] }, 780);
  assert.equal(printed("stdout", 780), "mine { d: 1 } 1\n");
  await executor.sendComm({ type: "comm_open", commId: "c2", target: "unknown", data: {}, metadata: {}, buffers: [] }, 780);
  assert.deepEqual(events.filter((event) => event.type === "comm_close" && event.commId === "c2").length, 1);
  assert.deepEqual(executor.comms(), [{ commId: "c1", target: "mine" }]);
});

test("messages are handled while a cell awaits", async () => {
  const pending = run("await new Promise((resolve) => { exports.done = resolve; Jupyter.comms.onOpen('go', () => resolve()) })");
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  await executor.sendComm({ type: "comm_open", commId: "g", target: "go", data: {}, metadata: {}, buffers: [] }, 781);
  assert.equal((await pending).status, "ok");
});

test("comms end with the process that held them", async () => {
  assert.ok(executor.comms().length > 0);
  const open = executor.comms().map(({ commId }) => commId);
  await run("process.exit(1)");
  assert.deepEqual(executor.comms(), []);
  for (const commId of open) assert.ok(events.some((event) => event.type === "comm_close" && event.commId === commId));
  await executor.sendComm(message("comm_msg", "gone", {}), 782);
  assert.equal(await show("2"), "2");
});

test("what JSON cannot hold is an error at the call", async () => {
  assert.match(errorOf(await run("Jupyter.comms.open('x', { n: 1n })")).evalue, /BigInt/);
});

import assert from "node:assert/strict";
import test from "node:test";
import type { ExecutorEvent } from "../../../kernel-ext/executor/types.js";
import { startSession, type Sent } from "./fakes.js";

const bundle = { data: { "text/plain": "x" }, metadata: { "text/plain": { m: 1 } } };

/** What an event of a cell becomes. */
async function told(event: ExecutorEvent, silent = false): Promise<{ sent: Sent[]; asked: string[] }> {
  const fakes = startSession();
  await fakes.answersTo(fakes.send("execute_request", { code: "a", silent }));
  const before = fakes.sent.length;
  fakes.happen(event);
  return { sent: fakes.sent.slice(before), asked: fakes.asked };
}
const contentOf = async (event: ExecutorEvent): Promise<unknown[]> => (await told(event)).sent.flatMap(({ type, content, parent }) => [type, content, parent.msg_id]);

test("streams, displays, updates and clearing are told under their cell's request", async () => {
  for (const name of ["stdout", "stderr"] as const) {
    assert.deepEqual(await contentOf({ type: "stream", cell: 1, name, text: "t" }), ["stream", { name, text: "t" }, "m1"]);
  }
  assert.deepEqual(await contentOf({ type: "display", cell: 1, bundle, update: false }), ["display_data", { ...bundle, transient: {} }, "m1"]);
  assert.deepEqual(await contentOf({ type: "display", cell: 1, bundle, update: true, displayId: "d" }),
    ["update_display_data", { ...bundle, transient: { display_id: "d" } }, "m1"]);
  for (const wait of [true, false]) assert.deepEqual(await contentOf({ type: "clear", cell: 1, wait }), ["clear_output", { wait }, "m1"]);
});

test("a stream's topic names it, for clients that subscribe to one", async () => {
  const { sent: [message] } = await told({ type: "stream", cell: 1, name: "stderr", text: "t" });
  assert.deepEqual(message?.identities, ["kernel.k.stream.stderr"]);
});

test("a silent request shows comms alone, and may not ask", async () => {
  const hidden: ExecutorEvent[] = [
    { type: "stream", cell: 1, name: "stdout", text: "t" }, { type: "display", cell: 1, bundle, update: false }, { type: "clear", cell: 1, wait: false },
  ];
  for (const event of hidden) assert.deepEqual((await told(event, true)).sent, []);
  const { sent, asked } = await told({ type: "input", cell: 1, prompt: "", password: false }, true);
  assert.deepEqual([sent, asked.at(-1)], [[], "refuse a silent request cannot ask"]);
  const comm = await told({ type: "comm_close", cell: 1, commId: "c", data: {}, metadata: {}, buffers: [] }, true);
  assert.deepEqual(comm.sent.map(({ type }) => type), ["comm_close"]);
});

test("an output of no cell that is known belongs to the newest, and before any to nobody", async () => {
  assert.deepEqual((await contentOf({ type: "stream", cell: 99, name: "stdout", text: "late" }))[2], "m1");
  const fakes = startSession();
  fakes.happen({ type: "stream", cell: 1, name: "stdout", text: "early" });
  assert.deepEqual([fakes.sent, fakes.logged], [[], ["an output (stream) before any request"]]);
});

import assert from "node:assert/strict";
import test from "node:test";
import { startSession, textResult, type Fakes, type Sent } from "./fakes.js";

async function ask(fakes: Fakes, ...[type, content, more]: Parameters<Fakes["send"]>): Promise<{ sent: Sent[]; reply: Sent | undefined }> {
  const sent = await fakes.answersTo(fakes.send(type, content, more));
  return { sent, reply: sent.find((each) => each.type.endsWith("_reply") && each.channel !== "iopub") };
}
const statusesOf = (sent: readonly Sent[]): unknown[] => sent.filter(({ type }) => type === "status").map(({ content }) => content.execution_state);

test("every request is busy, answered where it came from, and idle", async () => {
  const fakes = startSession();
  for (const [type, content] of [
    ["kernel_info_request", {}], ["connect_request", {}], ["is_complete_request", { code: "1" }], ["complete_request", { code: "1" }],
    ["inspect_request", { code: "1" }], ["history_request", { hist_access_type: "tail" }], ["comm_info_request", {}], ["interrupt_request", {}],
  ] as const) {
    for (const channel of ["shell", "control"] as const) {
      const { sent, reply } = await ask(fakes, type, content, { channel });
      assert.deepEqual(sent.map(({ type: each }) => each), ["status", type.replace("request", "reply"), "status"]);
      assert.deepEqual(statusesOf(sent), ["busy", "idle"]);
      assert.deepEqual([reply?.channel, reply?.content.status !== "error", reply?.identities.map(String)], [channel, true, ["client"]]);
    }
  }
});

test("who asks who the kernel is need not wait for the compiler, nor for a cell", async () => {
  const never = new Promise<never>(() => undefined);
  const fakes = startSession({ language: { ready: never, convert: () => never, complete: () => never } });
  fakes.send("execute_request", { code: "1" });
  fakes.send("complete_request", { code: "1" });
  const { sent, reply } = await ask(fakes, "kernel_info_request", {});
  assert.deepEqual([reply?.content.implementation, statusesOf(sent)], ["d90", ["busy", "idle"]]);
});

test("cursors count code points on both ways, and a request without one means the end", async () => {
  const offsets: number[] = [];
  const fakes = startSession({
    language: {
      async complete({ offset }) {
        offsets.push(offset);
        return { start: 3, end: 5, items: [{ text: "ab", type: "const", signature: "number" }, { text: "ac", type: "class" }] };
      },
      async inspect({ offset, detail }) {
        offsets.push(offset);
        return detail === 1 ? { "text/plain": "more" } : null;
      },
    },
  });
  const code = "'😀a";
  const { reply } = await ask(fakes, "complete_request", { code, cursor_pos: 2 });
  assert.deepEqual(reply?.content, {
    status: "ok", matches: ["ab", "ac"], cursor_start: 2, cursor_end: 3,
    metadata: {
      _jupyter_types_experimental: [
        { start: 2, end: 3, text: "ab", type: "const", signature: "number" }, { start: 2, end: 3, text: "ac", type: "class" },
      ],
    },
  });
  const found = await ask(fakes, "inspect_request", { code, cursor_pos: 2, detail_level: 1 });
  assert.deepEqual(found.reply?.content, { status: "ok", found: true, data: { "text/plain": "more" }, metadata: {} });
  const nothing = await ask(fakes, "inspect_request", { code });
  assert.deepEqual(nothing.reply?.content, { status: "ok", found: false, data: {}, metadata: {} });
  await ask(fakes, "complete_request", { code });
  assert.deepEqual(offsets, [3, 3, 4, 4]);
});

test("a request whose answer fails is an error, and idle", async () => {
  const fakes = startSession({ language: { complete: () => Promise.reject(new RangeError("broken")) } });
  const { sent, reply } = await ask(fakes, "complete_request", { code: "1" });
  assert.deepEqual([reply?.content.status, reply?.content.ename, reply?.content.evalue], ["error", "RangeError", "broken"]);
  assert.deepEqual(statusesOf(sent), ["busy", "idle"]);
});

test("unknown messages are busy and idle; malformed ones are answered where they ask", async () => {
  const fakes = startSession();
  assert.deepEqual((await ask(fakes, "dance_request", {})).sent.map(({ type }) => type), ["status", "status"]);
  const { reply } = await ask(fakes, "complete_request", { code: 5 });
  assert.equal(reply?.type, "complete_reply");
  assert.match(String(reply?.content.evalue), /"code"/);
  assert.deepEqual((await ask(fakes, "comm_msg", { comm_id: 5 })).sent.map(({ type }) => type), ["status", "status"]);
  assert.equal(fakes.logged.length, 3);
});

test("open comms are told, of one target where it is named", async () => {
  const fakes = startSession();
  assert.deepEqual((await ask(fakes, "comm_info_request", {})).reply?.content.comms, { 1: { target_name: "a" }, 2: { target_name: "b" } });
  assert.deepEqual((await ask(fakes, "comm_info_request", { target_name: "b" })).reply?.content.comms, { 2: { target_name: "b" } });
});

test("comm messages reach the executor with data, metadata and buffers, and what they cause is theirs", async () => {
  const fakes = startSession();
  const body = { data: { d: 1 }, metadata: { m: 2 }, buffers: [Uint8Array.of(7)] };
  const more = { metadata: body.metadata, buffers: body.buffers };
  await ask(fakes, "comm_open", { comm_id: "c", target_name: "t", data: body.data }, more);
  const id = fakes.send("comm_msg", { comm_id: "c", data: body.data }, more);
  await fakes.answersTo(id);
  await ask(fakes, "comm_close", { comm_id: "c", data: body.data }, more);
  assert.deepEqual(fakes.comms.map(({ message }) => message), [
    { type: "comm_open", commId: "c", target: "t", ...body }, { type: "comm_msg", commId: "c", ...body }, { type: "comm_close", commId: "c", ...body },
  ]);
  fakes.happen({ type: "comm_msg", cell: fakes.comms[1]?.cell ?? 0, commId: "c", ...body });
  const out = fakes.sent.at(-1);
  assert.deepEqual([out?.channel, out?.type, out?.parent.msg_id, out?.content, out?.metadata, out?.buffers],
    ["iopub", "comm_msg", id, { comm_id: "c", data: body.data }, body.metadata, body.buffers]);
  fakes.happen({ type: "comm_open", cell: 1, commId: "n", target: "mine", ...body });
  assert.deepEqual(fakes.sent.at(-1)?.content, { comm_id: "n", data: body.data, target_name: "mine" });
});

test("shutdown is answered, echoed on iopub, and done", async () => {
  for (const restart of [true, false]) {
    const fakes = startSession();
    const { sent } = await ask(fakes, "shutdown_request", { restart }, { channel: "control" });
    const replies = sent.filter(({ type }) => type === "shutdown_reply");
    assert.deepEqual(replies.map(({ channel, content }) => [channel, content]), [
      ["control", { status: "ok", restart }], ["iopub", { status: "ok", restart }],
    ]);
    assert.deepEqual(fakes.shutdowns, [restart]);
  }
});

test("a subscriber is welcomed with its topic, and the first one hears that the kernel starts", () => {
  const fakes = startSession();
  fakes.session.welcome("");
  fakes.session.welcome("");
  assert.deepEqual(fakes.sent.map(({ type, content }) => [type, content.execution_state]),
    [["iopub_welcome", undefined], ["status", "starting"], ["iopub_welcome", undefined]]);
});

test("who subscribes after the first request is welcomed, and told of no start", async () => {
  const fakes = startSession();
  await ask(fakes, "kernel_info_request", {});
  fakes.sent.length = 0;
  fakes.session.welcome("kernel.x");
  assert.deepEqual(fakes.sent, [{ channel: "iopub", identities: ["kernel.x"], type: "iopub_welcome", parent: {}, content: { subscription: "kernel.x" } }]);
});

test("an answer to a question that is no longer asked is dropped", async () => {
  const fakes = startSession();
  await ask(fakes, "execute_request", { code: "a", allow_stdin: true });
  fakes.happen({ type: "input", cell: 1, prompt: "Who? ", password: true });
  const question = fakes.sent.at(-1);
  assert.deepEqual([question?.channel, question?.type, question?.content, question?.identities.map(String)],
    ["stdin", "input_request", { prompt: "Who? ", password: true }, ["client"]]);
  const parent = { msg_type: "input_request", msg_id: question?.id ?? "", session: "", username: "" };
  const answer = (value: string, more: object) => fakes.send("input_reply", { value }, { channel: "stdin", ...more });
  answer("late", { parent: { ...parent, msg_id: "another" } });
  answer("right", { parent });
  // Some clients name no parent, some the cell.
  answer("nameless", { parent: {} });
  answer("cell's", { parent: { ...parent, msg_type: "execute_request", msg_id: "m1" } });
  assert.deepEqual(fakes.asked.filter((text) => text.startsWith("answer")), ["answer right", "answer nameless", "answer cell's"]);
});

test("what a variable's loss means is told to the compiler", () => {
  const fakes = startSession();
  fakes.happen({ type: "lost", reason: "it died" });
  assert.deepEqual([fakes.asked, fakes.logged], [["reset"], ["it died"]]);
});

test("results are the cell's own", async () => {
  const fakes = startSession({ run: ({ source }) => textResult(`${source}!`) });
  const { sent } = await ask(fakes, "execute_request", { code: "a" });
  assert.deepEqual(sent.find(({ type }) => type === "execute_result")?.identities, ["kernel.k.execute_result"]);
});

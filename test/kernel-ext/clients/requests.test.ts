import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test, { after, before } from "node:test";
import { createWire } from "../../../kernel-ext/protocol/wire.js";
import { type Client, startClient } from "./client.js";

let client: Client;
before(async () => {
  client = await startClient();
});
after(() => client?.close());

test("kernel_info tells protocol, language and version, on shell and control", async () => {
  for (const channel of ["shell", "control"] as const) {
    const { content } = (await client.request("kernel_info_request", {}, channel)).reply;
    assert.equal(content.status, "ok");
    assert.equal(content.protocol_version, "5.5");
    assert.equal((content.language_info as { name: string }).name, "typescript");
    assert.equal((content.language_info as { file_extension: string }).file_extension, ".ts");
  }
});

test("idle follows within 0.1 s of every reply", async () => {
  const requests = {
    kernel_info_request: {}, execute_request: { code: "const quick = 1;\nquick" }, complete_request: { code: "qui", cursor_pos: 3 },
    inspect_request: { code: "quick", cursor_pos: 2 }, is_complete_request: { code: "1" }, history_request: { hist_access_type: "tail", n: 3 },
    comm_info_request: {}, interrupt_request: {},
  };
  for (const [type, content] of Object.entries(requests)) {
    const gaps: number[] = [];
    for (let time = 0; time < 3; time++) {
      const { reply, published } = await client.request(type, content);
      const idle = published.find(({ content: { execution_state: state } }) => state === "idle");
      gaps.push(Date.parse(idle?.header.date ?? "") - Date.parse(reply.header.date ?? ""));
    }
    // The least of three: on a busy machine the kernel may lose its turn between the two.
    assert.ok(Math.min(...gaps) <= 100, `${type}: ${gaps.join(", ")} ms`);
  }
});

test("a new subscriber is welcomed", async () => {
  const welcome = await client.waitFor(({ header }) => header.msg_type === "iopub_welcome", "iopub_welcome");
  assert.deepEqual(welcome.content, { subscription: "" });
  assert.deepEqual(welcome.parent, {});
});

test("completion counts code points, gives types, and answers while a cell runs", async () => {
  await client.execute("const parrot = { colour: 'red', age: 3 };");
  const running = await client.send("execute_request", { code: "await new Promise((resolve) => setTimeout(resolve, 1500));" });
  const code = "'😀𝒳'; parrot.co";
  const { reply } = await client.request("complete_request", { code, cursor_pos: [...code].length });
  assert.deepEqual(reply.content.matches, ["colour"]);
  assert.equal(reply.content.cursor_start, [...code].length - 2);
  assert.equal(reply.content.cursor_end, [...code].length);
  const { _jupyter_types_experimental: types } = reply.content.metadata as { _jupyter_types_experimental: { text: string; type: string }[] };
  assert.deepEqual(types.map(({ text, type }) => [text, type]), [["colour", "property"]]);
  await client.answerTo(running);
});

test("inspection has plain text and markdown, and says when there is nothing", async () => {
  await client.execute("/** Adds one.\n * @param n a number */\nfunction increment(n: number): number { return n + 1; }");
  const { content } = (await client.request("inspect_request", { code: "increment(1)", cursor_pos: 3, detail_level: 0 })).reply;
  assert.equal(content.found, true);
  const data = content.data as Record<string, string>;
  assert.match(data["text/plain"]!, /increment\(n: number\): number/);
  assert.match(data["text/markdown"]!, /Adds one\./);
  const nothing = (await client.request("inspect_request", { code: "   ", cursor_pos: 1, detail_level: 1 })).reply;
  assert.deepEqual([nothing.content.status, nothing.content.found], ["ok", false]);
});

test("is_complete knows complete, incomplete with its indent, and invalid", async () => {
  const ask = async (code: string) => (await client.request("is_complete_request", { code })).reply.content;
  assert.equal((await ask("1 + 1")).status, "complete");
  assert.deepEqual(await ask("function f() {"), { status: "incomplete", indent: "  " });
  assert.equal((await ask("const a = `open")).status, "incomplete");
  assert.equal((await ask("let = = 3")).status, "invalid");
});

test("unknown types and malformed contents are answered by idle, and the kernel goes on", async () => {
  const id = await client.send("dance_request", {});
  await client.waitFor(({ parent, content }) => parent.msg_id === id && content.execution_state === "idle", "idle");
  const { reply } = await client.request("execute_request", { code: 5 });
  assert.equal(reply.content.status, "error");
  assert.match(String(reply.content.evalue), /"code"/);
  for (const type of ["comm_msg", "input_reply", "interrupt_reply"]) await client.send(type, { nonsense: true });
  assert.equal((await client.execute("1")).reply.content.status, "ok");
});

test("forged, replayed and broken messages are dropped without harm", async () => {
  const forged = createWire({ key: "guess", scheme: "hmac-sha256", session: "x" });
  const mark = client.published.length;
  const request = { identities: [], type: "execute_request", parent: {}, content: { code: "throw new Error('forged')" } };
  await client.sendFrames(forged.encode(request));
  const frames = client.wire.encode({ ...request, content: { code: "globalThis.replays = ((globalThis as any).replays ?? 0) + 1" } });
  await client.sendFrames(frames);
  await client.sendFrames(frames);
  await client.sendFrames(["<IDS|MSG>"]);
  await client.sendFrames(["x"]);
  await client.sendFrames(["<IDS|MSG>", createHmac("sha256", "k").update("").digest("hex"), "{", "}", "[", "]"]);
  const { published } = await client.execute("(globalThis as any).replays");
  assert.deepEqual(published.find(({ header }) => header.msg_type === "execute_result")?.content.data, { "text/plain": "1" });
  assert.equal(client.published.slice(mark).filter(({ header }) => header.msg_type === "error").length, 0);
  assert.match(client.log(), /signature does not fit/);
  assert.match(client.log(), /received before/);
});

test("the heartbeat answers, also while a cell is busy", async () => {
  await client.beat();
  const running = await client.send("execute_request", { code: "for (const end = Date.now() + 1500; Date.now() < end;);" });
  for (let beat = 0; beat < 5; beat++) await client.beat();
  await client.answerTo(running);
});

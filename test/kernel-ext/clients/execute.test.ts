import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { Message } from "../../../kernel-ext/protocol/wire.js";
import { type Client, startClient } from "./client.js";

let client: Client;
before(async () => {
  client = await startClient();
});
after(() => client?.close());

const typesOf = (messages: readonly Message[]): string[] => messages.map(({ header }) => header.msg_type);
const streamOf = (messages: readonly Message[], name: string): string =>
  messages.filter(({ header, content }) => header.msg_type === "stream" && content.name === name).map(({ content }) => content.text).join("");
const contentOf = (messages: readonly Message[], type: string) => messages.find(({ header }) => header.msg_type === type)?.content;

test("a cell's messages come in order: busy, input, output, result, idle", async () => {
  const { reply, published } = await client.execute("console.log('hello'); 6 * 7");
  assert.deepEqual(typesOf(published), ["status", "execute_input", "stream", "execute_result", "status"]);
  const { execution_count: count } = reply.content;
  assert.equal(reply.header.msg_type, "execute_reply");
  assert.equal(reply.content.status, "ok");
  assert.deepEqual(contentOf(published, "execute_input"), { code: "console.log('hello'); 6 * 7", execution_count: count });
  assert.deepEqual(contentOf(published, "stream"), { name: "stdout", text: "hello\n" });
  assert.deepEqual(contentOf(published, "execute_result"), { data: { "text/plain": "42" }, metadata: {}, execution_count: count });
});

test("what one cell declares the next one has, with its type", async () => {
  await client.execute("const words: string[] = ['a', 'b'];\nfunction shout(text: string) { return text.toUpperCase(); }");
  const { published } = await client.execute("words.map(shout).join('')");
  assert.deepEqual(contentOf(published, "execute_result")?.data, { "text/plain": "'AB'" });
  await client.execute("const words = 3;");
  assert.equal((await client.execute("words + 1")).reply.content.status, "ok");
});

test("a type error stops the cell before it runs, with its line and a caret", async () => {
  const { reply, published } = await client.execute("console.log('not reached');\nconst n: number = 'text';");
  assert.deepEqual(typesOf(published), ["status", "execute_input", "error", "status"]);
  const error = contentOf(published, "error")!;
  assert.equal(reply.content.status, "error");
  assert.equal(error.ename, "TypeScriptError");
  assert.match(String(error.evalue), /In\[\d+\]:2:7 - TS2322: Type 'string' is not assignable to type 'number'/);
  assert.match((error.traceback as string[]).join("\n"), /const n: number = 'text';\n.*\^/);
});

test("an error at run time names the cell's own line", async () => {
  const { reply, published } = await client.execute("interface A { a: number }\n\nfunction fail(): never {\n  throw new RangeError('too far');\n}\nfail();");
  assert.deepEqual(typesOf(published), ["status", "execute_input", "error", "status"]);
  assert.equal(reply.content.ename, "RangeError");
  assert.equal(reply.content.evalue, "too far");
  assert.match((reply.content.traceback as string[]).join("\n"), /In\[\d+\]:4:9/);
});

test("what ran before a cell threw is kept", async () => {
  await client.execute("const early = 1;\nif (early > 0) throw new Error('stop');\nconst late = 2;");
  assert.equal((await client.execute("early")).reply.content.status, "ok");
});

test("a silent cell shows nothing, counts nothing and is not stored", async () => {
  const before = (await client.execute("1")).reply.content.execution_count as number;
  const { reply, published } = await client.execute("console.log('hidden'); 2", { silent: true });
  assert.deepEqual(typesOf(published), ["status", "status"]);
  assert.equal(reply.content.status, "ok");
  assert.equal((await client.execute("3")).reply.content.execution_count, before + 1);
});

test("a cell that is not to be stored takes no number and stays out of the history", async () => {
  const before = (await client.execute("1")).reply.content.execution_count as number;
  await client.execute("'not stored'", { store_history: false });
  const { reply } = await client.execute("'stored'");
  assert.equal(reply.content.execution_count, before + 1);
  const history = await client.request("history_request", { hist_access_type: "tail", n: 2, output: true, raw: true });
  const lines = (history.reply.content.history as [number, number, [string, string]][]).map(([, , pair]) => pair);
  assert.deepEqual(lines, [["1", "1"], ["'stored'", "'stored'"]]);
});

test("user expressions are evaluated after the cell, each with its own outcome", async () => {
  const { reply } = await client.execute("let side = 4;", { user_expressions: { area: "side * side", wrong: "sidde", fails: "(() => { throw new Error('no') })()" } });
  const answers = reply.content.user_expressions as Record<string, Record<string, unknown>>;
  assert.deepEqual(answers.area, { status: "ok", data: { "text/plain": "16" }, metadata: {} });
  assert.equal(answers.wrong!.status, "error");
  assert.match(String(answers.wrong!.evalue), /Cannot find name 'sidde'/);
  assert.equal(answers.fails!.evalue, "no");
});

test("an error aborts the cells that wait behind it, unless it is told not to", async () => {
  const send = (code: string, stop_on_error = true) => client.send("execute_request", {
    code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error,
  });
  const wait = "await new Promise((resolve) => setTimeout(resolve, 300));";
  const statuses = async (ids: string[]) => (await Promise.all(ids.map((id) => client.answerTo(id)))).map(({ reply }) => reply.content.status);
  assert.deepEqual(await statuses([await send(`${wait} throw new Error('a')`), await send("1"), await send("2")]), ["error", "aborted", "aborted"]);
  assert.deepEqual(await statuses([await send(`${wait} throw new Error('b')`, false), await send("1")]), ["error", "ok"]);
  assert.equal((await client.execute("1")).reply.content.status, "ok");
});

test("a blank cell is done at once and takes no number", async () => {
  const before = (await client.execute("1")).reply.content.execution_count as number;
  assert.equal((await client.execute("  \n")).reply.content.status, "ok");
  assert.equal((await client.execute("1")).reply.content.execution_count, before + 1);
});

test("console.error goes to stderr, and both streams keep their order", async () => {
  const { published } = await client.execute("for (let i = 0; i < 3; i++) { console.log('out', i); console.error('err', i); }");
  assert.equal(streamOf(published, "stdout"), "out 0\nout 1\nout 2\n");
  assert.equal(streamOf(published, "stderr"), "err 0\nerr 1\nerr 2\n");
});

/**
 * What VS Code's Jupyter extension does with a kernel of its own accord (microsoft/vscode-jupyter, src/kernels/raw): it chooses the
 * ports, asks on the shell channel, interrupts there too, and ends a kernel by SIGTERM to each of its processes.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import test, { after, before } from "node:test";
import { kernelSpec } from "../../../kernel-ext/install/kernelspec.js";
import { processTree } from "../../bench/kernel/processes.js";
import { type Client, startClient } from "./client.js";

/** Milliseconds for a process to end after its signal. */
const GRACE = 10_000;

let client: Client;
before(async () => {
  const { argv } = kernelSpec();
  client = await startClient({ portsFrom: "client", command: (file) => argv.map((arg) => arg.replace("{connection_file}", file)) });
});
after(() => client?.close());

test("the connection file is an argument of its own, which VS Code does not quote, and metadata and env may be added to", () => {
  const { argv, metadata, env } = kernelSpec();
  assert.ok(argv.includes("{connection_file}"));
  assert.deepEqual([typeof metadata, typeof env], ["object", "object"]);
});

test("completion and inspection answer on the shell channel while a cell runs", async () => {
  await client.execute("const answer = { value: 42 };");
  // It ends when both are answered: how long that takes on a busy machine is another question.
  const running = await client.send("execute_request", { code: "await new Promise((resolve) => Jupyter.comms.onOpen('go', resolve)); 'done'" });
  const complete = await client.replyTo(await client.send("complete_request", { code: "answer.", cursor_pos: 7 }));
  assert.deepEqual(complete.content.matches, ["value"]);
  const inspect = await client.replyTo(await client.send("inspect_request", { code: "answer", cursor_pos: 2, detail_level: 0 }));
  assert.equal(inspect.content.found, true);
  await client.send("comm_open", { comm_id: "go", target_name: "go", data: {} });
  const { published } = await client.answerTo(running);
  assert.ok(published.some(({ header }) => header.msg_type === "execute_result"));
});

test("an interrupt_request on the shell channel is answered while a cell is busy, and ends it", async () => {
  const busy = await client.send("execute_request", { code: "console.log('begun');\nfor (;;);" });
  await client.waitFor(({ header, parent }) => header.msg_type === "stream" && parent.msg_id === busy, "the cell's first output");
  const { reply } = await client.request("interrupt_request", {}, "shell");
  assert.deepEqual([reply.header.msg_type, reply.content.status], ["interrupt_reply", "ok"]);
  assert.equal((await client.answerTo(busy)).reply.content.ename, "Interrupted");
  const { published } = await client.execute("answer.value");
  assert.deepEqual(published.find(({ header }) => header.msg_type === "execute_result")?.content.data, { "text/plain": "42" });
});

test("SIGTERM to every process of the kernel, the cells' first, leaves none", async () => {
  const pid = client.process.pid!;
  const ended = once(client.process, "exit");
  const all = processTree(pid);
  assert.ok(all.length >= 2, "supervisor and child");
  for (const each of all.toReversed()) process.kill(each, "SIGTERM");
  assert.deepEqual(await ended, [0, null]);
  const alive = (): number[] => all.filter((each) => existsSync(`/proc/${each}`));
  for (const end = Date.now() + GRACE; alive().length > 0 && Date.now() < end;) await sleep(20);
  assert.deepEqual(alive(), []);
});

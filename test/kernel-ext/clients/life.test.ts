import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import test, { type TestContext } from "node:test";
import { curveKeyPair } from "zeromq";
import { type Client, startClient } from "./client.js";
import type { Launch } from "./start.js";

/** A kernel that ends with the test, also where that fails. */
async function start(t: TestContext, launch: Launch = {}): Promise<Client> {
  const client = await startClient(launch);
  t.after(() => client.close());
  return client;
}

const resultOf = async (client: Client, code: string): Promise<unknown> => {
  const { published } = await client.execute(code);
  return (published.find(({ header }) => header.msg_type === "execute_result")?.content.data as Record<string, unknown> | undefined)?.["text/plain"];
};

test("shutdown is answered, echoed with restart, and ends every process", async (t) => {
  const client = await start(t);
  const child = Number(await resultOf(client, "process.pid"));
  const ended = once(client.process, "exit");
  const id = await client.send("shutdown_request", { restart: true }, "control");
  const { reply } = await client.answerTo(id);
  assert.deepEqual(reply.content, { status: "ok", restart: true });
  const echo = client.published.find(({ header, parent }) => header.msg_type === "shutdown_reply" && parent.msg_id === id);
  assert.deepEqual(echo?.content, { status: "ok", restart: true });
  assert.deepEqual(await ended, [0, null]);
  assert.ok(!existsSync(`/proc/${child}`), "the executor outlived its kernel");
  await client.close();
});

test("a shutdown ends a busy loop too", async (t) => {
  const client = await start(t);
  await client.send("execute_request", { code: "for (;;);" });
  await client.waitFor(({ header }) => header.msg_type === "execute_input", "execute_input");
  await client.close();
  assert.equal(client.process.exitCode, 0);
});

test("SIGTERM ends the kernel, SIGINT does not", async (t) => {
  const client = await start(t);
  client.process.kill("SIGINT");
  assert.equal(await resultOf(client, "40 + 2"), "42");
  const ended = once(client.process, "exit");
  client.process.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
  await client.close();
});

test("two kernels at once do not see each other's variables", async (t) => {
  // Started one after the other: on a machine that is busy, two compilers at once outlast a client's patience.
  const a = await start(t);
  const b = await start(t);
  await Promise.all([a.execute("const mine = 'a';"), b.execute("const mine = 'b';")]);
  assert.deepEqual(await Promise.all([resultOf(a, "mine"), resultOf(b, "mine")]), ["'a'", "'b'"]);
});

test("the kernel talks over IPC", async (t) => {
  const client = await start(t, { connection: { transport: "ipc" } });
  assert.equal(await resultOf(client, "1 + 1"), "2");
  await client.beat();
  await client.close();
});

test("with CurveZMQ keys the kernel talks to who has them", async () => {
  const { publicKey, secretKey } = curveKeyPair();
  const client = await startClient({ connection: { curve_publickey: publicKey, curve_secretkey: secretKey } });
  assert.equal(await resultOf(client, "1 + 1"), "2");
  await client.beat();
  await client.close();
});

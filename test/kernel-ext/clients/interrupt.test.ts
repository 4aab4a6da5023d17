import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { type Client, startClient } from "./client.js";

/** Interrupts in a row in each situation; the fifty with D90_INTERRUPTS=50. */
const TIMES = Number(process.env.D90_INTERRUPTS ?? 3);

const situations: Record<string, string> = {
  "busy loop": "for (;;);",
  "after an await": "await Promise.resolve(); for (;;);",
  "timer": "await new Promise(() => setTimeout(() => { for (;;); }, 10));",
  "promise chain": "const spin = (): Promise<void> => Promise.resolve().then(spin); await spin();",
  "sleep": "await new Promise((resolve) => setTimeout(resolve, 1e6));",
  "regex": "/^(a+)+$/.test('a'.repeat(40) + 'b')",
  "child process": "await Jupyter.sh('sleep 1000')",
  "waiting for a child process": "(await import('node:child_process')).execSync('sleep 1000')",
};

let client: Client;
before(async () => {
  client = await startClient();
  await client.execute("let survivor = 'here';");
});
after(() => client?.close());

for (const [name, code] of Object.entries(situations)) {
  test(`${TIMES} interrupts in a row end a ${name}, and the variables stay`, async () => {
    for (let time = 0; time < TIMES; time++) {
      const id = await client.send("execute_request", { code: `console.log('begun');\n${code}` });
      await client.waitFor(({ header, parent }) => header.msg_type === "stream" && parent.msg_id === id, "the cell's first output");
      assert.equal((await client.request("interrupt_request", {}, "control")).reply.content.status, "ok");
      const { reply } = await client.answerTo(id);
      assert.deepEqual([reply.content.status, reply.content.ename], ["error", "Interrupted"]);
    }
    const { published } = await client.execute("survivor");
    assert.deepEqual(published.find(({ header }) => header.msg_type === "execute_result")?.content.data, { "text/plain": "'here'" });
  });
}

test("an interrupt without a running cell does nothing", async () => {
  assert.equal((await client.request("interrupt_request", {}, "control")).reply.content.status, "ok");
  assert.equal((await client.execute("1")).reply.content.status, "ok");
});

test("library code sees the signal and may finish what it does", async () => {
  const code = `
    const signal = Reflect.get(globalThis, Symbol.for("Jupyter.signal")) as AbortSignal;
    console.log("begun");
    while (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
    let saved = true;`;
  const id = await client.send("execute_request", { code });
  await client.waitFor(({ header, parent }) => header.msg_type === "stream" && parent.msg_id === id, "the cell's first output");
  await client.request("interrupt_request", {}, "control");
  await client.answerTo(id);
  assert.equal((await client.execute("survivor")).reply.content.status, "ok");
});

for (const [name, code, expected] of [
  ["process.exit", "process.exit(3)", /process\.exit\(3\)/],
  ["kill -9", "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});", /SIGKILL/],
  ["a segfault", "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {});", /SIGSEGV|segmentation/i],
] as const) {
  test(`${name} ends its cell with a clear error, and a new executor goes on`, async () => {
    const { reply } = await client.execute(code);
    assert.equal(reply.content.status, "error");
    assert.match(String(reply.content.evalue), expected);
    assert.match((reply.content.traceback as string[]).join("\n"), /every variable is gone/);
    assert.equal((await client.execute("const fresh = 1;\nfresh")).reply.content.status, "ok");
    const lost = await client.execute("survivor");
    assert.match(String(lost.reply.content.evalue), /Cannot find name 'survivor'/);
  });
}

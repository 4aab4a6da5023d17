import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { Json, Message } from "../../../kernel-ext/protocol/wire.js";
import { kernelSpec } from "../../../kernel-ext/install/kernelspec.js";
import { type Answer, type Client, startClient } from "./client.js";

let client: Client;
before(async () => {
  const { argv } = kernelSpec({ language: "javascript" });
  client = await startClient({ command: (file) => argv.map((arg) => arg.replace("{connection_file}", file)) });
});
after(() => client?.close());

const find = ({ published }: Answer, type: string): Message | undefined => published.find(({ header }) => header.msg_type === type);
const result = async (code: string): Promise<unknown> => (find(await client.execute(code), "execute_result")?.content.data as Json | undefined)?.["text/plain"];

test("the kernel of JavaScript says that it is one", async () => {
  const { content } = (await client.request("kernel_info_request", {})).reply;
  const { version, ...info } = content.language_info as Json;
  assert.deepEqual(info, {
    name: "javascript", mimetype: "text/javascript", file_extension: ".js",
    pygments_lexer: "javascript", codemirror_mode: "javascript", nbconvert_exporter: "script",
  });
  assert.equal(version, process.versions.node);
  assert.match(String(content.banner), /: JavaScript, checked by TypeScript .* on Node\.js/);
});

test("tslab's notebooks of JavaScript run", async () => {
  const { published } = await client.execute("const tslab = require('tslab');\ntslab.display.html('<b>x</b>');\nconsole.log(tslab.versions.node);");
  assert.deepEqual(published.map(({ header }) => header.msg_type), ["status", "execute_input", "display_data", "stream", "status"]);
  await client.execute("class Hello { constructor(name) { this.name = name; } }\nconst hello = new Hello('tslab');");
  assert.equal(await result("await Promise.resolve();\nhello.name"), "'tslab'");
});

test("errors name the cell's own lines, before it runs and while it does", async () => {
  const checked = (await client.execute("let x = 123;\nx += ' hello';")).reply.content;
  assert.match(String(checked.evalue), /In\[\d+\]:2:1 - TS2322/);
  const thrown = (await client.execute("/** Fails. */\nfunction fail() {\n  throw new RangeError('far');\n}\nfail();")).reply.content;
  assert.match((thrown.traceback as string[]).join("\n"), /In\[\d+\]:3:9/);
});

test("shell lines, completion and interrupts work as in TypeScript", async () => {
  const shell = await client.execute("const before = 1;\n!echo from the shell");
  assert.equal(find(shell, "stream")?.content.text, "from the shell\n");
  const complete = (await client.request("complete_request", { code: "hello.na", cursor_pos: 8 })).reply;
  assert.deepEqual(complete.content.matches, ["name"]);
  const busy = await client.send("execute_request", { code: "console.log('begun');\nfor (;;);" });
  await client.waitFor(({ header, parent }) => header.msg_type === "stream" && parent.msg_id === busy, "the cell's first output");
  await client.request("interrupt_request", {}, "control");
  assert.equal((await client.answerTo(busy)).reply.content.ename, "Interrupted");
  assert.equal(await result("before"), "1");
});

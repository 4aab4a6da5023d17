import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { Json } from "../../../kernel-ext/protocol/wire.js";
import { type Client, startClient } from "./client.js";

let client: Client;
before(async () => {
  client = await startClient();
});
after(() => client?.close());

const request = (code: string): Json => ({ code, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: true });

async function ask(code: string, answer: string) {
  const id = await client.send("execute_request", request(code));
  const question = await client.inputRequest();
  await client.send("input_reply", { value: answer }, "stdin", question.header);
  return { question, ...(await client.answerTo(id)) };
}

test("input() asks the client and goes on with its answer", async () => {
  const { question, published } = await ask("const name = await input('Who? ');\nname.length", "Ada 😀");
  assert.deepEqual(question.content, { prompt: "Who? ", password: false });
  assert.deepEqual(published.find(({ header }) => header.msg_type === "execute_result")?.content.data, { "text/plain": "6" });
});

test("password() asks without an echo", async () => {
  const { question, reply } = await ask("const secret = await password('Key: ');", "hunter2");
  assert.deepEqual(question.content, { prompt: "Key: ", password: true });
  assert.equal(reply.content.status, "ok");
});

test("a client without stdin gets an error that says so", async () => {
  const { reply } = await client.execute("await input('Anyone? ')");
  assert.equal(reply.content.status, "error");
  assert.match(String(reply.content.evalue), /stdin|input/i);
});

test("an interrupt ends a question, and a late answer harms nobody", async () => {
  const id = await client.send("execute_request", request("await input('Hello? ')"));
  const question = await client.inputRequest();
  await client.request("interrupt_request", {}, "control");
  assert.equal((await client.answerTo(id)).reply.content.status, "error");
  const next = await client.send("execute_request", request("await input('And now? ')"));
  const { header } = await client.inputRequest();
  // The box of the first question is still open in JupyterLab.
  await client.send("input_reply", { value: "late" }, "stdin", question.header);
  await client.send("input_reply", { value: "in time" }, "stdin", header);
  const { published } = await client.answerTo(next);
  assert.deepEqual(published.find((each) => each.header.msg_type === "execute_result")?.content.data, { "text/plain": "'in time'" });
});

test("a comm opened by a cell carries data and binary buffers both ways", async () => {
  const { published } = await client.execute(`
    const received: number[] = [];
    const comm = Jupyter.comms.open("test.target", { hello: 1 }, { buffers: [Uint8Array.of(1, 2, 3)] });
    comm.onMessage((data, { buffers }) => {
      received.push(...buffers[0]!);
      comm.send({ got: data }, { buffers: [Uint8Array.from(buffers[0]!).reverse()] });
    });`);
  const open = published.find(({ header }) => header.msg_type === "comm_open")!;
  assert.equal(open.content.target_name, "test.target");
  assert.deepEqual(open.content.data, { hello: 1 });
  assert.deepEqual([...open.buffers[0]!], [1, 2, 3]);
  const comm_id = open.content.comm_id as string;
  const info = (await client.request("comm_info_request", { target_name: "test.target" })).reply;
  assert.deepEqual(info.content.comms, { [comm_id]: { target_name: "test.target" } });

  const id = await client.send("comm_msg", { comm_id, data: { n: 7 } }, "shell", {}, [Uint8Array.of(9, 8)]);
  const answer = await client.waitFor(({ header, parent }) => header.msg_type === "comm_msg" && parent.msg_id === id, "comm_msg");
  assert.deepEqual(answer.content.data, { got: { n: 7 } });
  assert.deepEqual([...answer.buffers[0]!], [8, 9]);
  const close = await client.execute("comm.close({ bye: true }); received.join()");
  assert.deepEqual(close.published.find(({ header }) => header.msg_type === "comm_close")?.content, { comm_id, data: { bye: true } });
  assert.deepEqual((await client.request("comm_info_request", {})).reply.content.comms, {});
});

test("a comm opened by the client finds its handler; without one it is closed", async () => {
  await client.execute("Jupyter.comms.onOpen('front', (comm, data) => comm.send({ welcome: data }));");
  await client.send("comm_open", { comm_id: "c1", target_name: "front", data: { from: "lab" } });
  const welcome = await client.waitFor(({ header, content }) => header.msg_type === "comm_msg" && content.comm_id === "c1", "comm_msg");
  assert.deepEqual(welcome.content.data, { welcome: { from: "lab" } });
  await client.send("comm_open", { comm_id: "c2", target_name: "nobody", data: {} });
  await client.waitFor(({ header, content }) => header.msg_type === "comm_close" && content.comm_id === "c2", "comm_close");
});

test("displays have ids, are updated in place, and cleared", async () => {
  const { published } = await client.execute(`
    const handle = Jupyter.newDisplay();
    await handle.update(Jupyter.html("<b>1</b>"));
    await handle.update(Jupyter.html("<b>2</b>"));
    Jupyter.clearOutput({ wait: true });`);
  const [first, second, clear] = published.filter(({ header }) => /display|clear/.test(header.msg_type));
  assert.equal(first!.header.msg_type, "display_data");
  assert.equal(second!.header.msg_type, "update_display_data");
  assert.deepEqual(first!.content.transient, second!.content.transient);
  assert.equal((second!.content.data as Json)["text/html"], "<b>2</b>");
  assert.deepEqual(clear!.content, { wait: true });
});

test("tslab's display works unchanged", async () => {
  const { published } = await client.execute("import * as tslab from 'tslab';\ntslab.display.html('<i>x</i>');");
  const shown = published.find(({ header }) => header.msg_type === "display_data")!;
  assert.equal((shown.content.data as Json)["text/html"], "<i>x</i>");
});

test("a page goes to the pager, not to the output", async () => {
  const { reply, published } = await client.execute("Jupyter.page('long text')");
  assert.deepEqual(reply.content.payload, [{ source: "page", data: { "text/plain": "long text" }, start: 0 }]);
  assert.ok(!published.some(({ header }) => header.msg_type === "display_data"));
});

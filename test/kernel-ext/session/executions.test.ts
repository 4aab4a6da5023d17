import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import test from "node:test";
import type { RunOutcome } from "../../../kernel-ext/executor/types.js";
import { cellOf, failure, rejected, startSession, textResult, type Behaviour, type Fakes, type Sent } from "./fakes.js";

const typesOf = (sent: readonly Sent[]): string[] => sent.map(({ type, content }) => `${type}${type === "status" ? ` ${String(content.execution_state)}` : ""}`);
const replyIn = (sent: readonly Sent[]) => sent.find(({ type }) => type === "execute_reply")?.content ?? {};

async function execute(fakes: Fakes, code: string, more: object = {}) {
  const sent = await fakes.answersTo(fakes.send("execute_request", { code, ...more }));
  return { sent, types: typesOf(sent), reply: replyIn(sent) };
}

async function tailOf(fakes: Fakes): Promise<unknown> {
  const sent = await fakes.answersTo(fakes.send("history_request", { hist_access_type: "tail", n: 9, output: true }));
  return sent.find(({ type }) => type === "history_reply")?.content.history;
}

test("a cell is told in its order, counted, and stored with its result", async () => {
  const fakes = startSession();
  const { sent, types, reply } = await execute(fakes, "a");
  assert.deepEqual(types, ["status busy", "execute_input", "execute_result", "execute_reply", "status idle"]);
  assert.deepEqual(sent[1]?.content, { code: "a", execution_count: 1 });
  assert.deepEqual(sent[2]?.content, { data: { "text/plain": "a" }, metadata: {}, execution_count: 1 });
  assert.deepEqual(reply, { status: "ok", execution_count: 1, user_expressions: {}, payload: [] });
  assert.equal((await execute(fakes, "b")).reply.execution_count, 2);
  assert.deepEqual(fakes.asked, ["convert a", "run In[1] a false", "keep", "convert b", "run In[2] b false", "keep"]);
  assert.deepEqual(await tailOf(fakes), [[1, 1, ["a", "a"]], [1, 2, ["b", "b"]]]);
});

test("the reply tells when its cell began, not when it was sent, of a cell that fails too", async () => {
  const fakes = startSession({ run: async ({ source }) => {
    // By the clock: a timer counts from the beginning of its turn, and is early where that turn was long.
    for (const end = Date.now() + 30; Date.now() < end;) await turn();
    return source === "bad" ? failure("Bad") : textResult(source);
  } });
  for (const code of ["good", "bad"]) {
    const [before, id] = [Date.now(), fakes.send("execute_request", { code, stop_on_error: false })];
    const waiting = fakes.send("execute_request", { code: "next" });
    while (!fakes.sent.some(({ type, parent }) => type === "execute_reply" && parent.msg_id === waiting)) await turn();
    const startedOf = (request: string): number =>
      Date.parse(String(fakes.sent.find(({ type, parent }) => type === "execute_reply" && parent.msg_id === request)?.metadata?.started));
    assert.ok(startedOf(id) >= before && startedOf(waiting) >= startedOf(id) + 30, `${startedOf(id) - before}, ${startedOf(waiting) - before}`);
  }
});

test("a silent cell runs without a word, a number or a place in the history, and fails without a word too", async () => {
  const fakes = startSession({ run: ({ source }) => (source === "bad" ? failure("Bad") : textResult(source)) });
  for (const code of ["a", "bad"]) {
    const { types, reply } = await execute(fakes, code, { silent: true });
    assert.deepEqual([types, reply.execution_count], [["status busy", "execute_reply", "status idle"], 0]);
  }
  assert.deepEqual(fakes.asked.filter((text) => text.startsWith("run")).length, 2);
  assert.equal((await execute(fakes, "b")).reply.execution_count, 1);
  assert.deepEqual(await tailOf(fakes), [[1, 1, ["b", "b"]]]);
});

test("a cell that is not to be stored takes no number; without a word about it a cell is stored", async () => {
  const fakes = startSession();
  assert.equal((await execute(fakes, "a", { store_history: false })).reply.execution_count, 1);
  assert.equal((await execute(fakes, "b", { store_history: true })).reply.execution_count, 1);
  assert.equal((await execute(fakes, "c")).reply.execution_count, 2);
  assert.deepEqual(await tailOf(fakes), [[1, 1, ["b", "b"]], [1, 2, ["c", "c"]]]);
});

test("a blank cell is neither compiled nor counted nor stored", async () => {
  const fakes = startSession();
  const { types, reply } = await execute(fakes, " \n");
  assert.deepEqual(types, ["status busy", "execute_input", "execute_reply", "status idle"]);
  assert.deepEqual([reply.status, reply.execution_count, fakes.asked], ["ok", 0, []]);
  assert.deepEqual(await tailOf(fakes), []);
});

test("a cell that the compiler rejects does not run, and is an error", async () => {
  const fakes = startSession({ convert: () => rejected("wrong") });
  const { types, reply } = await execute(fakes, "a");
  assert.deepEqual(types, ["status busy", "execute_input", "error", "execute_reply", "status idle"]);
  assert.deepEqual([reply.status, reply.ename, reply.evalue], ["error", "TypeScriptError", "In[1]:1:1 - TS1: wrong"]);
  assert.deepEqual(fakes.asked, ["convert a"]);
});

test("an error aborts what waits behind it, nothing that comes later, and nothing where it is told not to", async () => {
  const fakes = startSession({ run: async ({ source }) => (await turn(), source === "bad" ? failure("Bad") : textResult(source)) });
  const statuses = async (requests: [string, object?][]) => {
    const ids = requests.map(([code, more = {}]) => fakes.send("execute_request", { code, ...more }));
    return Promise.all(ids.map(async (id) => replyIn(await fakes.answersTo(id)).status));
  };
  assert.deepEqual(await statuses([["bad"], ["a"], ["b", { silent: true }]]), ["error", "aborted", "aborted"]);
  assert.deepEqual(await statuses([["a"]]), ["ok"]);
  assert.deepEqual(await statuses([["bad", { stop_on_error: false }], ["a"]]), ["error", "ok"]);
  const id = fakes.send("execute_request", { code: "bad" });
  const aborted = await fakes.answersTo(fakes.send("execute_request", { code: "a" }));
  await fakes.answersTo(id);
  assert.deepEqual(typesOf(aborted), ["status busy", "execute_reply", "status idle"]);
});

test("cells run one after the other", async () => {
  let running = 0;
  const fakes = startSession({
    async run({ source }) {
      assert.equal(++running, 1);
      for (let i = 0; i < 3; i++) await turn();
      running--;
      return textResult(source);
    },
  });
  const ids = ["a", "b", "c"].map((code) => fakes.send("execute_request", { code }));
  for (const id of ids) assert.equal(replyIn(await fakes.answersTo(id)).status, "ok");
});

test("user expressions see what the cell left, leave nothing, and each has its own outcome", async () => {
  const run = ({ source }: { source: string }): RunOutcome =>
    (source === "fails" ? failure("Bad") : source === "void" ? { status: "ok", result: null, names: [], payload: [] } : textResult(source));
  const fakes = startSession({ run, convert: ({ code }) => (code === "wrong" ? rejected("wrong") : cellOf(code)) });
  const { reply } = await execute(fakes, "a", { user_expressions: { x: "one", y: "fails", z: "wrong", u: "void" } });
  const { x, y, z, u } = reply.user_expressions as Record<string, Record<string, unknown>>;
  assert.deepEqual(x, { status: "ok", data: { "text/plain": "one" }, metadata: {} });
  assert.deepEqual([y?.status, y?.ename], ["error", "Bad"]);
  assert.deepEqual([z?.status, z?.evalue], ["error", "z:1:1 - TS1: wrong"]);
  assert.deepEqual(u, { status: "ok", data: { "text/plain": "undefined" }, metadata: {} });
  assert.deepEqual(fakes.asked.slice(1, 5), ["run In[1] a false", "keep", "convert one (scratch)", "evaluate x one"]);
  assert.equal(fakes.asked.filter((text) => text.startsWith("keep")).length, 1);
});

test("a failing cell evaluates no expressions", async () => {
  const fakes = startSession({ run: () => failure("Bad") });
  assert.deepEqual((await execute(fakes, "a", { user_expressions: { x: "one" } })).reply.user_expressions, {});
  assert.ok(!fakes.asked.some((text) => text.startsWith("evaluate")));
});

test("payloads go with the reply, of a cell that fails too", async () => {
  const payload = [{ source: "page" }];
  const fakes = startSession({ run: ({ source }) => (source === "bad" ? failure("Bad", { payload }) : { status: "ok", result: null, names: [], payload }) });
  assert.deepEqual((await execute(fakes, "a")).reply.payload, payload);
  assert.deepEqual((await execute(fakes, "bad")).reply.payload, payload);
});

test("what a cell leaves is kept: all of it, the names that a failing one came to, or none where every variable is gone", async () => {
  const asked = async (behaviour: Behaviour): Promise<string | undefined> => {
    const fakes = startSession(behaviour);
    await execute(fakes, "a");
    return fakes.asked[2];
  };
  const leavesNothing = () => ({ ...cellOf("a"), leavesNothing: true });
  assert.equal(await asked({}), "keep");
  assert.equal(await asked({ run: () => failure("Bad", { names: ["x", "y"] }) }), "keep x,y");
  assert.equal(await asked({ run: () => failure("Gone", { lost: true }) }), "reset");
  assert.equal(await asked({ convert: leavesNothing }), undefined);
  assert.equal(await asked({ convert: leavesNothing, run: () => failure("Gone", { lost: true }) }), "reset");
});

test("an interrupt ends a cell that is being compiled, and else goes to the executor", async () => {
  let [compiled, ran] = [(): void => undefined, (): void => undefined];
  const fakes = startSession({
    convert: async ({ code }) => (code === "slow" ? new Promise((resolve) => { compiled = () => resolve(cellOf(code)); }) : cellOf(code)),
    run: async ({ source }) => new Promise((resolve) => { ran = () => resolve(textResult(source)); }),
  });
  const interrupt = () => fakes.answersTo(fakes.send("interrupt_request", {}, { channel: "control" }));
  const slow = fakes.send("execute_request", { code: "slow" });
  await turn();
  await interrupt();
  assert.equal(replyIn(await fakes.answersTo(slow)).ename, "Interrupted");
  compiled();
  const next = fakes.send("execute_request", { code: "a" });
  await turn();
  assert.equal((await interrupt()).find(({ type }) => type === "interrupt_reply")?.content.status, "ok");
  ran();
  await fakes.answersTo(next);
  assert.deepEqual(fakes.asked, ["convert slow", "convert a", "run In[2] a false", "interrupt", "keep"]);
});

test("an interrupt aborts what waits behind a cell that ends well with what it has, unless told not to, and nothing where none runs", async () => {
  const fakes = startSession({ run: async ({ source }) => (await turn(), await turn(), textResult(source)) });
  const interrupt = () => fakes.send("interrupt_request", {}, { channel: "control" });
  const statuses = async (options: object): Promise<unknown[]> => {
    const ids = ["a", "b", "c"].map((code) => fakes.send("execute_request", { code, ...options }));
    await turn();
    interrupt();
    return Promise.all(ids.map(async (id) => replyIn(await fakes.answersTo(id)).status));
  };
  assert.deepEqual(await statuses({}), ["ok", "aborted", "aborted"]);
  assert.deepEqual(await statuses({ stop_on_error: false }), ["ok", "ok", "ok"]);
  interrupt();
  assert.equal((await execute(fakes, "later")).reply.status, "ok");
});

test("a fault of the kernel's own is the cell's error, and the next cell runs", async () => {
  const fakes = startSession({ run: ({ source }) => { if (source === "bad") throw new Error("broken"); return textResult(source); } });
  const { reply } = await execute(fakes, "bad");
  assert.deepEqual([reply.status, reply.evalue], ["error", "broken"]);
  assert.equal((await execute(fakes, "a")).reply.status, "ok");
});

test("input is allowed where the request allows it", async () => {
  const fakes = startSession();
  await execute(fakes, "a", { allow_stdin: true });
  assert.equal(fakes.asked[1], "run In[1] a true");
});

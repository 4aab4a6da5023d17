import assert from "node:assert/strict";
import test from "node:test";
import { errorOf, startHarness } from "../harness.js";

const { run, executor, events, until, latest, printed } = startHarness();

const question = () => until((event) => event.type === "input" && event.cell === latest());

test("input and password ask and give the answer", async () => {
  const pending = run("console.log('first'); exports.last = [await input('Name: '), await password()]", { allowStdin: true });
  assert.deepEqual(await question(), { type: "input", cell: latest(), prompt: "Name: ", password: false });
  assert.equal(printed(), "first\n");
  executor.answerInput("Ada");
  await until((event) => event.type === "input" && event.password);
  executor.answerInput("secret");
  const outcome = await pending;
  assert.equal(outcome.status === "ok" && outcome.result?.data["text/plain"], "[ 'Ada', 'secret' ]");
});

test("questions at the same time are asked one after the other", async () => {
  events.length = 0;
  const pending = run("exports.last = await Promise.all([input('a'), input('b')])", { allowStdin: true });
  await question();
  assert.equal(events.filter(({ type }) => type === "input").length, 1);
  executor.answerInput("1");
  await until((event) => event.type === "input" && event.prompt === "b");
  executor.answerInput("2");
  const outcome = await pending;
  assert.equal(outcome.status === "ok" && outcome.result?.data["text/plain"], "[ '1', '2' ]");
});

test("where the frontend cannot ask, input throws at once", async () => {
  const { ename, evalue } = errorOf(await run("await input('x')"));
  assert.deepEqual([ename, evalue], ["StdinNotAllowed", "input(): this frontend cannot ask for input (the request's allow_stdin is false)."]);
});

test("a refused question throws, and can be caught", async () => {
  const pending = run("exports.last = await input('x').catch((error) => error.name + ': ' + error.message)", { allowStdin: true });
  await question();
  executor.refuseInput("a new request came");
  const outcome = await pending;
  assert.equal(outcome.status === "ok" && outcome.result?.data["text/plain"], "'StdinNotAllowed: a new request came'");
});

test("a cell that waits for an answer can be interrupted, and the next question is a new one", { timeout: 60_000 }, async () => {
  const pending = run("await input('never')", { allowStdin: true });
  await question();
  executor.interrupt();
  assert.equal(errorOf(await pending).ename, "Interrupted");
  const next = run("exports.last = await input('again')", { allowStdin: true });
  await question();
  executor.answerInput("yes");
  const outcome = await next;
  assert.equal(outcome.status === "ok" && outcome.result?.data["text/plain"], "'yes'");
});

test("a cell that has ended cannot ask", async () => {
  await run("setTimeout(() => input('late').catch((error) => console.log(error.message)), 10)", { allowStdin: true });
  await until((event) => event.type === "stream" && event.cell === latest());
  assert.equal(printed(), "input(): its cell has ended; only a running cell may ask.\n");
});

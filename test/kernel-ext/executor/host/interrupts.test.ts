import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { createInterrupts, type Interrupts } from "../../../../kernel-ext/executor/host/interrupts.js";
import { COOPERATION, INTERRUPT, STEP } from "../../../../kernel-ext/executor/messages.js";

const names = new Map<number, string>(Object.entries(INTERRUPT).map(([name, kind]) => [kind, name]));

function recording(t: TestContext): { interrupts: Interrupts; log: string[] } {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const log: string[] = [];
  const interrupts = createInterrupts({ send: (kind, cell) => log.push(`${names.get(kind)} ${cell}`), kill: () => log.push("kill") });
  return { interrupts, log };
}

test("a cell that does not stop in two seconds loses its process", (t) => {
  const { interrupts, log } = recording(t);
  interrupts.request(7);
  t.mock.timers.tick(1_900);
  assert.deepEqual(log, ["ask 7"]);
  t.mock.timers.tick(200);
  assert.deepEqual(log, ["ask 7", "kill"]);
});

test("a cell that stops keeps it, and the next one may be interrupted anew", (t) => {
  const { interrupts, log } = recording(t);
  interrupts.request(7);
  interrupts.over();
  t.mock.timers.tick(60_000);
  interrupts.request(8);
  assert.deepEqual(log, ["ask 7", "ask 8"]);
});

test("code that has taken the signal gets time, then is forced, then loses its process", (t) => {
  const { interrupts, log } = recording(t);
  interrupts.request(7);
  interrupts.cooperating(7);
  t.mock.timers.tick(COOPERATION - 1);
  assert.deepEqual(log, ["ask 7"]);
  t.mock.timers.tick(1);
  assert.deepEqual(log, ["ask 7", "force 7"]);
  t.mock.timers.tick(2_100);
  assert.deepEqual(log, ["ask 7", "force 7", "kill"]);
});

test("a cell that has taken its signal may take longer to answer", (t) => {
  const { interrupts, log } = recording(t);
  interrupts.taken();
  interrupts.request(7);
  t.mock.timers.tick(STEP + 1_900);
  assert.deepEqual(log, ["ask 7"]);
  interrupts.request(7);
  assert.deepEqual(log, ["ask 7", "force 7"]);
  interrupts.over();
  interrupts.request(8);
  t.mock.timers.tick(2_100);
  assert.deepEqual(log, ["ask 7", "force 7", "ask 8", "kill"]);
});

test("a second interrupt forces at once; while asked it is one", (t) => {
  const { interrupts, log } = recording(t);
  interrupts.request(7);
  interrupts.request(7);
  interrupts.cooperating(7);
  interrupts.request(7);
  assert.deepEqual(log, ["ask 7", "force 7"]);
});

test("code that an interrupted cell has left behind may not keep the next one", (t) => {
  const { interrupts, log } = recording(t);
  interrupts.sent();
  t.mock.timers.tick(60_000);
  assert.deepEqual(log, []);
  interrupts.request(7);
  interrupts.over();
  interrupts.sent();
  interrupts.began();
  t.mock.timers.tick(60_000);
  assert.deepEqual(log, ["ask 7"]);
  interrupts.over();
  interrupts.sent();
  t.mock.timers.tick(500);
  assert.deepEqual(log, ["ask 7", "free 0"]);
});

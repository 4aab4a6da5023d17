import assert from "node:assert/strict";
import test from "node:test";
import { createSequencer, type Sequencer } from "../../../../kernel-ext/executor/host/sequencer.js";

/** What comes out: text as "name:text", messages as "#id". */
function recording(): { sequencer: Sequencer; out: string[] } {
  const out: string[] = [];
  const sequencer = createSequencer({
    onText: (name, _cell, text) => out.push(`${name}:${text}`),
    onMessage: (message) => out.push(message.type === "comm_done" ? `#${message.id}` : message.type),
  });
  return { sequencer, out };
}

const message = (seq: number) => ({ seq, message: { type: "comm_done", id: seq } as const });

test("text flows while no message is due", () => {
  const { sequencer, out } = recording();
  sequencer.text("stdout", 1, "a");
  sequencer.text("stderr", 1, "b");
  assert.deepEqual(out, ["stdout:a", "stderr:b"]);
});

test("a message waits for its marks in both streams, and later text for the message", () => {
  const { sequencer, out } = recording();
  sequencer.message(message(1));
  sequencer.text("stdout", 1, "before");
  sequencer.mark("stdout", 1);
  sequencer.text("stdout", 1, "after");
  assert.deepEqual(out, ["stdout:before"]);
  sequencer.text("stderr", 1, "also before");
  sequencer.mark("stderr", 1);
  assert.deepEqual(out, ["stdout:before", "stderr:also before", "#1", "stdout:after"]);
});

test("marks that come before their message hold the text behind them", () => {
  const { sequencer, out } = recording();
  for (const name of ["stdout", "stderr"] as const) sequencer.mark(name, 1);
  sequencer.text("stdout", 1, "after");
  assert.deepEqual(out, []);
  sequencer.message(message(1));
  assert.deepEqual(out, ["#1", "stdout:after"]);
});

test("a mark whose message never came is passed over by the next", () => {
  const { sequencer, out } = recording();
  for (const name of ["stdout", "stderr"] as const) {
    sequencer.mark(name, 1);
    sequencer.text(name, 1, "x");
    sequencer.mark(name, 2);
  }
  sequencer.message(message(2));
  assert.deepEqual(out, ["stdout:x", "stderr:x", "#2"]);
});

test("nothing waits for a stream that has ended, and unmarked messages wait for nothing", () => {
  const { sequencer, out } = recording();
  sequencer.message(message(1));
  sequencer.message({ seq: 0, message: { type: "up" } });
  sequencer.end("stdout");
  assert.deepEqual(out, ["up"]);
  sequencer.end("stderr");
  assert.deepEqual(out, ["up", "#1"]);
});

test("a message whose marks do not come is delivered after a while", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { sequencer, out } = recording();
  sequencer.mark("stdout", 1);
  sequencer.message(message(1));
  t.mock.timers.tick(5_000);
  assert.deepEqual(out, ["#1"]);
  // The other stream works on, and its late mark is no obstacle.
  sequencer.mark("stderr", 1);
  sequencer.text("stderr", 1, "late");
  assert.deepEqual(out, ["#1", "stderr:late"]);
});

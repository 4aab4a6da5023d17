import assert from "node:assert/strict";
import { test } from "node:test";
import { createProgress } from "../../lib/cli/progress.js";

function recorder(isTTY: boolean, columns = 40) {
  const written: string[] = [];
  let time = 0;
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  return { written, progress: createProgress({ stream, now: () => time }), wait: (milliseconds: number) => { time += milliseconds; } };
}

test("on a terminal one line updates at most four times a second", () => {
  const { written, progress, wait } = recorder(true);
  for (let i = 0; i < 100; i++) {
    progress.update(`step ${i}`);
    wait(10);
  }
  assert.deepEqual(written, ["\r\x1b[2Kstep 0", "\r\x1b[2Kstep 25", "\r\x1b[2Kstep 50", "\r\x1b[2Kstep 75"]);
});

test("a line that stays replaces the one that updates", () => {
  const { written, progress } = recorder(true);
  progress.update("working");
  progress.note("done with one");
  assert.equal(written.join(""), "\r\x1b[2Kworking\r\x1b[2Kdone with one\n");
});

test("a line longer than the terminal is cut, so that it can be removed", () => {
  const { written, progress } = recorder(true, 10);
  progress.update("0123456789abc");
  assert.equal(written[0], "\r\x1b[2K01234567…");
});

test("elsewhere there is a plain line every 15 seconds, none at the beginning, and no control character", () => {
  const { written, progress, wait } = recorder(false);
  for (let i = 0; i <= 60; i++) {
    progress.update(`second ${i}`);
    wait(1000);
  }
  progress.note("result");
  progress.done();
  assert.deepEqual(written, ["second 15\n", "second 30\n", "second 45\n", "second 60\n", "result\n"]);
});

test("a terminal that does not know its width is taken for 80 wide", () => {
  const { written, progress } = recorder(true, 0);
  progress.update(`${"a line ".repeat(9)}ends`);
  assert.deepEqual(written, [`\r\x1b[2K${"a line ".repeat(9)}ends`]);
});

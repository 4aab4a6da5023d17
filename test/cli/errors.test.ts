import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, statusOf } from "../../lib/cli/errors.js";
import { exitCodes } from "../../lib/cli/exitCodes.js";
import { RecordError } from "../../lib/records/record.js";
import { requireInteger, UsageError } from "../../lib/support/checks.js";
import { HubError } from "../../lib/support/hub.js";

const caught = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

test("a person's mistake is its message alone, and status 2", () => {
  for (const error of [new UsageError("no such model."), caught(() => requireInteger("train", "d", 0, 1))]) {
    assert.equal(explain(error, {}), `d90: ${(error as Error).message}`);
    assert.equal(statusOf(error), exitCodes.usage);
  }
});

test("a failure of network, file or disk is its message alone, and status 1", () => {
  const disk = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
  for (const error of [new HubError("offline"), new RecordError("runs/x: not JSON"), disk]) {
    assert.equal(explain(error, {}), `d90: ${error.message}`);
    assert.equal(statusOf(error), exitCodes.failure);
  }
});

test("a mistake of d90's own says so and how to see more", () => {
  for (const error of [new TypeError("x is not a function"), new RangeError("Invalid array length")]) {
    assert.match(explain(error, {}), /should not have happened: D90_DEBUG=1/);
    assert.equal(statusOf(error), exitCodes.failure);
  }
});

test("D90_DEBUG=1 shows the stack and its cause", () => {
  const text = explain(new UsageError("no", { cause: new Error("because") }), { D90_DEBUG: "1" });
  assert.match(text, /UsageError: no\n\s+at .*\nCause: Error: because\n\s+at /s);
  assert.doesNotMatch(explain(new UsageError("no"), { D90_DEBUG: "0" }), /\n/);
});

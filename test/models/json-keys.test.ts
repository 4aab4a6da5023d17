import assert from "node:assert/strict";
import { test } from "node:test";
import { repeatedKey } from "../../lib/models/json-keys.js";

test("a key that occurs twice in one object is found, also nested and escaped", () => {
  assert.equal(repeatedKey("{\"a\":1,\"a\":2}"), "a");
  assert.equal(repeatedKey("{\"x\":{\"b\" : 1, \"c\":2,\"b\"\n:3}}"), "b");
  assert.equal(repeatedKey("[{\"a\":1},{\"q\":[{\"\\u0061\":1,\"a\":2}]}]"), "a");
  assert.equal(repeatedKey("{\"__proto__\":1,\"__proto__\":2}"), "__proto__");
});

test("keys of different objects, and texts that are values, are no repetition", () => {
  assert.equal(repeatedKey("{\"a\":{\"a\":\"a\"},\"b\":[\"a\",\"a\"],\"c\":\"{\\\"a\\\":1,\\\"a\\\":2}\"}"), undefined);
  assert.equal(repeatedKey("{\"a\\\\\":1,\"a\\\"\":2,\"a\":\"\\\\\"}"), undefined);
  assert.equal(repeatedKey("3"), undefined);
});

test("long texts take no stack", () => {
  assert.equal(repeatedKey(JSON.stringify({ a: "x".repeat(5e6), b: "\"".repeat(5e6) })), undefined);
});

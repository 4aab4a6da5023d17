import assert from "node:assert/strict";
import test from "node:test";
import { createHmac } from "node:crypto";
import { createWire, WireError, type Outgoing } from "../../../kernel-ext/protocol/wire.js";

const options = { key: "secret", scheme: "hmac-sha256", session: "s" };
const message: Outgoing = {
  identities: [Buffer.from([0, 1, 2])], type: "execute_request", parent: {}, content: { code: "1 + 1 // 😀" }, buffers: [Uint8Array.of(1, 255)],
};
const framesOf = (outgoing: Outgoing, from = options): Buffer[] => createWire(from).encode(outgoing).map((frame) => Buffer.from(frame as Buffer));

/** Frames with the right signature around parts of our own. */
function signed(parts: string[], key = "secret"): Buffer[] {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return ["id", "<IDS|MSG>", hmac.digest("hex"), ...parts].map((frame) => Buffer.from(frame));
}
const header = JSON.stringify({ msg_id: "1", msg_type: "kernel_info_request", session: "c", username: "u" });

test("a message survives the wire with identities, metadata and buffers", () => {
  const decoded = createWire(options).decode(framesOf({ ...message, metadata: { a: [1] } }));
  assert.equal(decoded.header.msg_type, "execute_request");
  assert.equal(decoded.header.version, "5.5");
  assert.deepEqual(decoded.content, message.content);
  assert.deepEqual(decoded.metadata, { a: [1] });
  assert.deepEqual(decoded.identities.map((id) => [...id]), [[0, 1, 2]]);
  assert.deepEqual(decoded.buffers.map((buffer) => [...buffer]), [[1, 255]]);
});

test("a wrong key, a changed part and a missing signature are dropped before JSON is parsed", () => {
  const wire = createWire(options);
  assert.throws(() => wire.decode(framesOf(message, { ...options, key: "other" })), /signature does not fit/);
  const changed = framesOf(message);
  changed[6] = Buffer.from("{not json");
  assert.throws(() => wire.decode(changed), /signature does not fit/);
  const unsigned = framesOf(message);
  unsigned[2] = Buffer.alloc(0);
  assert.throws(() => wire.decode(unsigned), /signature does not fit/);
});

test("a replayed message is dropped, the next one is not", () => {
  const wire = createWire(options);
  const frames = framesOf(message);
  wire.decode(frames);
  assert.throws(() => wire.decode(frames), /received before/);
  wire.decode(framesOf(message));
});

test("of many messages the older half is forgotten, not the newer", () => {
  const wire = createWire({ ...options, remembered: 4 });
  const messages = Array.from({ length: 5 }, () => framesOf(message));
  for (const frames of messages) wire.decode(frames);
  for (const frames of messages.slice(3)) assert.throws(() => wire.decode(frames), /received before/);
  for (const frames of messages.slice(0, 3)) wire.decode(frames);
});

test("an empty key neither signs nor checks", () => {
  const open = { ...options, key: "" };
  const frames = framesOf(message, open);
  assert.equal(frames[2]!.length, 0);
  assert.equal(createWire(open).decode(frames).header.msg_type, "execute_request");
});

test("malformed frames are WireErrors whatever they hold", () => {
  const decode = (frames: Buffer[]) => createWire(options).decode(frames);
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const cases: [string, Buffer[], RegExp][] = [
    ["no frames", [], /without delimiter/],
    ["no delimiter", [Buffer.from("x")], /without delimiter/],
    ["too few parts", signed([header, "{}"]), /without delimiter, signature or one of its four parts/],
    ["broken JSON", signed([header, "{}", "{}", "{"]), /no JSON/],
    ["64 MB and more", signed([header, "{}", "{}", `{"x":"${"x".repeat(64 * 1024 * 1024)}"}`]), /at most 67108864 are read/],
    ["an array", signed([header, "{}", "{}", "[]"]), /no JSON object/],
    ["null", signed([header, "{}", "{}", "null"]), /no JSON object/],
    ["a header without type", signed(["{\"msg_id\":\"1\"}", "{}", "{}", "{}"]), /header with a wrong "msg_type"/],
    ["a deep bomb", signed([header, "{}", "{}", deep]), /no JSON/],
    ["a deep header", signed([header.replace("}", `,"x":${deep}}`), "{}", "{}", "{}"]), /nested too deeply/],
    ["invalid UTF-8", [...signed([header, "{}", "{}", "{}"]).slice(0, 3), ...[header, "{}", "{}"].map((part) => Buffer.from(part)), Buffer.from([0xff])], /signature/],
  ];
  for (const [name, frames, expected] of cases) {
    assert.throws(() => decode(frames), (error) => error instanceof WireError && expected.test(error.message), name);
  }
});

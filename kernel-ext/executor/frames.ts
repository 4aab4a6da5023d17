/** Messages over a byte stream: length (4 bytes, little-endian), then the value as v8.serialize writes it. */
import { deserialize, serialize } from "node:v8";

/** @throws {Error} DataCloneError, if the value holds a function or another thing that cannot be sent. */
export function encodeFrame(value: unknown): Buffer {
  const body = serialize(value);
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32LE(body.length, 0);
  body.copy(frame, 4);
  return frame;
}

/** Takes chunks as they come and calls `onValue` for every complete frame. */
export function createFrameReader(onValue: (value: unknown) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let held = 0;
  let needed = 4;
  return (chunk) => {
    parts.push(chunk);
    held += chunk.length;
    // Joining only once enough has come keeps large frames linear.
    while (held >= needed) {
      const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      const length = 4 + all.readUInt32LE(0);
      if (all.length >= length) {
        const rest = all.subarray(length);
        parts = rest.length > 0 ? [rest] : [];
        held = rest.length;
        needed = 4;
        onValue(deserialize(all.subarray(4, length)));
      } else {
        parts = [all];
        needed = length;
      }
    }
  };
}

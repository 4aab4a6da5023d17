/** The identity of a task's rows, whatever file or hub they came from. */
import { createHash } from "node:crypto";
import type { Splits } from "./task.js";

/**
 * SHA-256, in hex, over the train rows and then the dev rows in their order: a line `split,rows` before each split, and a
 * row as the JSON array [label, text] or [label, text, text2].
 */
export function hashOf({ train, dev }: Splits): string {
  const hash = createHash("sha256");
  for (const [split, examples] of Object.entries({ train, dev })) {
    hash.update(`${split},${examples.length}\n`);
    for (const { label, text, text2 } of examples) {
      const row = text2 === undefined ? [label, text] : [label, text, text2];
      hash.update(`${JSON.stringify(row)}\n`);
    }
  }
  return hash.digest("hex");
}

/** Checks what `d90 find --json` printed: `node check-find.mjs FILE`. Exit status 1 with what is wrong. */
import { readFileSync } from "node:fs";

const KEYS = ["d90", "lower", "upper", "outcome", "threshold", "full", "majority", "chanceCorrectedD90", "trials", "task", "dataSource",
  "model", "method", "preset", "seeds"];
const OUTCOMES = ["found", "below-grid", "above-grid", "baseline-not-above-majority"];

// With `--method both` an object by method.
const printed = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const result of "outcome" in printed ? [printed] : Object.values(printed)) {
  const missing = KEYS.filter((key) => !(key in result));
  if (missing.length > 0) throw new Error(`d90 find --json lacks ${missing.join(", ")}.`);
  if (!OUTCOMES.includes(result.outcome)) throw new Error(`outcome must be one of ${OUTCOMES.join(", ")}, got ${result.outcome}.`);
  if (result.outcome === "found" && !(result.d90 > 0)) throw new Error(`a found d90 must be a positive number, got ${result.d90}.`);
}

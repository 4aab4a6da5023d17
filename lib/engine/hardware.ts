/** What this machine offers. */
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Cores that this process may use. */
export const availableThreads = (): number => availableParallelism();

/** Whether this processor multiplies bfloat16 numbers itself; without, they cost more than fp32. False where it cannot be told. */
export function hasBf16(): boolean {
  const file = "/proc/cpuinfo";
  return existsSync(file) && /^(?:flags|Features)\s*:.*\b(?:avx512_bf16|amx_bf16|bf16)\b/m.test(readFileSync(file, "utf8"));
}

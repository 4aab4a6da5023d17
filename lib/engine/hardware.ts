/** What this machine offers. */
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Cores that this process may use. */
export const availableThreads = (): number => availableParallelism();

/** Whether this processor multiplies bfloat16 numbers itself; without, they cost more than fp32. False where it cannot be told. */
export const hasBf16 = (): boolean => hasFlag(/^(?:avx512_bf16|amx_bf16|bf16)$/);

/** Whether it does so two at a time, by AVX-512, and not by whole tiles: the project's own products of bfloat16 are for that (setup/native/product.h). */
export const hasBf16Pairs = (): boolean => hasFlag(/^avx512_bf16$/) && !hasFlag(/^amx_bf16$/);

/** Whether what the system says of the processor has such a word; false where it says nothing. */
function hasFlag(word: RegExp): boolean {
  const file = "/proc/cpuinfo";
  if (!existsSync(file)) return false;
  const [, flags = ""] = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync(file, "utf8")) ?? [];
  return flags.split(" ").some((flag) => word.test(flag));
}

/** What this machine offers. */
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Cores that this process may use. */
export const availableThreads = (): number => availableParallelism();

/** Whether this processor multiplies bfloat16 numbers itself; without, they cost more than fp32. False where it cannot be told. */
export const hasBf16 = (): boolean => flags().some((flag) => ["avx512_bf16", "amx_bf16", "bf16"].includes(flag));

/** Whether it does so two at a time, by AVX-512, and not by whole tiles: the project's own products of bfloat16 are for that (setup/native/product.h). */
export function hasBf16Pairs(): boolean {
  const has = flags();
  return has.includes("avx512_bf16") && !has.includes("amx_bf16");
}

/** What the system says that the processor has; nothing where it does not say. */
function flags(): string[] {
  const file = "/proc/cpuinfo";
  if (!existsSync(file)) return [];
  const [, words = ""] = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync(file, "utf8")) ?? [];
  return words.split(" ");
}

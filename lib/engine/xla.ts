/** What XLA, TensorFlow's compiler of functions, is told before it compiles the first one of this process. */
import type { TensorflowBackend } from "./backend.js";

const VARIABLE = "XLA_FLAGS";
/** Names what XLA hands to YNNPACK; nothing, where nothing follows. */
const FLAG = "--xla_cpu_experimental_ynn_fusion_type";
/** The TensorFlow whose XLA has been seen to know the flag: over one that it does not know, XLA ends the process. */
const KNOWING = /^2\.21\./;

let told = false;

/**
 * Runs `first`, which compiles functions: sums and maxima over a row are then loops of XLA's own, as all else in a function. TensorFlow 2.21 hands them to YNNPACK, a
 * young library whose faults end a process (jax-ml/jax, issues 39257 and 40412), and which saves no time here (docs/performance.md).
 * XLA reads its variable once, at a process's first function; afterwards that is as it was, since what else is started from here may have an XLA of its own.
 * Where the user's own flags name the library, or come from a file, they alone count.
 */
export function compiling<T>({ binding }: TensorflowBackend, first: () => T): T {
  const own = process.env[VARIABLE];
  if (told || !KNOWING.test(String(binding.TF_Version)) || !addable(own)) return first();
  told = true;
  process.env[VARIABLE] = `${own ?? ""} ${FLAG}=`.trim();
  try {
    return first();
  } finally {
    if (own === undefined) delete process.env[VARIABLE];
    else process.env[VARIABLE] = own;
  }
}

/** XLA takes what does not begin with a hyphen as the name of a file of flags. */
const addable = (flags = ""): boolean => /^\s*(-|$)/.test(flags) && !flags.includes(FLAG);

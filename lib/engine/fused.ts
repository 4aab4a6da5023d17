/** Operations that a recorded step runs as one compiled loop. */
import type * as tf from "@tensorflow/tfjs-core";

/** Notes what `run` does as one function. */
type Fuse = (run: () => tf.Tensor[]) => tf.Tensor[];

let current: Fuse | null = null;

/** Runs `action`, in which `fused` goes through `fuse`; null for one operation after the other. */
export function fusing<T>(fuse: Fuse | null, action: () => T): T {
  const before = current;
  current = fuse;
  try {
    return action();
  } finally {
    current = before;
  }
}

/**
 * The tensors that `run` computes, by operations on elements and reductions alone: in a recorded step compiled (by XLA) to one loop, so that
 * nothing between them goes through memory; else one by one. Autodiff does not see into it: call it inside a custom gradient. Compiling takes some tenths of a second for each shape of what goes in, once.
 * @param large whether the tensors are so large that compiling is worthwhile; if not, nothing is fused.
 */
export function fused<Name extends string>(large: boolean, run: () => Record<Name, tf.Tensor>): Record<Name, tf.Tensor> {
  if (!large || current === null) return run();
  let names: string[] = [];
  const tensors = current(() => {
    const results = run();
    names = Object.keys(results);
    return Object.values<tf.Tensor>(results);
  });
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]])) as Record<Name, tf.Tensor>;
}

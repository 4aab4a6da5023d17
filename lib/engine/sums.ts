/**
 * Sums that need no pass over memory of their own: the operation that reads a sum with a bias adds the bias itself, and so does a sum with what
 * is added besides. What then reads nothing of the sum leaves it out, as TensorFlow runs only what is asked for.
 */

/** Which input of an operation may be such a sum, and which is then its bias. */
const READERS: Readonly<Record<string, { sum: number; bias: number }>> = { D90Gelu: { sum: 0, bias: 1 }, D90GeluGradient: { sum: 1, bias: 2 } };

/** Where D90AddBias takes what is added besides. */
const RESIDUAL = 2;

export interface Sums {
  /** What `op` reads in place of `sources`. */
  read(op: string, sources: string[]): string[];
  /** In place of a sum of two tensors of one shape: the inputs of a D90AddBias that does both; nothing where neither is a sum with a bias. */
  both(sources: readonly string[]): string[] | undefined;
  /** Notes that `node` is a D90AddBias of `inputs`, with nothing added besides. */
  note(node: string, inputs: string[]): void;
  /** Notes that `node` is `source`, shape and all. */
  same(node: string, source: string): void;
}

/** For one graph. */
export function sums(): Sums {
  const known = new Map<string, string[]>();
  return {
    note: (node, inputs) => { known.set(node, inputs); },
    same(node, source) {
      const inputs = known.get(source);
      if (inputs !== undefined) known.set(node, inputs);
    },
    read(op, sources) {
      const reader = READERS[op], sum = reader && known.get(sources[reader.sum] ?? "");
      if (reader === undefined || sum === undefined) return sources;
      return sources.map((source, i) => (i === reader.sum ? sum[0]! : i === reader.bias ? sum[1]! : source));
    },
    both(sources) {
      for (const [sum, other] of [sources, sources.toReversed()] as [string, string][]) {
        const inputs = known.get(sum);
        if (inputs !== undefined && sum !== other) return inputs.with(RESIDUAL, other);
      }
      return undefined;
    },
  };
}

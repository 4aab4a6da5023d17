/**
 * Sums that need no pass over memory of their own: the operation that reads a sum with a bias adds the bias itself, and so does a sum with what
 * is added besides. What then reads nothing of the sum leaves it out, as TensorFlow runs only what is asked for.
 */

/** Which inputs of an operation may be such sums, each with the input that is then its bias. */
const READERS: Readonly<Record<string, readonly { sum: number; bias: number }[]>> = {
  D90Gelu: [{ sum: 0, bias: 1 }], D90GeluGradient: [{ sum: 1, bias: 2 }],
  D90Attention: [{ sum: 0, bias: 7 }, { sum: 1, bias: 8 }, { sum: 2, bias: 9 }],
  D90AttentionGradient: [{ sum: 1, bias: 8 }, { sum: 2, bias: 9 }, { sum: 3, bias: 10 }],
};

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
      return (READERS[op] ?? []).reduce((given, reader) => {
        const [sum, bias] = known.get(sources[reader.sum] ?? "") ?? [];
        return sum === undefined || bias === undefined ? given : given.with(reader.sum, sum).with(reader.bias, bias);
      }, sources);
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

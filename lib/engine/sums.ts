/**
 * Sums that need no pass over memory of their own: the operation that reads one reads what it is a sum of. A bias is added by what reads the sum with
 * it, or with what is added besides; parts of a gradient by the gradient of a layer norm; and of a table's gradient, which is a sum for each row that
 * was looked up, an update reads what was looked up. What then reads nothing of the sum leaves it out, as TensorFlow runs only what is asked for.
 */

/** Which inputs of an operation may be sums with a bias, each with the input that is then its bias. */
const OF_BIAS: Readonly<Record<string, readonly { sum: number; bias: number }[]>> = {
  D90Gelu: [{ sum: 0, bias: 1 }], D90GeluGradient: [{ sum: 1, bias: 2 }], D90GeluTanh: [{ sum: 0, bias: 1 }], D90GeluTanhGradient: [{ sum: 1, bias: 2 }], D90Rotate: [{ sum: 0, bias: 4 }],
  D90Attention: [{ sum: 0, bias: 7 }, { sum: 1, bias: 8 }, { sum: 2, bias: 9 }],
  D90AttentionGradient: [{ sum: 1, bias: 8 }, { sum: 2, bias: 9 }, { sum: 3, bias: 10 }],
};

/** Which input may be a sum of parts, and the inputs for those after the first. */
const OF_PARTS: Readonly<Record<string, { sum: number; others: readonly number[] }>> = { D90LayerNormGradient: { sum: 0, others: [4, 5, 6] } };
const MOST_PARTS = 1 + Math.min(...Object.values(OF_PARTS).map(({ others }) => others.length));

/** Which input may be a table's gradient, and the input for the rows that were looked up. */
const OF_ROWS: Readonly<Record<string, { sum: number; ids: number }>> = { D90SquareSum: { sum: 0, ids: 1 }, D90AdamW: { sum: 1, ids: 6 } };

/** Where D90AddBias takes what is added besides. */
const RESIDUAL = 2;

export interface Sums {
  /** What `op` reads in place of `sources`. */
  read(op: string, sources: string[]): string[];
  /** In place of a sum of two tensors of one shape: the inputs of a D90AddBias that does both; nothing where neither is a sum with a bias. */
  both(sources: readonly string[]): string[] | undefined;
  /** Notes that `op` made `node` of `inputs`: of "Add" only where they have one shape, of "UnsortedSegmentSum" where they are a matrix's rows. */
  note(op: string, node: string, inputs: string[]): void;
  /** Notes that `node` is `source`, shape and all. */
  same(node: string, source: string): void;
}

/** For one graph. */
export function sums(): Sums {
  const biased = new Map<string, string[]>();
  const parts = new Map<string, string[]>();
  const rows = new Map<string, string[]>();

  const withBiases = (op: string, sources: string[]): string[] => (OF_BIAS[op] ?? []).reduce((given, reader) => {
    const [sum, bias] = biased.get(sources[reader.sum] ?? "") ?? [];
    return sum === undefined || bias === undefined ? given : given.with(reader.sum, sum).with(reader.bias, bias);
  }, sources);

  function inParts(op: string, sources: string[]): string[] {
    const reader = OF_PARTS[op], [first, ...others] = parts.get(sources[reader?.sum ?? -1] ?? "") ?? [];
    if (reader === undefined || first === undefined) return sources;
    return others.reduce((given, part, i) => given.with(reader.others[i]!, part), sources.with(reader.sum, first));
  }

  function byRow(op: string, sources: string[]): string[] {
    const reader = OF_ROWS[op], [of, ids] = rows.get(sources[reader?.sum ?? -1] ?? "") ?? [];
    return reader === undefined || of === undefined || ids === undefined ? sources : sources.with(reader.sum, of).with(reader.ids, ids);
  }

  return {
    note(op, node, inputs) {
      if (op === "D90AddBias") biased.set(node, inputs);
      const added = op === "Add" ? inputs.flatMap((input) => parts.get(input) ?? [input]) : [];
      if (added.length > 0 && added.length <= MOST_PARTS) parts.set(node, added);
      if (op === "UnsortedSegmentSum") rows.set(node, inputs);
    },
    same(node, source) {
      for (const known of [biased, parts, rows]) {
        const inputs = known.get(source);
        if (inputs !== undefined) known.set(node, inputs);
      }
    },
    read: (op, sources) => byRow(op, inParts(op, withBiases(op, sources))),
    both(sources) {
      for (const [sum, other] of [sources, sources.toReversed()] as [string, string][]) {
        const inputs = biased.get(sum);
        if (inputs !== undefined && sum !== other) return inputs.with(RESIDUAL, other);
      }
      return undefined;
    },
  };
}

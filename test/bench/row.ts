/** A row of a report: what was measured, beside whom, and what it should be. */

export interface Row {
  name: string;
  unit: "ms" | "rows/s" | "tokens/s" | "MB" | "nats" | "tensors";
  /** Medians over the rounds. */
  ours: number;
  peer: number | null;
  /** Whom `peer` is about. */
  against: string | null;
  /** Ours / peer, of time or memory: the median over the rounds, or of what was measured once. */
  ratio: number | null;
  /** The most that the ratio, or `ours` where there is no peer, should be; null: the row informs. */
  target: number | null;
  /** Whether the target is one that a release keeps; else it is an aim. */
  required: boolean;
  ok: boolean | null;
}

export interface Goal {
  /** What a release keeps. */
  target?: number;
  /** What would be good. */
  aim?: number;
}

/** The row with its goal, and whether it is met. */
export function toRow(row: Pick<Row, "name" | "unit" | "ours" | "peer" | "against" | "ratio">, { target, aim }: Goal): Row {
  const limit = target ?? aim ?? null;
  return { ...row, target: limit, required: target !== undefined, ok: limit === null ? null : (row.ratio ?? row.ours) <= limit };
}

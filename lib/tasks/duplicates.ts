/** Rows that are in both splits: what is learned by heart then counts as understood. */
import type { Example, Splits } from "./task.js";

/** What the splits share. */
export interface Overlap {
  /** Dev rows whose texts are those of a training row; case and white space do not count. */
  dev: number;
  /** Those among them that no training row of the same texts gives the same label. */
  otherLabel: number;
  /** Training rows whose texts are those of a dev row. */
  train: number;
}

/** The texts of a row as they are compared. */
const textsOf = ({ text, text2 = "" }: Example): string =>
  [text, text2].map((part) => part.normalize("NFC").toLowerCase().replaceAll(/\s+/g, " ").trim()).join("\u0000");

/** Counts the rows that the splits share; O(rows). */
export function overlapOf({ train, dev }: Splits): Overlap {
  const labels = new Map<string, Set<number>>();
  for (const example of train) {
    const texts = textsOf(example);
    labels.set(texts, (labels.get(texts) ?? new Set()).add(example.label));
  }
  const shared = dev.filter((example) => labels.has(textsOf(example)));
  const held = new Set(shared.map(textsOf));
  return {
    dev: shared.length,
    otherLabel: shared.filter((example) => !labels.get(textsOf(example))!.has(example.label)).length,
    train: held.size === 0 ? 0 : train.filter((example) => held.has(textsOf(example))).length,
  };
}

/** The splits without the training rows whose texts are those of a dev row: what is measured on stays as it is. */
export function withoutOverlap({ train, dev }: Splits): Splits {
  const held = new Set(dev.map(textsOf));
  return { train: train.filter((example) => !held.has(textsOf(example))), dev };
}

/** The overlap in a sentence; null where there is none. */
export function overlapInWords({ dev: rows, otherLabel }: Overlap, { dev }: Splits): string | null {
  if (rows === 0) return null;
  const share = `${rows.toLocaleString("en-US")} of ${dev.length.toLocaleString("en-US")} dev rows (${((100 * rows) / dev.length).toFixed(1)} %)`;
  const others = otherLabel === 0 ? "" : `, ${otherLabel} of them with another label`;
  return `${share} have the texts of a training row${others}: what is learned by heart counts there. --drop-duplicates leaves those training rows out.`;
}

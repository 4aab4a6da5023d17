/** What a search for a bound chose among: fewer numbers or bits make a smaller file, and more errors. */
import type { TopLevelSpec } from "vega-lite";
import type { BoundRecord } from "../records/boundRecord.js";
import { boundCurves, type BoundPoint } from "./boundCurves.js";
import { formatCount } from "./scales.js";
import { light, type Palette } from "./theme.js";

/** The tightest record of each d, by d. */
function tightestByDimension(records: readonly BoundRecord[]): { d: number; record: BoundRecord }[] {
  const best = new Map<number, BoundRecord>();
  for (const record of records) {
    const d = record.configuration.d ?? 0, known = best.get(d);
    if (known === undefined || record.bounds[0]!.value < known.bounds[0]!.value) best.set(d, record);
  }
  return [...best].map(([d, record]) => ({ d, record })).sort((a, b) => a.d - b.d);
}

const line = (name: string, points: readonly (readonly [x: number, value: number])[]): BoundPoint[] => points.map(([x, value]) => ({ name, x, value }));

/** Each d's certificate and what was measured. */
function byDimension(records: readonly BoundRecord[]): BoundPoint[] {
  const each = tightestByDimension(records);
  return [
    ...line("certified", each.map(({ d, record }) => [d, record.bounds[0]!.value])),
    ...line("errors on the rows", each.map(({ d, record }) => [d, record.errors.train])),
    ...line("errors on dev", each.map(({ d, record }) => [d, record.errors.dev])),
  ];
}

/** Each number of levels of one d, on the rows that they were chosen with. */
function byBits({ candidates }: BoundRecord): BoundPoint[] {
  const each = [...candidates].sort((a, b) => a.chargedBits - b.chargedBits);
  return [
    ...line("bound if so on all rows", each.map(({ chargedBits, value }) => [chargedBits, value])),
    ...line("errors on them", each.map(({ chargedBits, error }) => [chargedBits, error])),
  ];
}

/**
 * Bounds and errors against d, where the records are of several, and else against the bits of the candidates' files.
 * @throws {RangeError} without records, or when they are of different models or rows.
 */
export function boundTradeOff(records: readonly BoundRecord[], palette: Palette = light): TopLevelSpec {
  const [first] = records;
  if (first === undefined) throw new RangeError("boundTradeOff: records must be some, got 0.");
  const about = ({ configuration: { model, method, task }, rows }: BoundRecord): string => `${method} of ${model.id} on ${task.name}, ${rows} rows`;
  const other = records.find((record) => about(record) !== about(first));
  if (other !== undefined) throw new RangeError(`boundTradeOff: records must be of one method, model and rows, got ${about(first)} and ${about(other)}.`);
  const { configuration: { model, method, seeds, d }, dataSource, rows, candidates, chance } = first;
  const several = new Set(records.map((record) => record.configuration.d)).size > 1;
  const subtitle = [`${dataSource} · ${formatCount(rows)} rows`, `${model.id} · ${method.toUpperCase()}${several ? "" : `, d ${formatCount(d ?? 0)}`} · seed ${seeds.run}`];
  const sample = `on ${formatCount(candidates[0]?.rows ?? 0)} of the rows`;
  return boundCurves(several ? byDimension(records) : byBits(first), {
    title: several ? "Certified error against d" : `Levels of z: bits against errors, measured ${sample}`, about: subtitle, chance, vertical: "Share of errors",
    axis: several ? "d: numbers that are learned (log scale)" : "Bits of the file that are charged (log scale)",
  }, palette);
}

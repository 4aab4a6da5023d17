/**
 * y [Q] over all of theta, and back: weight i is T_i y_(i mod Q). Pure functions of tensors, the same for every d and seed, so
 * that one compiled step serves all trials.
 */
import * as tf from "@tensorflow/tfjs-core";
import { negatedWhere, operations } from "../engine/index.js";
import type { NamedTensors } from "../support/tensors.js";
import { sumRows } from "./hadamard-tensors.js";
import { runsOf, type Layout, type Place, type Run } from "./layout.js";
import type { TableRows } from "./tensor-projection.js";

export interface SpreadOptions {
  layout: Layout;
  /** Q. */
  period: number;
}

/** Periods that are spread or folded at a time: what is between fits a cache, and gradients are freed as they are folded. */
const PERIODS_A_RUN = 8;

/** The layout's runs without the table of which only rows are wanted. */
const runsBeside = ({ layout, period }: SpreadOptions, table?: TableRows): Run[] =>
  runsOf(layout.places.filter(({ name }) => name !== table?.name), PERIODS_A_RUN * period);

/** The rows of T over which `run` lies, true for -1; its first weight is number `lead` in them. */
function signsOf(T: tf.Tensor, run: Run, period: number): { signs: tf.Tensor2D; lead: number; scalars: number } {
  const first = Math.floor(run.offset / period), count = Math.ceil((run.offset + run.size) / period) - first;
  const signs = count === T.shape[0] ? T as tf.Tensor2D : tf.slice(T as tf.Tensor2D, [first, 0], [count, period]);
  return { signs, lead: run.offset - first * period, scalars: count * period };
}

/**
 * Every weight's change, by name, times its group's scale where `scales` [m] are given; of `table` the rows `ids` alone, [n, width].
 * @param inputs T bool [ceil(D / Q), Q], true for -1, y [Q], and scales [m] or none. @param start what the changes are added to, if given.
 */
export function spreadPeriods(options: SpreadOptions, inputs: NamedTensors, table?: TableRows, start?: NamedTensors): NamedTensors {
  const { period } = options, { T, scales } = inputs, y = inputs["y"] as tf.Tensor1D, own = operations();
  if (T === undefined) throw new Error("spreadPeriods: T must be among the inputs.");
  const scaleOf = (group: number): tf.Tensor => scales === undefined ? tf.scalar(1) : tf.slice(scales as tf.Tensor1D, [group], [1]);
  const scaled = (group: number): tf.Tensor1D => scales === undefined ? y : tf.mul(y, scaleOf(group));
  const atOnce = own !== null && start !== undefined;
  const pieces = runsBeside(options, table).map((run): NamedTensors => {
    if (atOnce) return Object.fromEntries(run.places.map(({ name, group, offset }) => [name, own.spread(start[name]!, T, y, scaleOf(group), offset)]));
    const { signs, lead, scalars } = signsOf(T, run, period);
    const flat = tf.reshape(negatedWhere(signs, scaled(run.group)), [scalars]);
    return Object.fromEntries(run.places.map(({ name, shape, size, offset }) =>
      [name, tf.reshape(tf.slice(flat, [lead + offset - run.offset], [size]), shape)]));
  });
  if (table !== undefined) {
    const { place, signs, slots, unit } = rowsOfTable(options, T, table);
    const values = tf.gather(tf.reshape(scaled(place.group), [period / unit, unit]), slots);
    pieces.push({ [table.name]: negatedWhere(signs, tf.reshape(values, signs.shape)) });
  }
  const changes = Object.assign({}, ...pieces) as NamedTensors;
  if (start === undefined) return changes;
  return Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, atOnce && name !== table?.name ? change : tf.add(start[name]!, change)]));
}

/**
 * For each group, [m, Q]: its gradients times their signs T, summed over the periods; of `table` the gradients are those of its rows.
 */
export function foldPeriods(options: SpreadOptions, { T, gradients }: { T: tf.Tensor; gradients: NamedTensors }, table?: TableRows): tf.Tensor2D {
  const { layout, period } = options;
  const folds: tf.Tensor1D[][] = layout.groups.map(() => []);
  const own = operations();
  for (const run of runsBeside(options, table)) {
    const fold = own === null ? foldRun(signsOf(T, run, period), run, gradients)
      : own.fold(run.places.map(({ name, offset }) => ({ gradient: gradients[name]!, offset })), T, period);
    folds[run.group]!.push(fold);
  }
  if (table !== undefined) {
    const { place, signs, slots, unit } = rowsOfTable(options, T, table);
    const signed = tf.reshape(negatedWhere(signs, gradients[table.name]!), [slots.size, unit]);
    folds[place.group]!.push(tf.reshape(tf.unsortedSegmentSum(signed, slots, period / unit), [period]));
  }
  return tf.stack(folds.map((ofGroup) => tf.addN(ofGroup))) as tf.Tensor2D;
}

function foldRun({ signs, lead, scalars }: ReturnType<typeof signsOf>, run: Run, gradients: NamedTensors): tf.Tensor1D {
  const pieces: tf.Tensor[] = run.places.map(({ name, size }) => tf.reshape(gradients[name]!, [size]));
  // Filled by an op: zeros made on the host would be kept by every recording of the step.
  if (lead > 0) pieces.unshift(tf.fill([lead], 0));
  if (lead + run.size < scalars) pieces.push(tf.fill([scalars - lead - run.size], 0));
  const whole = tf.tidy(() => tf.reshape(pieces.length === 1 ? pieces[0]! : tf.concat(pieces), signs.shape));
  const signed = negatedWhere(signs, whole) as tf.Tensor2D;
  whole.dispose(); // now, not when the caller's tidy ends: both are as large as the run
  const sum = sumRows(signed);
  signed.dispose();
  return sum;
}

/**
 * Where the rows `ids` of a table lie in y, as whole pieces of `unit` values: a gather of rows, where one of scalars would take
 * longer than the rest of the step. A row of `width` weights begins at offset + id width, a multiple of `unit`, of which y has Q / unit.
 */
function rowsOfTable({ layout, period }: SpreadOptions, T: tf.Tensor, { name, ids }: TableRows) {
  const place = layout.places.find((one): one is Place => one.name === name);
  if (place === undefined) throw new Error(`rowsOfTable: ${name} must be a tensor of the projection.`);
  const [rows = 0, width = 0] = place.shape;
  const unit = commonPower([period, width, place.offset]), slotsARow = width / unit;
  const signs = tf.gather(tf.reshape(tf.slice(tf.reshape(T, [T.size]), [place.offset], [place.size]), [rows, width]), ids);
  const [perRow, start, end] = [slotsARow, place.offset / unit, period / unit].map((number) => tf.scalar(number, "int32"));
  const first = tf.add(tf.mul(tf.reshape(ids, [-1, 1]), perRow!), start!);
  const slots = tf.mod(tf.add(first, tf.range(0, slotsARow, 1, "int32")), end!);
  return { place, signs, unit, slots: tf.reshape(slots, [-1]) as tf.Tensor1D };
}

/** The largest power of two that divides all of `numbers`, of which one is not 0. */
function commonPower(numbers: readonly number[]): number {
  let power = 1;
  while (numbers.every((number) => number % (2 * power) === 0)) power *= 2;
  return power;
}

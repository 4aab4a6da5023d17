/** From numbers to few levels: evenly spaced, or a codebook learned by k-means. */
import { requireInteger, shown } from "../../support/checks.js";
import { fromBfloat, roundToBfloat, toBfloat } from "./bfloat.js";

export type QuantiserName = "uniform" | "codebook";
export const quantiserNames: readonly QuantiserName[] = ["uniform", "codebook"];

/** A few values, ascending, each a bfloat16: what quantised numbers can be. */
export interface Codebook {
  quantiser: QuantiserName;
  values: Float32Array;
}

/** Largest number of levels: an index is a byte. */
export const maxLevels = 256;

/** Numbers as indices into a codebook. */
export interface Quantised {
  codebook: Codebook;
  indices: Uint8Array;
}

/** Evenly spaced levels around 0, `step` (rounded to bfloat16) apart: -1.5, -0.5, 0.5, 1.5 steps for 4. */
export function uniformCodebook(step: number, levels: number): Codebook {
  const width = roundToBfloat(step);
  const largest = fromBfloat(0x7f7f);
  const value = (i: number): number => Math.max(-largest, Math.min(largest, (i - (levels - 1) / 2) * width));
  return { quantiser: "uniform", values: Float32Array.from({ length: levels }, (_unused, i) => value(i)) };
}

/**
 * The codebook that suits `values`: the step, or the centroids, with the least squared error found.
 * @param options.levels 2 to 256. @throws {RangeError} for a number that is not finite.
 */
export function fitCodebook(values: Float32Array, { quantiser, levels }: { quantiser: QuantiserName; levels: number }): Codebook {
  requireInteger("fitCodebook", "levels", levels, 2, maxLevels);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw new RangeError(`fitCodebook: values must be finite, got ${shown(values[wrong])} at ${wrong}.`);
  return quantiser === "uniform" ? bestUniform(values, levels) : kMeans(values, levels);
}

/** The best step of 64 up to the one that reaches the largest number. */
function bestUniform(values: Float32Array, levels: number): Codebook {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const steps = Array.from({ length: 64 }, (_unused, i) => uniformCodebook((largest * (i + 1)) / 64 / ((levels - 1) / 2), levels));
  const errors = steps.map((codebook) => squaredError(values, codebook));
  return steps[errors.indexOf(Math.min(...errors))] ?? uniformCodebook(0, levels);
}

/** Sum of squares of what quantisation changes. */
export function squaredError(values: Float32Array, codebook: Codebook): number {
  return values.reduce((sum, value) => sum + (value - codebook.values[nearest(codebook.values, value)]) ** 2, 0);
}

/** Lloyd's algorithm from the quantiles, deterministic; at most 100 rounds. */
function kMeans(values: Float32Array, levels: number): Codebook {
  const sorted = Float32Array.from(values).sort();
  const quantile = (i: number): number => sorted[Math.floor(((i + 0.5) * sorted.length) / levels)] ?? 0;
  let centroids = Float64Array.from({ length: levels }, (_unused, i) => quantile(i));
  for (let round = 0; round < 100; round++) {
    const next = clusterMeans(sorted, centroids);
    if (next.every((value, i) => value === centroids[i])) break;
    centroids = next;
  }
  return { quantiser: "codebook", values: Float32Array.from(centroids, roundToBfloat).sort() };
}

/** The mean of the numbers nearest to each centroid; a centroid without any stays. */
function clusterMeans(sorted: Float32Array, centroids: Float64Array): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(centroids.length), counts = new Uint32Array(centroids.length);
  for (const value of sorted) {
    const i = nearest(centroids, value);
    sums[i] += value;
    counts[i]++;
  }
  return Float64Array.from(centroids, (old, i) => (counts[i] > 0 ? sums[i] / counts[i] : old)).sort();
}

/** Index of the nearest of ascending `values`; the lower one of two equally near. */
function nearest(values: ArrayLike<number>, value: number): number {
  let low = 0, high = values.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= (values[middle] + values[middle + 1]) / 2) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Each number's nearest level. */
export const quantise = (values: Float32Array, codebook: Codebook): Quantised =>
  ({ codebook, indices: Uint8Array.from(values, (value) => nearest(codebook.values, value)) });

/** The numbers that the indices stand for. */
export const dequantise = ({ codebook, indices }: Quantised): Float32Array => Float32Array.from(indices, (i) => codebook.values[i]);

/** A codebook's stored numbers, in bits of bfloat16: the step alone where it is uniform. */
export function storedNumbers({ quantiser, values }: Codebook): number[] {
  return quantiser === "uniform" ? [toBfloat(stepOf(values))] : Array.from(values, toBfloat);
}

/** The distance of neighbours; of the two in the middle, which nothing has cut off. */
function stepOf(values: Float32Array): number {
  const middle = values.length >>> 1;
  return values[middle] - values[middle - 1];
}

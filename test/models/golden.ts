/** Reads what test/oracles/bert.py wrote, and measures how far gradients are from it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs-core";
import { readSafetensors, type HostTensor } from "../../lib/models/safetensors.js";
import { projectRoot } from "../../lib/support/root.js";
import type { NamedTensors } from "../../lib/support/tensors.js";

export type Golden = Record<string, HostTensor>;

/** Path of a file in test/oracles. */
export const oraclePath = (name: string): string => join(projectRoot, "test", "oracles", name);

/** The tensors of a golden file whose names start with `prefix`, without it. */
export async function readGolden(name: string, prefix = ""): Promise<Golden> {
  const { tensors } = await readSafetensors(oraclePath(name));
  return Object.fromEntries(Object.entries(tensors).filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]));
}

export const floats = (golden: Golden, name: string): Float32Array => {
  const found = golden[name];
  assert.ok(found, `no golden value ${name}`);
  return found.values;
};

/** Largest absolute difference. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.equal(actual.length, expected.length);
  let largest = 0;
  for (let i = 0; i < actual.length; i++) largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!));
  return largest;
}

/** ||actual - expected||, in float64. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.equal(actual.length, expected.length);
  let sum = 0;
  for (let i = 0; i < actual.length; i++) sum += (actual[i]! - expected[i]!) ** 2;
  return Math.sqrt(sum);
}

const norm = (values: ArrayLike<number>): number => distance(values, new Float64Array(values.length));

/** Inner products with 16 sign vectors: entry i of vector j is -1 where bit j of lowbias32(i + 1) is set; as in bert.py. */
function projections(values: Float32Array): Float64Array {
  const sums = new Float64Array(16);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === 0) continue;
    let word = Math.imul((i + 1) ^ ((i + 1) >>> 16), 0x7feb352d);
    word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
    word ^= word >>> 16;
    for (let j = 0; j < 16; j++) sums[j]! += word >>> j & 1 ? -value : value;
  }
  return sums;
}

/** The golden gradient's L2 norm. */
const goldenNorm = (golden: Golden, name: string): number =>
  golden[`norm/${name}`] === undefined ? norm(floats(golden, `gradient/${name}`)) : floats(golden, `norm/${name}`)[0]!;

/** ||actual - expected||, exact where the golden gradient is whole, else the root mean square over 16 random signs, which estimates it. */
function gradientDistance(golden: Golden, name: string, gradient: Float32Array): number {
  if (golden[`gradient/${name}`] !== undefined) return distance(gradient, floats(golden, `gradient/${name}`));
  const samples = Float32Array.from({ length: 64 }, (_, i) => gradient[Math.floor(i * gradient.length / 64)]!);
  const bySigns = distance(projections(gradient), floats(golden, `projections/${name}`)) / 4;
  return Math.max(bySigns, distance(samples, floats(golden, `samples/${name}`)));
}

/**
 * Asserts that every gradient is within `tolerance` of the golden one: ||actual - expected|| / ||expected|| per tensor.
 * A key's bias adds the same to all scores of a query, so its gradient is zero in exact arithmetic and rounding noise in both:
 * it is measured against the norm of all gradients together.
 */
export function assertGradients(golden: Golden, gradients: NamedTensors, tolerance: number): void {
  const all = norm(Object.keys(gradients).map((name) => goldenNorm(golden, name)));
  for (const [name, gradient] of Object.entries(gradients)) {
    const scale = /\.(key|k_lin|attn\.k)\.bias$/.test(name) ? all : goldenNorm(golden, name);
    const error = gradientDistance(golden, name, (gradient as tf.Tensor).dataSync() as Float32Array) / scale;
    assert.ok(error <= tolerance, `gradient of ${name}: relative error ${error}, more than ${tolerance}`);
  }
}

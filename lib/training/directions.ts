/**
 * A subspace that is learned instead of drawn: the principal directions of the path that a full fine-tuning takes through theta.
 * Snapshots of theta - theta0, evenly spaced, are the rows of S [K, D]; the top directions are the right singular vectors of S,
 * found through its small Gram matrix: S S^T = U L U^T gives V = L^(-1/2) U^T S. Not centred, so that theta0 lies in the span.
 * Li, Tan, Huang et al. 2021 (arXiv 2103.11154); Zhang, Liu, Shao 2023 (arXiv 2305.17446).
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openSafetensors, readSafetensors, writeSafetensors, type HostTensor } from "../models/safetensors.js";
import type { LearnedRecord } from "../records/record.js";
import type { RunStore } from "../records/store.js";
import { UsageError } from "../support/checks.js";
import { symmetricEigen } from "../support/eigen.js";
import type { NamedTensors } from "../support/tensors.js";
import { deviceTensors, hostTensors } from "./checkpoint.js";
import type { TrainOptions } from "./train.js";

type Host = Record<string, HostTensor>;

/** What is known of learned directions, beside themselves. */
export interface DirectionsInfo {
  /** Id of the full fine-tuning they come from. */
  run: string;
  /** How many directions there are: fewer than snapshots where these lie in a smaller space. */
  count: number;
  /** Each direction's share of the snapshots' sum of squares, largest first. */
  shares: number[];
  /** How far that fine-tuning went: the norm of theta - theta0 at its end. */
  reach: number;
  /** Seconds that finding the directions took, after the fine-tuning. */
  seconds: number;
}

const snapshotPath = (folder: string, index: number): string => join(folder, "snapshots", `${index}.safetensors`);
const directionsPath = (store: RunStore, { run, snapshots }: LearnedRecord): string =>
  join(store.folderOf(run), `directions-${snapshots}.safetensors`);

/** Follows a full fine-tuning: writes theta to `folder` after each K-th part of its updates. A resumed run writes the rest. */
export function takeSnapshots(folder: string, snapshots: number): NonNullable<TrainOptions["onUpdate"]> {
  return async ({ step, trainable }, steps) => {
    for (let k = 0; k < snapshots; k++) {
      if (Math.ceil((steps * (k + 1)) / snapshots) === step) await writeSafetensors(snapshotPath(folder, k), hostTensors(trainable), { step: String(step) });
    }
  };
}

/** Directions that were learned before; null where there are none. */
export async function directionsInfo(store: RunStore, learned: LearnedRecord): Promise<DirectionsInfo | null> {
  const path = directionsPath(store, learned);
  if (!existsSync(path)) return null;
  const { metadata, close } = await openSafetensors(path);
  await close();
  return JSON.parse(metadata.info!) as DirectionsInfo;
}

/**
 * The directions of a configuration, [K, ...shape] by parameter, owned by the caller; undefined where it has no learned ones.
 * @throws {UsageError} if they are not in the store any more.
 */
export async function directionsOf(store: RunStore, learned: LearnedRecord | undefined): Promise<NamedTensors | undefined> {
  if (learned === undefined) return undefined;
  const path = directionsPath(store, learned);
  if (existsSync(path)) return deviceTensors((await readSafetensors(path)).tensors);
  throw new UsageError(`learned: ${path} is not there: the directions were deleted. Train once with \`d90 train --method learned\`, which learns them again.`);
}

/** Finds the directions of the snapshots in the run's folder, keeps them there and deletes the snapshots. `theta0` is borrowed. */
export async function learnDirections(store: RunStore, learned: LearnedRecord, theta0: NamedTensors): Promise<DirectionsInfo> {
  const began = performance.now(), { run, snapshots } = learned, folder = store.folderOf(run);
  const start = hostTensors(theta0);
  const rows: Host[] = [];
  for (let k = 0; k < snapshots; k++) rows.push(moved((await readSafetensors(snapshotPath(folder, k))).tensors, start));
  const { directions, shares, reach } = principalDirections(rows);
  const info: DirectionsInfo = { run, count: shares.length, shares, reach, seconds: (performance.now() - began) / 1000 };
  await writeSafetensors(directionsPath(store, learned), directions, { info: JSON.stringify(info) });
  await rm(join(folder, "snapshots"), { recursive: true });
  return info;
}

/** theta - theta0, in place of theta. */
function moved(theta: Host, start: Host): Host {
  for (const [name, { values }] of Object.entries(theta)) {
    const from = start[name]!.values;
    for (let i = 0; i < values.length; i++) values[i]! -= from[i]!;
  }
  return theta;
}

/** Directions whose share of the sum of squares is below this are rounding. */
const NEGLIGIBLE = 1e-10;

/**
 * The principal directions of `rows`, which are moves of theta; orthonormal over all of theta, and of the sign with which the last
 * row lies on their positive side.
 */
export function principalDirections(rows: readonly Host[]): { directions: Host; shares: number[]; reach: number } {
  const gram = gramOf(rows), { values, vectors } = symmetricEigen(gram);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const kept = values.flatMap((value, j) => (value > NEGLIGIBLE * total ? [{ value, vector: vectors[j]! }] : []));
  const weights = kept.map(({ value, vector }) => {
    const sign = vector.at(-1)! < 0 ? -1 : 1;
    return vector.map((weight) => (sign * weight) / Math.sqrt(value));
  });
  const directions = Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, { shape }]) =>
    [name, { shape: [kept.length, ...shape], values: combined(rows.map((row) => row[name]!.values), weights) }]));
  return { directions, shares: kept.map(({ value }) => value / total), reach: Math.sqrt(gram.at(-1)?.at(-1) ?? 0) };
}

/** S S^T, in double precision. */
function gramOf(rows: readonly Host[]): number[][] {
  const gram = rows.map(() => new Array<number>(rows.length).fill(0));
  for (const name of Object.keys(rows[0] ?? {})) {
    const values = rows.map((row) => row[name]!.values);
    for (let i = 0; i < rows.length; i++) {
      for (let j = i; j < rows.length; j++) gram[i]![j] = gram[j]![i]! + dot(values[i]!, values[j]!);
      for (let j = i; j < rows.length; j++) gram[j]![i] = gram[i]![j]!;
    }
  }
  return gram;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** The rows of weights times values: one direction after the other. */
function combined(values: readonly Float32Array[], weights: readonly number[][]): Float32Array {
  const size = values[0]?.length ?? 0, out = new Float32Array(weights.length * size), sum = new Float64Array(size);
  weights.forEach((row, j) => {
    sum.fill(0);
    row.forEach((weight, k) => {
      const from = values[k]!;
      for (let i = 0; i < size; i++) sum[i]! += weight * from[i]!;
    });
    out.set(sum, j * size);
  });
  return out;
}

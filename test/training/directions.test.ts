import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { openStore } from "../../lib/records/store.js";
import { learnedBasis } from "../../lib/search/learned.js";
import { trainOnce } from "../../lib/search/once.js";
import { gaussians } from "../../lib/support/random.js";
import { directionsOf, principalDirections } from "../../lib/training/directions.js";
import { worldSettings, withWorld } from "./world.js";

/** Rows as moves of two tensors of 6 and 3 numbers. */
const rowsOf = (rows: readonly Float32Array[]) => rows.map((row) =>
  ({ a: { shape: [2, 3], values: row.slice(0, 6) }, b: { shape: [3], values: row.slice(6) } }));
const flat = ({ a, b }: ReturnType<typeof rowsOf>[number], j: number): number[] =>
  [...a.values.slice(6 * j, 6 * j + 6), ...b.values.slice(3 * j, 3 * j + 3)];
const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);

test("the directions are orthonormal over all tensors, span the rows, and come by their share", () => {
  const rows = [1, 2, 3].map((seed) => gaussians(9, seed)), { directions, shares, reach } = principalDirections(rowsOf(rows));
  const found = directions as ReturnType<typeof rowsOf>[number], V = [0, 1, 2].map((j) => flat(found, j));
  assert.deepEqual([found.a.shape, found.b.shape], [[3, 2, 3], [3, 3]]);
  V.forEach((v, i) => V.forEach((w, j) => assert.ok(Math.abs(dot(v, w) - (i === j ? 1 : 0)) < 1e-6)));
  for (const row of rows) {
    const kept = V.reduce((sum, v) => sum + dot(v, [...row]) ** 2, 0);
    assert.ok(Math.abs(kept - dot([...row], [...row])) < 1e-5, "each row lies in their span");
  }
  assert.ok(shares[0]! > shares[1]! && shares[1]! > shares[2]! && Math.abs(shares.reduce((a, b) => a + b) - 1) < 1e-12);
  assert.ok(Math.abs(reach ** 2 - dot([...rows[2]!], [...rows[2]!])) < 1e-6);
  // The first direction is the one that no other beats.
  const caught = (v: readonly number[]): number => rows.reduce((sum, row) => sum + dot(v, [...row]) ** 2, 0);
  for (let seed = 10; seed < 30; seed++) {
    const other = [...gaussians(9, seed)], norm = Math.sqrt(dot(other, other));
    assert.ok(caught(other.map((value) => value / norm)) <= caught(V[0]!) + 1e-6);
  }
});

test("rows on one line have one direction, on the side of the last", () => {
  const row = gaussians(9, 4), { directions, shares } = principalDirections(rowsOf([row.map((x) => -x), row.map((x) => 3 * x)]));
  assert.deepEqual(shares.length, 1);
  const v = flat(directions as ReturnType<typeof rowsOf>[number], 0), norm = Math.hypot(...row);
  v.forEach((value, i) => assert.ok(Math.abs(value - row[i]! / norm) < 1e-6));
});

test("directions are learned by one full fine-tuning, kept, taken up, and stopped and resumed with the same bits", () => withWorld(async (session, folder) => {
  const settings = worldSettings({ directions: 5 }), of = (out: string) => ({ session, settings, preset: null, store: openStore(join(folder, out)) });
  const { learned, info } = await learnedBasis(of("whole"));
  assert.equal(info!.count, 5);
  const kept = readdirSync(join(folder, "whole", learned.run));
  assert.ok(kept.includes("directions-5.safetensors") && kept.includes("record.json") && !kept.includes("snapshots"), kept.join());
  let steps = 0;
  assert.deepEqual(await learnedBasis({ ...of("whole"), onProgress: () => { steps++; } }), { learned, info });
  assert.equal(steps, 0);
  for (let stops = 0; !existsSync(join(folder, "parts", learned.run, "directions-5.safetensors")); stops++) {
    const abort = new AbortController();
    let steps = 0;
    const { stopped } = await learnedBasis({ ...of("parts"), signal: abort.signal, onProgress: () => { if (++steps === 4) abort.abort(); } });
    assert.ok(stops < 100 && (stopped === undefined || stopped.outcome === "interrupted"));
  }
  const before = tf.memory().numTensors;
  const bits = await Promise.all(["whole", "parts"].map(async (out) => {
    const tensors = (await directionsOf(of(out).store, learned))!;
    const values = Object.values(tensors).map((tensor) => [...tensor.dataSync()]);
    Object.values(tensors).forEach((tensor) => tensor.dispose());
    return values;
  }));
  assert.deepEqual(bits[0], bits[1]);
  assert.equal(tf.memory().numTensors, before);
}));

test("a training in a learned subspace learns the directions first, says what they cost, and moves the loss", () => withWorld(async (session, folder) => {
  const options = { method: "learned" as const, out: join(folder, "runs"), settings: worldSettings({ directions: 5, epochs: 4, fullRates: [0.01] }) };
  const notes: string[] = [];
  const record = await trainOnce({ ...options, d: 2, onNote: (text) => notes.push(text) }, session);
  const { configuration: { budget, learned, d, kind }, losses } = record, D = session.records.model.parameters;
  assert.deepEqual([budget, d, kind], [{ counted: 2, free: 0, total: 2, basis: 2 * D }, 2, "subspace"]);
  assert.match(notes.join("\n"), new RegExp(`Learning directions: 5 snapshots of a full fine-tuning with seed 100 \\(run ${learned!.run}\\)`));
  assert.ok(losses.at(-1)!.loss! < losses[0]!.loss!, `${losses[0]!.loss} to ${losses.at(-1)!.loss}`);
  await assert.rejects(trainOnce({ ...options, d: 6 }, session), /d must be an integer in \[1, 5\], got 6/);
}));

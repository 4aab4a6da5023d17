/** The project's own operations in processes of their own: other threads, other processors' kernels, bfloat16. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { engineInfo, hasBf16, hasBf16Pairs, startEngine } from "../../lib/engine/index.js";
import { hasOperations } from "../../lib/engine/start.js";

before(async () => { await startEngine(); });
const skip = (): boolean => engineInfo().mode !== "recorded" || !hasOperations();

/** A script that prints `expression` of a step's results with `options` of the engine. */
async function elsewhere(options: object, step: string, { env = {}, flags = [] }: { env?: Record<string, string>; flags?: string[] } = {}): Promise<unknown> {
  const from = (path: string): string => JSON.stringify(import.meta.resolve(path));
  const script = `
    import { compileStep, startEngine } from ${from("../../lib/engine/index.js")};
    import { record } from ${from("../../lib/engine/record.js")};
    import { tensorflowBackend } from ${from("../../lib/engine/start.js")};
    import { gelu, layerNorm, linear } from ${from("../../lib/models/ops.js")};
    import { attend } from ${from("../../lib/models/attention.js")};
    import { dropper } from ${from("../../lib/models/dropout.js")};
    import * as tf from ${from("@tensorflow/tfjs-core")};
    await startEngine(${JSON.stringify(options)});
    const normal = (shape, seed) => tf.randomNormal(shape, 0, 1, "float32", seed);
    const inputs = { x: normal([640, 256], 1), w: tf.mul(normal([256, 256], 2), 1 / 16), b: normal([256], 3), g: normal([256], 4) };
    const bias = tf.zeros([10, 1, 1, 64]);
    const layer = ({ x, w, b, g }) => {
      const y = layerNorm(x, g, b, 1e-12); // whose gradient is a sum of three
      const attended = attend({ drop: dropper(), batchSize: 10, config: { attentionDropout: 0 } },
        { of: [linear(y, w, b), linear(y, w, g), linear(y, w, b)], scale: 1 / 16, heads: 8, bias });
      return linear(layerNorm(gelu(linear(attended, w, b)), g, b, 1e-12), w, b);
    };
    const step = (given) => {
      const names = Object.keys(given), { value, grads } = tf.valueAndGrads((...of) => tf.mean(tf.square(layer(Object.fromEntries(names.map((name, i) => [name, of[i]]))))))(Object.values(given));
      return { value, ...Object.fromEntries(names.map((name, i) => [name, grads[i]])) };
    };
    ${step}`;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, "--input-type=module", "-e", script], { env: { ...process.env, ...env } });
  return JSON.parse(stdout);
}

test("results do not depend on the number of threads, but where TensorFlow's own products do", async (t) => {
  if (skip()) return t.skip("no operations here");
  const only = `
    const { operations } = await import(${JSON.stringify(import.meta.resolve("../../lib/engine/operations.js"))});
    const results = await compileStep(({ x, g, b }) => {
      const run = operations(), normed = run.layerNorm(x, g, b, 1e-12), dx = run.layerNormGradient(x, x, normed.stats, g);
      const sizes = { batchSize: 10, heads: 8, groups: 8, scale: 1 };
      const { context, weights } = run.attention([x, x, x], bias, null, sizes);
      const T = tf.less(tf.reshape(x, [-1]), 0), y = tf.slice(tf.reshape(x, [-1]), 0, 4096), one = tf.tensor1d([2]);
      const theta = run.spread(x, T, y, one, 0), fold = run.fold([{ gradient: x, offset: 0 }], T, 4096);
      return { y: normed.y, ...dx, theta, fold, gelu: run.gelu(x), sum: run.columnSum(x), squares: run.squareSum(x), context };
    }).run(inputs);
    const { createHash } = await import("node:crypto");
    console.log(JSON.stringify(Object.values(results).map((tensor) => createHash("sha256").update(new Uint8Array(tensor.dataSync().buffer)).digest("hex"))));`;
  assert.deepEqual(await elsewhere({ threads: 3 }, only), await elsewhere({ threads: 1 }, only));
});

test("kernels of 4, 8 and 16 lanes give a layer and its gradients as TensorFlow's own operations do, each with last bits of its own", async (t) => {
  if (skip()) return t.skip("no operations here");
  const compare = `
    const results = await compileStep(step).run(inputs), exact = step(inputs);
    const worst = Math.max(...Object.keys(exact).map((name) => tf.max(tf.abs(tf.sub(results[name], exact[name]))).dataSync()[0] / tf.max(tf.abs(exact[name])).dataSync()[0]));
    console.log(JSON.stringify({ worst, bits: [...results.x.dataSync().slice(0, 512)] }));`;
  const ran = [];
  for (const lanes of ["4", "8", "16"]) {
    const { worst, bits } = await elsewhere({}, compare, { env: { D90_LANES: lanes } }) as { worst: number; bits: number[] };
    assert.ok(worst < 1e-5, `${lanes} lanes: ${worst}`);
    ran.push(bits.join());
  }
  assert.equal(new Set(ran).size, process.arch !== "x64" ? 1 : hasLanes16() ? 3 : 2);
});

/** Whether this processor has AVX-512 as the kernels need it. */
const hasLanes16 = (): boolean => ["avx512f", "avx512bw", "avx512dq", "avx512vl"].every((flag) => readFileSync("/proc/cpuinfo", "utf8").includes(` ${flag}`));

test("products of bfloat16 are sums of the rounded factors, rounded, whatever their sizes and however many threads there are", async (t) => {
  if (skip() || !hasBf16()) return t.skip("no products of bfloat16 here");
  const products = `
    const { matMul } = await import(${JSON.stringify(import.meta.resolve("../../lib/engine/precision.js"))});
    const { createHash } = await import("node:crypto");
    const rounded = (x) => tf.tensor(Float32Array.from(new Uint32Array(x.dataSync().slice().buffer), (bits) =>
      new Float32Array(Uint32Array.of((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000).buffer)[0]), x.shape);
    const results = [];
    for (const [m, n, k] of [[8, 700, 1500], [17, 33, 2049], [65, 100, 383], [130, 49, 4000], [200, 145, 64], [300, 40, 1536]]) {
      for (const [ofA, ofB] of [[false, false], [false, true], [true, false], [true, true]]) {
        const a = normal(ofA ? [k, m] : [m, k], 1), b = normal(ofB ? [n, k] : [k, n], 2);
        const step = compileStep(({ a, b }) => ({ c: matMul(a, b, ofA, ofB) })), { c } = await step.run({ a, b });
        const exact = tf.matMul(rounded(a), rounded(b), ofA, ofB), difference = tf.max(tf.sub(tf.abs(tf.sub(c, exact)), tf.mul(tf.abs(exact), 2 ** -8)));
        results.push({ shape: c.shape, expected: [m, n], difference: difference.dataSync()[0] / Math.sqrt(k), hash: createHash("sha256").update(new Uint8Array(c.dataSync().buffer)).digest("hex") });
        step.dispose();
      }
    }
    console.log(JSON.stringify(results));`;
  const [one, three] = await Promise.all([1, 3].map((threads) => elsewhere({ bf16: true, threads }, products))) as { shape: number[]; expected: number[]; difference: number; hash: string }[][];
  assert.equal(one!.length, 24);
  for (const { shape, expected, difference: beyond } of one!) {
    assert.deepEqual(shape, expected);
    assert.ok(beyond < 1e-5, `[${shape.join()}]: ${beyond}`);
  }
  if (hasBf16Pairs()) assert.deepEqual(three!.map(({ hash }) => hash), one!.map(({ hash }) => hash));
});

test("the model's products of bfloat16 are our own where the processor multiplies pairs", async (t) => {
  if (skip() || !hasBf16()) return t.skip("no products of bfloat16 here");
  const graph = `
    const graph = Buffer.from(record(tensorflowBackend(), step, inputs).savedModel).toString("latin1");
    const count = (op) => graph.split("\\x12" + String.fromCharCode(op.length) + op).length - 1;
    console.log(JSON.stringify([count("D90Product"), count("BatchMatMulV2")]));`;
  // Of five linear layers, each forward and its two gradients.
  assert.deepEqual(await elsewhere({ bf16: true }, graph), hasBf16Pairs() ? [15, 0] : [0, 15]);
});

/** Hides the processor's bfloat16 instructions from the process that imports it first: it then emulates them. */
const WITHOUT_BF16 = `data:text/javascript,${encodeURIComponent(`
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const { readFileSync } = fs;
  fs.readFileSync = (path, ...rest) => path === "/proc/cpuinfo" ? "" : readFileSync(path, ...rest);
  syncBuiltinESMExports();`)}`;

test("with bfloat16, emulated or not, a layer and its gradients are those of fp32 within its rounding, and no result of a product is copied to fp32 for an operation", async (t) => {
  if (skip()) return t.skip("no operations here");
  const compare = `
    const { bf16Emulated: emulated } = await startEngine();
    const results = await compileStep(step).run(inputs), exact = step(inputs);
    const worst = Math.max(...Object.keys(exact).map((name) => tf.max(tf.abs(tf.sub(results[name], exact[name]))).dataSync()[0] / tf.max(tf.abs(exact[name])).dataSync()[0]));
    const graph = Buffer.from(record(tensorflowBackend(), step, inputs).savedModel).toString("latin1");
    const inputsOf = (op) => [...graph.matchAll(new RegExp("\\\\x12[^]" + op + "((?:\\\\x1a[^][\\\\w:]+)+)", "g"))].map(([, names]) => names.split(/\\x1a[^]/).slice(1));
    const casts = new Set([...graph.matchAll(/\\n[^](n\\d+)\\x12\\x04Cast/g)].map(([, name]) => name));
    console.log(JSON.stringify({ emulated, worst, casts: casts.size, parts: inputsOf("D90LayerNormGradient").map((names) => new Set(names.slice(4)).size),
      read: ["D90AddBias", "D90ColumnSum", "D90GeluGradient", "D90Attention", "D90LayerNormGradient"].map((op) => inputsOf(op).map(([first]) => casts.has(first))) }));`;
  const emulated: boolean[] = [];
  for (const flags of [[], ["--import", WITHOUT_BF16]]) {
    const result = await elsewhere({ bf16: true }, compare, { flags }) as { emulated: boolean; worst: number; casts: number; parts: number[]; read: boolean[][] };
    emulated.push(result.emulated);
    assert.ok(result.worst > 1e-4 && result.worst < 3e-2, String(result.worst));
    assert.ok(result.casts > 10, String(result.casts));
    // Emulated, what a product gives is rounded by a copy to bfloat16, which is what operations then read.
    if (!result.emulated) assert.deepEqual(result.read, [Array(5).fill(false), Array(5).fill(false), [false], [false], [false, false]]);
    assert.deepEqual(result.parts, [1, 3]);
  }
  assert.deepEqual(emulated, [!hasBf16(), true]);
});

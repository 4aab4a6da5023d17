import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { hasBf16 } from "../../lib/engine/index.js";

const run = promisify(execFile);
const engine = JSON.stringify(new URL("../../lib/engine/index.js", import.meta.url).href);

/** Hides TensorFlow's binding from the process that imports it first. */
const WITHOUT_BINDING = `data:text/javascript,${encodeURIComponent(`
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  const { existsSync } = fs;
  fs.existsSync = (path) => !String(path).endsWith("tfjs_binding.node") && existsSync(path);
  syncBuiltinESMExports();`)}`;

/** Runs `code`, in which `show` prints JSON, in a process of its own: the engine starts once per process. */
async function inProcess(code: string, { env = {}, flags = [] }: { env?: Record<string, string>; flags?: string[] } = {}): Promise<{ shown: unknown; stderr: string }> {
  const script = `import { compileStep, engineInfo, matMul, seededUniform, startEngine } from ${engine};
    import * as tf from ${JSON.stringify(import.meta.resolve("@tensorflow/tfjs-core"))};
    const show = (value) => console.log(JSON.stringify(value));
    ${code}`;
  const { stdout, stderr } = await run(process.execPath, [...flags, "--input-type=module", "-e", script], { env: { ...process.env, ...env } });
  return { shown: JSON.parse(stdout), stderr };
}

test("startEngine tells what runs; a second call gives the same, and other options are an error", async () => {
  const { shown } = await inProcess(`
    const first = await startEngine({ threads: 1, bf16: false });
    const again = await startEngine({ threads: 1, bf16: false });
    const other = await startEngine({ threads: 2 }).catch((error) => error.message);
    show({ first: { ...first, tensorflow: /^2\\.\\d+/.test(first.tensorflow) }, same: JSON.stringify(first) === JSON.stringify(again), other, plain: (await startEngine()).threads, info: engineInfo().backend });`);
  assert.deepEqual(shown, {
    first: { backend: "tensorflow", tensorflow: true, device: "CPU", threads: 1, bf16: false, bf16Emulated: false, mode: "recorded" }, same: true, plain: 1, info: "tensorflow",
    other: 'startEngine: the engine runs already with {"backend":"auto","bf16":false,"threads":1}, got {"backend":"auto","bf16":false,"threads":2}: use one process for each setting.',
  });
});

test("engineInfo before the start, and a bad number of threads, are clear errors", async () => {
  const { shown } = await inProcess(`
    const messages = [];
    try { engineInfo(); } catch (error) { messages.push(error.message); }
    await startEngine({ threads: 0 }).catch((error) => messages.push(error.message));
    show(messages);`);
  assert.deepEqual(shown, [
    "engineInfo: the engine must be started first: await startEngine().",
    "startEngine: threads must be an integer in [1, 1024], got 0.",
  ]);
});

test("without the project's own operations a step gives the same, and one that does not load is said in one line", async (t) => {
  const code = `
    const { hasOperations } = await import(${JSON.stringify(new URL("../../lib/engine/start.js", import.meta.url).href)});
    const { gelu } = await import(${JSON.stringify(new URL("../../lib/models/ops.js", import.meta.url).href)});
    await startEngine();
    const { y } = await compileStep(({ x }) => ({ y: gelu(x) })).run({ x: tf.tensor1d([1, -2]) });
    show({ y: [...y.dataSync()].map((value) => value.toFixed(5)), own: hasOperations() });`;
  const hidden = WITHOUT_BINDING.replace("tfjs_binding.node", "operations.node");
  const broken = `data:text/javascript,${encodeURIComponent(`
    import module from "node:module";
    const { ".node": load } = module._extensions;
    module._extensions[".node"] = (of, path) => { if (path.endsWith("operations.node")) throw new Error("undefined symbol"); load(of, path); };`)}`;
  const own = await inProcess(code), without = await inProcess(code, { flags: ["--import", hidden] }), failing = await inProcess(code, { flags: ["--import", broken] });
  const { own: built } = own.shown as { own: boolean };
  for (const [{ shown }, has] of [[own, built], [without, false], [failing, false]] as const) assert.deepEqual(shown, { y: ["0.84134", "-0.04550"], own: has });
  assert.doesNotMatch(own.stderr + without.stderr, /startEngine|compileStep/);
  if (!built) return t.skip("no operations here");
  assert.match(failing.stderr, /^startEngine: .*operations\.node does not load \(undefined symbol\), so steps are slower: run `.*`, which builds it again\.$/m);
});

test("a step's graph is optimised once, and not by the passes that change the order of sums or lay out images", async () => {
  const { shown, stderr } = await inProcess(`
    await startEngine();
    const { y } = await compileStep(({ x }) => ({ y: tf.square(tf.add(tf.matMul(x, x), 1)) })).run({ x: tf.ones([2, 2]) });
    show([...y.dataSync()]);`, { env: { TF_CPP_MIN_LOG_LEVEL: "0", TF_CPP_VMODULE: "meta_optimizer=2" } });
  assert.deepEqual(shown, [9, 9, 9, 9]);
  const passes = [...stderr.matchAll(/ (\w+): Graph size after/g)].map(([, pass]) => pass);
  assert.equal(passes.filter((pass) => pass === "arithmetic_optimizer").length, 1, passes.join());
  for (const pass of ["memory_optimizer", "layout"]) assert.ok(!passes.includes(pass), pass);
});

test("D90_ENGINE=eager runs steps op by op", async () => {
  const { shown, stderr } = await inProcess(`
    const { mode } = await startEngine();
    const step = compileStep(({ x }) => ({ y: tf.randomUniform([1]), twice: tf.mul(x, 2), x }));
    const { twice, x } = await step.run({ x: tf.scalar(2) });
    show([mode, twice.dataSync()[0], x.dataSync()[0]]);`, { env: { D90_ENGINE: "eager" } });
  assert.deepEqual(shown, ["eager", 4, 2]);
  assert.doesNotMatch(stderr, /compileStep/);
});

test("bf16 rounds the factors of the engine's products in compiled steps, large ones only, and no other products", async () => {
  const { shown } = await inProcess(`
    await startEngine({ bf16: true });
    const large = tf.fill([128, 128], 1 + 2 ** -12), small = tf.fill([2, 2], 1 + 2 ** -12);
    const step = compileStep(({ large, small }) => ({ engine: matMul(large, large), plain: tf.matMul(large, large, false, true), small: matMul(small, small) }));
    const results = await step.run({ large, small });
    const far = (name, from) => Math.abs(results[name].dataSync()[0] - from) > 1e-3;
    show([engineInfo().bf16, engineInfo().bf16Emulated, far("engine", 128), far("plain", 128.0625), far("small", 2.0009)]);`);
  assert.deepEqual(shown, [true, !hasBf16(), false, false, false]);
});

test("bf16 cannot be had op by op", async () => {
  const { shown } = await inProcess("show(await startEngine({ bf16: true }).catch((error) => [error.name, error.message]));", { env: { D90_ENGINE: "eager" } });
  assert.deepEqual(shown, ["UsageError", "startEngine: bf16 must be false with D90_ENGINE=eager, got true: only compiled steps have it."]);
});

test("without the binding the engine falls back to wasm, and one line names the file, the remedy and the cost", async () => {
  const { shown, stderr } = await inProcess(`
    const { backend, tensorflow, mode } = await startEngine();
    const seed = tf.tensor1d([1, 2], "int32");
    const step = compileStep(() => ({ noise: seededUniform([1000], seed) }));
    const noise = (await step.run({})).noise.dataSync();
    show({ backend, tensorflow, mode, mean: Math.round(10 * noise.reduce((sum, value) => sum + value, 0) / 1000), again: (await step.run({})).noise.dataSync()[7] === noise[7] });`,
  { flags: ["--import", WITHOUT_BINDING] });
  assert.deepEqual(shown, { backend: "wasm", tensorflow: null, mode: "eager", mean: 5, again: true });
  assert.match(stderr, /^startEngine: TensorFlow's binding .*tfjs_binding\.node is missing: run `npm start`, which builds it\. .* slower\.\n$/);
});

for (const backend of ["wasm", "cpu"]) {
  test(`${backend}: gradients, lookups and their gradients work`, async () => {
    const { shown, stderr } = await inProcess(`
      await startEngine({ backend: ${JSON.stringify(backend)} });
      const ids = tf.tensor1d([2, 0, 2], "int32");
      const rows = (t) => tf.sum(tf.mul(tf.tanh(tf.gather(t, ids)), tf.tensor2d([[1], [2], [3]])));
      const sums = tf.unsortedSegmentSum(tf.tensor2d([[1, 2], [3, 4], [5, 6]]), ids, 4);
      show([[...tf.grad(rows)(tf.zeros([3, 2])).dataSync()], [...sums.dataSync()], sums.shape]);`);
    assert.deepEqual(shown, [[2, 2, 0, 0, 4, 4], [3, 4, 0, 0, 6, 8, 0, 0], [4, 2]]);
    assert.equal(stderr, "");
  });
}

test("a backend that is asked for by name does not fall back", async () => {
  const { shown } = await inProcess(`
    show([await startEngine({ backend: "tensorflow" }).catch((error) => error.message), (await startEngine({ backend: "cpu" })).backend]);`,
  { flags: ["--import", WITHOUT_BINDING] });
  assert.match(JSON.stringify(shown), /^\["startEngine: TensorFlow's binding .*tfjs_binding\.node is missing: .*","cpu"\]$/);
});

test("the start removes folders of dead processes, and no others", async () => {
  const folder = mkdtempSync(join(tmpdir(), "d90-sweep-test-"));
  const [dead, young, alive] = [`d90-step-4194399-a`, `d90-step-4194399-b`, `d90-step-${process.pid}-c`].map((name) => join(folder, name));
  assert.ok(dead && young && alive);
  for (const path of [dead, young, alive]) mkdirSync(path);
  for (const path of [dead, alive]) utimesSync(path, 1, 1);
  try {
    await inProcess("show(await startEngine());", { env: { TMPDIR: folder } });
    assert.deepEqual([dead, young, alive].map((path) => existsSync(path)), [false, true, true]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import test from "node:test";
import { writeKernelSpec, type InstalledSpec, type KernelSpec } from "../../../kernel-ext/install/kernelspec.js";
import { projectRoot } from "../../../lib/support/root.js";
import { jupyterEnvironment, runPython, temporaryFolder, testFolder } from "./python.js";

interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

const home = temporaryFolder();
const userFolder = join(home, "data", "kernels");

/** `npx d90 kernel ARGS`, in a home of its own; `env` on top. */
function kernel(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const environment = { ...jupyterEnvironment(home), VIRTUAL_ENV: undefined, CONDA_PREFIX: undefined, JUPYTER_PATH: undefined, ...env };
  return new Promise((resolve) => {
    const main = join(projectRoot, "dist", "lib", "cli", "main.js");
    execFile(process.execPath, [main, "kernel", ...args], { env: environment, cwd: home }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const specOf = (folder: string): KernelSpec => JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as KernelSpec;

async function listed(env: NodeJS.ProcessEnv = {}): Promise<InstalledSpec[]> {
  const { stdout } = await kernel(["list", "--json"], env);
  const { kernels } = JSON.parse(stdout) as { kernels: InstalledSpec[] };
  return kernels.filter(({ folder }) => !folder.startsWith(projectRoot));
}

test("install writes absolute paths, message interrupts and icons into the user's folder; uninstall takes them away", async () => {
  const { status, stdout } = await kernel(["install"]);
  assert.equal(status, 0);
  assert.ok(stdout.includes(join(userFolder, "d90")), stdout);
  assert.deepEqual(readdirSync(join(userFolder, "d90")).toSorted(), ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]);
  const spec = specOf(join(userFolder, "d90"));
  assert.deepEqual(spec.argv.slice(2), ["--connection-file", "{connection_file}"]);
  assert.ok(spec.argv.slice(0, 2).every((path) => isAbsolute(path) && existsSync(path)));
  assert.deepEqual([spec.display_name, spec.language, spec.interrupt_mode], ["TypeScript (d90)", "typescript", "message"]);
  assert.deepEqual(await listed(), [{ name: "d90", folder: join(userFolder, "d90"), displayName: "TypeScript (d90)", language: "typescript", problem: null }]);
  assert.equal((await kernel(["uninstall"])).status, 0);
  assert.deepEqual(readdirSync(userFolder), []);
  const again = await kernel(["uninstall"]);
  assert.deepEqual([again.status, again.stderr.includes("No kernel \"d90\"")], [1, true]);
});

test("--javascript installs a kernel of its own beside the one of TypeScript, and takes it away again", async () => {
  const prefix = temporaryFolder();
  await kernel(["install", "--prefix", prefix]);
  const { stdout } = await kernel(["install", "--prefix", prefix, "--javascript"]);
  assert.match(stdout, /^Kernel d90-js installed in .*d90-js\nChoose "JavaScript \(d90\)"/);
  const kernels = join(prefix, "share", "jupyter", "kernels");
  assert.deepEqual(readdirSync(kernels).toSorted(), ["d90", "d90-js"]);
  const spec = specOf(join(kernels, "d90-js"));
  assert.deepEqual([spec.display_name, spec.language, spec.argv.at(-1)], ["JavaScript (d90)", "javascript", "--javascript"]);
  await kernel(["install", "--prefix", prefix, "--javascript", "--name", "jslab", "--display-name", "JavaScript"]);
  assert.deepEqual([specOf(join(kernels, "jslab")).display_name, specOf(join(kernels, "jslab")).language], ["JavaScript", "javascript"]);
  for (const flags of [["--javascript"], ["--name", "jslab"]]) assert.equal((await kernel(["uninstall", "--prefix", prefix, ...flags])).status, 0);
  assert.deepEqual(readdirSync(kernels), ["d90"]);
});

test("--name and --display-name: several beside each other; installing again replaces", async () => {
  const prefix = temporaryFolder();
  for (const title of ["First", "Second"]) {
    const { stdout } = await kernel(["install", "--prefix", prefix, "--name", "My.TS", "--display-name", title]);
    assert.match(stdout, new RegExp(`Choose "${title}"`));
  }
  await kernel(["install", "--prefix", prefix]);
  const kernels = join(prefix, "share", "jupyter", "kernels");
  assert.deepEqual(readdirSync(kernels).toSorted(), ["d90", "my.ts"]);
  assert.equal(specOf(join(kernels, "my.ts")).display_name, "Second");
  await kernel(["uninstall", "--prefix", prefix, "--name", "MY.ts"]);
  assert.deepEqual(readdirSync(kernels), ["d90"]);
});

test("--sys-prefix takes the active environment, or asks Python where it is", async () => {
  const environment = temporaryFolder();
  await kernel(["install", "--sys-prefix"], { VIRTUAL_ENV: environment });
  assert.ok(existsSync(join(environment, "share", "jupyter", "kernels", "d90", "kernel.json")));
  assert.equal((await listed({ VIRTUAL_ENV: environment })).length, 1);
  const none = await kernel(["install", "--sys-prefix"], { PATH: "" });
  assert.deepEqual([none.status, none.stderr.includes("--prefix PATH")], [1, true]);
});

test("names that are none, another kernel's name, and places that contradict each other are refused", async () => {
  for (const name of ["", "..", ".", ".hidden", "a/b", "a b", "a\\b", "ü"]) {
    const { status, stderr } = await kernel(["install", "--name", name]);
    assert.deepEqual([status, stderr.includes("--name must be")], [2, true], `${name}: ${stderr}`);
  }
  mkdirSync(join(userFolder, "python3"), { recursive: true });
  const foreign = JSON.stringify({ argv: ["python", "-m", "ipykernel_launcher"], display_name: "Python", language: "python" });
  writeFileSync(join(userFolder, "python3", "kernel.json"), foreign);
  const taken = await kernel(["install", "--name", "Python3"]);
  assert.deepEqual([taken.status, taken.stderr.includes("another kernel")], [2, true]);
  assert.equal((await kernel(["uninstall", "--name", "python3"])).status, 1);
  assert.equal(readFileSync(join(userFolder, "python3", "kernel.json"), "utf8"), foreign);
  for (const args of [["install", "--user", "--prefix", "x"], ["install", "--prefix", ""], ["instal"], ["install", "--nmae", "x"], []]) {
    assert.equal((await kernel(args)).status, 2, args.join(" "));
  }
});

test("a folder that cannot be written is named, and nothing is left", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const { status, stderr } = await kernel(["install", "--prefix", file]);
  assert.equal(status, 1);
  assert.match(stderr, /^d90 kernel: The kernelspec could not be written to .*file.*kernels/);
  assert.equal(readFileSync(file, "utf8"), "");
});

test("a folder that belongs to somebody else is named, with where to install instead", { skip: process.geteuid === undefined && "POSIX alone" }, () => {
  const locked = temporaryFolder();
  chmodSync(locked, 0o555);
  const own = process.geteuid?.() ?? 0;
  // The superuser may write everywhere, so this is somebody else for that long.
  if (own === 0) process.seteuid?.(65_534);
  try {
    const message = /^Error: The kernelspec could not be written to .*kernels.d90: EACCES: .*\. Choose a folder that you may write with --prefix/;
    assert.throws(() => writeKernelSpec({ dataFolder: locked, name: "d90" }), message);
  } finally {
    process.seteuid?.(own);
    chmodSync(locked, 0o755);
  }
  assert.deepEqual(readdirSync(locked), []);
});

test("list tells what is broken, and installing again mends it", async () => {
  const data = join(temporaryFolder(), "jupyter");
  const folder = join(data, "kernels", "d90");
  const env = { JUPYTER_DATA_DIR: data };
  await kernel(["install"], env);
  const spec = specOf(folder);
  writeFileSync(join(folder, "kernel.json"), JSON.stringify({ ...spec, argv: ["/gone/node", ...spec.argv.slice(1)] }));
  assert.match((await listed(env))[0]?.problem ?? "", /^\/gone\/node does not exist any more/);
  assert.match((await kernel(["list"], env)).stdout, /broken: \/gone\/node/);
  writeFileSync(join(folder, "kernel.json"), "{");
  assert.match((await listed(env))[0]?.problem ?? "", /cannot be read/);
  await kernel(["install"], env);
  assert.deepEqual((await listed(env)).map(({ problem }) => problem), [null]);
});

test("Jupyter finds the kernel where it was installed, and starts it without anything on PATH", async () => {
  const prefix = temporaryFolder();
  await kernel(["install", "--prefix", prefix, "--name", "elsewhere"]);
  const { status, stdout, stderr } = await runPython("python", [join(testFolder, "startBare.py"), join(prefix, "share", "jupyter"), "elsewhere"]);
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), { specs: true, implementation: "d90", path: "", result: "42" });
});

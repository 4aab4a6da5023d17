/**
 * The addon through which TensorFlow.js calls TensorFlow, compiled from the package's own sources against the TensorFlow
 * that was found. The package's own install script is for TensorFlow 2.9 and its host; it is the way out without a compiler.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ask, runCommand } from "../support/commands.mjs";
import { compilerMissing } from "../support/prerequisites.mjs";
import { SetupProblem } from "../support/problems.mjs";
import { packageFolder } from "../support/project.mjs";
import { tensorflowLibraries } from "../support/pythons.mjs";
import { print } from "../support/steps.mjs";
import { beginStamp, finishStamp, readJson, readStamp, wasInterrupted } from "../support/stamps.mjs";
import { readTensorflow } from "./tensorflow.mjs";

const PACKAGE = "@tensorflow/tfjs-node-gpu";
const FOLDER = join("lib", "napi-v8");
const ADDON = join(FOLDER, "tfjs_binding.node");
const OPERATIONS_ADDON = join(FOLDER, "operations.node");
const PROCESS = join("setup", "native", "process.cc");
const OPERATIONS = join("setup", "native", "operations.cc");
/** Included before the package's sources. */
const HEADERS = ["lending.h", "sessions.h"].map((name) => join("setup", "native", name));
const WHY = "it is what Node calls TensorFlow through";

/** Raised when the recipe changes, so that old binaries are built again. */
const RECIPE = 11;

export function bindingStep(project) {
  return {
    name: "TensorFlow binding",
    after: ["Node packages", "TensorFlow"],
    state() {
      const stamp = readStamp(project, "binding");
      const todo = objection(project, stamp);
      // It works without a compiler, but not as it should: the doctor tells.
      const remedy = todo === "" && stamp.kind !== "built" ? compilerMissing() : undefined;
      return { todo, detail: todo === "" ? describe(stamp) : "", hint: "g++, 10 to 20 s", remedy };
    },
    async run() {
      rmSync(join(project.logs, "binding.log"), { force: true });
      beginStamp(project, "binding");
      const compiler = findCompiler();
      const built = compiler === "" ? { kind: await takePrebuilt(project) } : { kind: "built", ...await build(project, compiler) };
      finishStamp(project, "binding", { ...built, from: built.kind === "none" ? null : source(project) });
    },
  };
}

function describe({ kind, from, operations }) {
  if (kind === "built") return `compiled against TensorFlow ${from.tensorflow}${operations === false ? ", without the project's own operations" : ""}`;
  if (kind === "prebuilt") return "tfjs-node's own binary, with TensorFlow 2.9";
  return "none: the engine is wasm or cpu, for toy sizes";
}

/** What the binary depends on. */
function source(project) {
  const { version, folder } = readTensorflow(project) ?? {};
  const { version: tfjs } = readJson(join(packageFolder(project.root, PACKAGE), "package.json")) ?? {};
  return { recipe: RECIPE, tensorflow: version, folder, tfjs };
}

function objection(project, stamp) {
  if (wasInterrupted(project, "binding")) return "interrupted";
  if (stamp === null) return "not built";
  if (stamp.kind === "none") return findCompiler() === "" ? "" : "not built, and there is a compiler now";
  const expected = stamp.kind === "built" && stamp.operations !== false ? [ADDON, OPERATIONS_ADDON] : [ADDON];
  if (!expected.every((name) => existsSync(join(packageFolder(project.root, PACKAGE), name)))) return "gone";
  if (stamp.kind === "prebuilt" && findCompiler() !== "") return "not built, and there is a compiler now";
  return JSON.stringify(stamp.from) === JSON.stringify(source(project)) ? "" : "of another TensorFlow";
}

/** The compiler on the path, or "". Looks at the files: running one takes longer than a whole start may. */
export function findCompiler(environment = process.env, platform = process.platform) {
  const names = [environment.CXX, ...(platform === "darwin" ? ["clang++"] : ["g++", "c++", "clang++"])].filter(Boolean);
  const folders = (environment.PATH ?? "").split(delimiter).filter(Boolean);
  const places = names.flatMap((name) => (name.includes("/") ? [name] : folders.map((folder) => join(folder, name))));
  const found = places.find((file) => existsSync(file));
  // macOS has a clang++ that only asks for the Xcode tools.
  if (found === "/usr/bin/clang++" && platform === "darwin" && ask("xcode-select", ["-p"]) === null) return "";
  return found ?? "";
}

/** The compiler's arguments. Linux x86-64 is tested; Linux arm64 and macOS arm64 follow the same recipe, untested. */
export function compilerArguments({ addon, sources, before, headers, tensorflow, output, platform = process.platform }) {
  const libraries = platform === "darwin"
    ? ["-undefined", "dynamic_lookup", ...tensorflowLibraries(platform).map((name) => join(tensorflow, name))]
    : tensorflowLibraries(platform).map((name) => `-l:${name}`);
  return [
    "-O2", ...ADDON_FLAGS, "-o", output, ...before.flatMap((header) => ["-include", header]), ...sources.map((name) => join(addon, "binding", name)),
    ...linkedTo({ headers, tensorflow, libraries }),
  ];
}

const ADDON_FLAGS = ["-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8"];

/** Node's headers, and TensorFlow's with its libraries, which are found again where they are now. */
const linkedTo = ({ headers, tensorflow, libraries }) => [
  "-I", join(headers, "include"), "-I", join(tensorflow, "include"), "-L", tensorflow, ...libraries, "-Xlinker", "-rpath", "-Xlinker", tensorflow,
];

/** The small addon of lib/engine/process.ts. */
function processArguments(project, headers, output) {
  const platform = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const source = join(project.root, PROCESS);
  return ["-O2", ...ADDON_FLAGS, ...platform, "-o", output, source, "-I", join(headers, "include")];
}

/** TensorFlow operations of the project's own, for lib/engine/operations.ts. */
export function operationsArguments({ source, headers, tensorflow, output, platform = process.platform }) {
  const libraries = platform === "darwin" ? ["-undefined", "dynamic_lookup"] : tensorflowLibraries(platform).map((name) => `-l:${name}`);
  return ["-O3", "-fno-math-errno", ...ADDON_FLAGS, "-o", output, source, ...linkedTo({ headers, tensorflow, libraries })];
}

/** Compiles them; whether they are there then. Steps go without them, by TensorFlow's own operations, on a compiler that is too old for their vectors. */
async function buildOperations(project, compiler, { headers, tensorflow }) {
  const folder = packageFolder(project.root, PACKAGE), output = join(folder, FOLDER, "operations-unfinished.node");
  try {
    await runCommand(project, {
      log: "binding", command: compiler, args: operationsArguments({ source: join(project.root, OPERATIONS), headers, tensorflow, output }),
      what: `${compiler} could not compile ${OPERATIONS}`, why: "training steps are slower without it",
    });
    renameSync(output, join(folder, OPERATIONS_ADDON));
    return true;
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    print(`  … ${error.message}. Going on without: training steps take a fifth longer.`);
    rmSync(join(folder, OPERATIONS_ADDON), { force: true });
    return false;
  } finally {
    rmSync(output, { force: true });
  }
}

/** Compiles beside the place and moves the binary there once it has loaded: a run that uses the old one keeps it. */
async function build(project, compiler) {
  const addon = packageFolder(project.root, PACKAGE);
  const target = join(addon, ADDON);
  const output = join(addon, FOLDER, "unfinished.node");
  const sources = readdirSync(join(addon, "binding")).filter((name) => name.endsWith(".cc")).toSorted();
  const before = HEADERS.map((header) => join(project.root, header)), headers = packageFolder(project.root, "node-api-headers");
  const tensorflow = readTensorflow(project).folder;
  mkdirSync(join(addon, FOLDER), { recursive: true });
  try {
    await runCommand(project, {
      log: "binding", command: compiler, args: compilerArguments({ addon, sources, before, headers, tensorflow, output }),
      what: `${compiler} could not compile TensorFlow's binding`, why: WHY,
    });
    await requireLoads(project, output);
    await runCommand(project, {
      log: "binding", command: compiler, args: processArguments(project, headers, join(addon, FOLDER, "process.node")),
      what: `${compiler} could not compile ${PROCESS}`, why: "training steps are slower without it",
    });
    const operations = await buildOperations(project, compiler, { headers, tensorflow });
    renameSync(output, target);
    return { operations };
  } finally {
    rmSync(output, { force: true });
  }
}

/** Loads the addon in a process of its own, which may crash. */
async function requireLoads(project, file) {
  await runCommand(project, {
    log: "binding", command: process.execPath, args: ["-e", `process.dlopen({ exports: {} }, ${JSON.stringify(file)})`],
    env: { TF_CPP_MIN_LOG_LEVEL: "3" }, timeout: 120_000, what: "TensorFlow's binding does not load", why: WHY,
  });
}

/** Without a compiler: the package's own install script, which downloads TensorFlow 2.9 and a binary for it. */
async function takePrebuilt(project) {
  print(`  … ${compilerMissing()}. Trying tfjs-node's own binary.`);
  const addon = packageFolder(project.root, PACKAGE);
  const device = readTensorflow(project)?.device === "gpu" ? "gpu" : "cpu";
  const path = [join(project.root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  try {
    await runCommand(project, {
      log: "binding", command: process.execPath, args: [join("scripts", "install.js"), device, "download"], cwd: addon,
      env: { PATH: path }, timeout: 180_000, what: "the download failed", why: "there is no compiler",
    });
    await requireLoads(project, join(addon, ADDON));
    return "prebuilt";
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    rmSync(join(addon, ADDON), { force: true });
    return "none";
  }
}

/** The single checks of `d90 doctor`. Each answers quickly or in a process of its own, and none of them throws. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { EngineInfo } from "../engine/index.js";
import { projectRoot, setupCommandLine } from "../support/root.js";

/** One line of the report; `remedy` when it is not `ok`. */
export interface Check { name: string; value: string; ok: boolean; remedy?: string }

/** What starting the engine in a process of its own gave; `problem` when it did not start. */
export type Probe = (EngineInfo & { works: boolean; warning: string }) | { problem: string };

const PROBE_TIMEOUT_MS = 120_000;
/** What mends an engine that is set up and does not work. */
const REBUILD = setupCommandLine === "npm start" ? "npm start; if that does not help, delete .d90, .venv and node_modules first"
  : `${setupCommandLine}; if that does not help, delete node_modules and run npm install again`;

/** Node and each step of the set-up, as the set-up itself sees them. */
export async function setupChecks(): Promise<Check[]> {
  const setup: SetupModule = await import(pathToFileURL(join(projectRoot, "setup", "support", "inspect.mjs")).href);
  const project: ProjectModule = await import(pathToFileURL(join(projectRoot, "setup", "support", "project.mjs")).href);
  return setup.inspectSetup(project.thisProject);
}

// What these two plain modules of setup/ offer.
interface SetupModule { inspectSetup(project: unknown): Check[] }
interface ProjectModule { thisProject: unknown }

/** Starts the engine as a run would, in another process. */
export async function probeEngine(): Promise<Probe> {
  const file = fileURLToPath(new URL("./doctor-probe.js", import.meta.url));
  const { stdout, stderr, ended } = await output(process.execPath, [file]);
  const line = stdout.trim().split("\n").at(-1) ?? "";
  if (ended !== "" || !line.startsWith("{")) return { problem: `${lastLine(stderr)} (${ended === "" ? "no answer" : ended})` };
  return { ...JSON.parse(line) as EngineInfo & { works: boolean }, warning: lastLine(stderr) };
}

interface Output { stdout: string; stderr: string; ended: string }

function output(command: string, args: string[]): Promise<Output> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], timeout: PROBE_TIMEOUT_MS });
    const texts = { stdout: "", stderr: "" };
    child.stdout.on("data", (data: Buffer) => { texts.stdout += data.toString(); });
    child.stderr.on("data", (data: Buffer) => { texts.stderr += data.toString(); });
    child.on("error", (error) => resolve({ ...texts, ended: error.message }));
    child.on("close", (code, signal) => resolve({ ...texts, ended: code === 0 ? "" : signal ?? `exit status ${code}` }));
  });
}

/** The line of an error's output that names it, or the last one. */
function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.findLast((line) => /error/i.test(line) && !line.startsWith("at ")) ?? lines.at(-1) ?? "";
}

/**
 * Backend, TensorFlow, device and threads, from the probe.
 * @param origin Where the set-up has TensorFlow from.
 * @param remedy What mends the set-up where that is broken; by default, building it again.
 */
export function engineChecks(probe: Probe, origin: string, remedy = REBUILD): Check[] {
  if ("problem" in probe) return [broken("Backend", `does not start: ${probe.problem}`, remedy)];
  const { tensorflow, device, threads } = probe;
  return [
    backendCheck(probe, remedy),
    tensorflow === null
      ? broken("TensorFlow", "none", remedy)
      : { name: "TensorFlow", value: `${tensorflow}, from ${origin}`, ok: true },
    { name: "Device", value: device, ok: true },
    { name: "Threads", value: `${threads} of ${availableParallelism()}`, ok: true },
  ];
}

function backendCheck({ backend, mode, works, warning }: Exclude<Probe, { problem: string }>, remedy: string): Check {
  if (!works) return broken("Backend", `${backend} multiplies two matrices wrongly`, remedy);
  if (backend !== "tensorflow") return broken("Backend", `${backend}, for toy sizes: ${warning}`, remedy);
  return { name: "Backend", value: `${backend}, ${mode} steps`, ok: true };
}

const broken = (name: string, value: string, remedy: string): Check => ({ name, value, ok: false, remedy });

/** The processor's bfloat16 instructions, from the text of /proc/cpuinfo or macOS's sysctl. */
export function bf16Instructions(description: string): string[] {
  const known = /\b(amx_bf16|avx512_bf16|avx_ne_convert|svebf16|bf16|feat_bf16: 1)\b/g;
  const flags = new Set(description.toLowerCase().match(known) ?? []);
  return [...flags].map((flag) => flag.replace("feat_bf16: 1", "feat_bf16")).toSorted();
}

/** Whether --bf16 pays here. */
export async function bf16Check(): Promise<Check> {
  const description = existsSync("/proc/cpuinfo")
    ? readFileSync("/proc/cpuinfo", "utf8").split("\n\n", 1)[0] ?? ""
    : process.platform === "darwin" ? (await output("sysctl", ["hw.optional.arm"])).stdout.replaceAll("hw.optional.arm.", "") : "";
  const instructions = bf16Instructions(description);
  const value = instructions.length > 0
    ? `off by default; this processor has ${instructions.join(", ")}, so --bf16 is faster`
    : "off; this processor has no bf16 instructions, so --bf16 would be emulated, slower than fp32";
  return { name: "bf16", value, ok: true };
}

/** Where MRPC's rows would come from. Asks no network. */
export async function dataCheck(): Promise<Check> {
  try {
    const { loadTask } = await import("../tasks/index.js");
    const { dataSource, train, dev } = await loadTask({ task: "mrpc", offline: true });
    return { name: "Data", value: `${dataSource}: ${train.length} train and ${dev.length} dev rows`, ok: true };
  } catch (error) {
    return { name: "Data", value: messageOf(error), ok: false, remedy: "mend or unset D90_DATA" };
  }
}

/** A kernelspec as `d90 kernel list --json` has it. */
export interface InstalledKernel { name: string; folder: string; language: string; problem: string | null }

/** Where Jupyter would find the kernel, and whether it would start. Asks the kernel's own program. */
export async function kernelCheck(): Promise<Check> {
  const { stdout, stderr, ended } = await output(process.execPath, [join(projectRoot, "dist", "kernel-ext", "install", "main.js"), "list", "--json"]);
  if (ended !== "") return broken("Kernel", `cannot be looked for: ${lastLine(stderr)} (${ended})`, "npm run build");
  return describeKernels((JSON.parse(stdout) as { kernels: InstalledKernel[] }).kernels);
}

/** None is no fault: only notebooks need one. One that would not start is. */
export function describeKernels(kernels: readonly InstalledKernel[]): Check {
  if (kernels.length === 0) return { name: "Kernel", value: "not installed (for notebooks only): npx d90 kernel install", ok: true };
  const value = kernels.map(({ folder, problem }) => (problem === null ? folder : `${folder} (broken: ${problem})`)).join(", ");
  const ill = kernels.find(({ problem }) => problem !== null);
  if (ill === undefined) return { name: "Kernel", value, ok: true };
  const flags = `${ill.language === "javascript" ? " --javascript" : ""}${ill.name === "d90" ? "" : ` --name ${ill.name}`}`;
  return broken("Kernel", value, `npx d90 kernel install${flags}, to the same place; or remove ${ill.folder}`);
}

/** The first line of what was thrown. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}

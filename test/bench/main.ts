/**
 * `npm run bench`: our training step beside PyTorch's, in one run and interleaved. See docs/performance.md.
 * Exit status 1 when the sides did not do the same work, or with --check when a target is missed; 2 for a wrong option.
 */
import { spawnSync } from "node:child_process";
import { setMaxListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasBf16 } from "../../lib/engine/index.js";
import { DEFAULT_PROJECTION, projectionNames, type ProjectionName } from "../../lib/projections/index.js";
import { projectRoot } from "../../lib/support/root.js";
import { UsageError } from "../../lib/support/checks.js";
import { agreementRows } from "./agreement.js";
import { describeMachine, freeMemory } from "./machine.js";
import { help, readOptions, type Options } from "./options.js";
import { commandOf, isMasked, projectionsCommand, rolesFor, type Role } from "./participants.js";
import { prepareProblem } from "./problem.js";
import { startProcess, type Timings } from "./processes.js";
import { rowsOf } from "./rows.js";
import { measureSteps, merged, type StepMeasurements } from "./steps.js";
import { printed, type Report } from "./table.js";
import { fasterWaiting } from "./waiting.js";

/** What the projections' table holds without --all. */
const SHORT_LIST: readonly ProjectionName[] = [DEFAULT_PROJECTION, "one-hot", "fastfood-blocked"];

const say = (text: string): void => { process.stderr.write(`${text}\n`); };

async function measure(options: Options, folder: string, signal: AbortSignal): Promise<Report> {
  if (!hasBf16() && options.bf16) throw new UsageError("bench: --bf16 asks for steps in bf16 alone, and this processor has no bfloat16 instructions: leave it out.");
  const path = join(folder, "problem.json");
  const preparation = await prepareProblem(path, options);
  const machine = describeMachine(options, preparation);
  if (!hasBf16()) say("rows of bf16 are left out: this processor has no bfloat16 instructions");
  say("choosing how PyTorch's threads wait");
  const waiting = await fasterWaiting(path, signal);
  machine.versions["PyTorch's threads wait"] = waiting.name;
  const roles = rolesFor(options), groups = [roles.filter((role) => !isMasked(role)), roles.filter(isMasked)].filter((group) => group.length > 0);
  for (const together of groups) requireMemory(together, preparation.parameters);
  setMaxListeners(0, signal); // each process listens
  const parts: StepMeasurements[] = [];
  for (const together of groups) {
    parts.push(await measureSteps(together, (role) => startProcess(commandOf(role, path, waiting.env), signal), options, say));
  }
  const steps = merged(parts);
  for (const versions of steps.versions.values()) Object.assign(machine.versions, versions);
  delete machine.versions["engine"]; // differs between ours
  const projections = await measureProjections(path, options, signal);
  const measured = { ...steps, projections, tokenising: preparation.tokenising, tokens: options.batchSize * options.length };
  return { machine, rows: rowsOf(measured), agreement: agreementRows(measured), projections };
}

/** Bytes that a process takes by itself, and for each parameter of its model: weights, gradients, moments, and what is between. */
const PROCESS_BYTES = 4e8, PARAMETER_BYTES = 28;

/** @throws {UsageError} where processes that are there at once would not fit into memory: a machine that swaps measures nothing. */
function requireMemory(together: readonly Role[], parameters: number): void {
  const needed = together.reduce((sum, role) => sum + PROCESS_BYTES + (isMasked(role) ? 0 : parameters * PARAMETER_BYTES), 0), free = freeMemory();
  if (needed < free) return;
  const [needs, has] = [needed, free].map((bytes) => `${(bytes / 1e9).toFixed(0)} GB`);
  throw new UsageError(`bench: ${together.length} processes of a model of ${(parameters / 1e6).toFixed(0)} million parameters need some ${needs}, there are ${has}: leave some out with --quick, --bf16 or --no-fastfood.`);
}

/** A process for each, so that none meets another's memory; one that fails leaves the rest of the report. */
async function measureProjections(path: string, { all, quick }: Options, signal: AbortSignal): Promise<Timings[]> {
  const timings: Timings[] = [];
  for (const name of all ? projectionNames : quick ? SHORT_LIST.slice(0, 1) : SHORT_LIST) {
    say(`projection ${name}`);
    try {
      const measuring = await startProcess(projectionsCommand(path), signal);
      timings.push(await measuring.timings(name).finally(() => measuring.close()));
    } catch (error) {
      signal.throwIfAborted();
      say(error instanceof Error ? error.message : String(error));
    }
  }
  return timings;
}

/** A process of its own, which prints its result. */
const runScaling = (): number =>
  spawnSync(process.execPath, [fileURLToPath(new URL("scaling.js", import.meta.url)), join(projectRoot, "docs")], { stdio: "inherit" }).status ?? 1;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") return void process.stdout.write(help);
  if (options.scaling) return void (process.exitCode = runScaling());
  const folder = mkdtempSync(join(tmpdir(), "d90-bench-"));
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  try {
    const report = await measure(options, folder, stop.signal);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `\n${printed(report)}\n`);
    const different = report.agreement.filter(({ ok }) => !ok);
    for (const { name, ours } of different) say(`bench: ${name} are ${ours} nats from PyTorch's: the sides did not do the same work.`);
    const missed = report.rows.filter(({ ok, required }) => required && !ok);
    process.exitCode = different.length > 0 || (options.check && missed.length > 0) ? 1 : 0;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  say(error instanceof UsageError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

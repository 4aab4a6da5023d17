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
import { cast, commandOf, isMasked, projectionsCommand, rolesFor, type Role } from "./participants.js";
import { prepareProblem } from "./problem.js";
import { startProcess, type Pass, type Process, type Timings } from "./processes.js";
import { inTurn, interleave } from "./rounds.js";
import { rowsOf, type Measurements } from "./rows.js";
import { printed, type Report } from "./table.js";
import { fasterWaiting } from "./waiting.js";

/** Rounds before the timed ones: the first records, the second and third fill caches. */
const WARM_UPS = 3;
/** What the projections' table holds without --all. */
const SHORT_LIST: readonly ProjectionName[] = [DEFAULT_PROJECTION, "one-hot", "fastfood-blocked"];

const say = (text: string): void => { process.stderr.write(`${text}\n`); };

async function measure(options: Options, folder: string, signal: AbortSignal): Promise<Report> {
  if (!hasBf16() && options.bf16) throw new UsageError("bench: --bf16 asks for steps in bf16 alone, and this processor has no bfloat16 instructions: leave it out.");
  const path = join(folder, "problem.json");
  const preparation = await prepareProblem(path, options);
  const machine = describeMachine(options, preparation);
  if (!hasBf16()) say("rows of bf16 are left out: this processor has no bfloat16 instructions");
  const processes = new Map<Role, Process>();
  try {
    say("choosing how PyTorch's threads wait");
    const waiting = await fasterWaiting(path, signal);
    machine.versions["PyTorch's threads wait"] = waiting.name;
    const roles = rolesFor(options);
    requireMemory(roles, preparation.parameters);
    setMaxListeners(0, signal); // each process listens
    for (const role of roles) {
      say(`starting ${cast[role].name}`);
      processes.set(role, await startProcess(commandOf(role, path, waiting.env), signal));
    }
    for (const { ready } of processes.values()) Object.assign(machine.versions, ready.versions);
    delete machine.versions["engine"]; // differs between ours
    const steps = await measureSteps(processes, options);
    await closeAll(processes.values());
    const projections = await measureProjections(path, options, signal);
    const measured = { ...steps, projections, tokenising: preparation.tokenising, tokens: options.batchSize * options.length };
    return { machine, rows: rowsOf(measured), agreement: agreementRows(measured), projections };
  } finally {
    await closeAll(processes.values());
  }
}

/** Bytes that a process takes by itself, and for each parameter of its model: weights, gradients, moments, and what is between. */
const PROCESS_BYTES = 4e8, PARAMETER_BYTES = 28;

/** @throws {UsageError} where the processes, which are all there at once, would not fit into memory: a machine that swaps measures nothing. */
function requireMemory(roles: readonly Role[], parameters: number): void {
  const needed = roles.length * PROCESS_BYTES + roles.filter((role) => !isMasked(role)).length * parameters * PARAMETER_BYTES, free = freeMemory();
  if (needed < free) return;
  const [needs, has] = [needed, free].map((bytes) => `${(bytes / 1e9).toFixed(0)} GB`);
  throw new UsageError(`bench: ${roles.length} processes of a model of ${(parameters / 1e6).toFixed(0)} million parameters need some ${needs}, there are ${has}: leave some out with --quick, --bf16 or --no-fastfood.`);
}

const closeAll = async (processes: Iterable<Process>): Promise<void> => {
  await Promise.all([...processes].map((process) => process.close()));
};

/** Steps, then memory, then evaluation, which may use more of it. */
async function measureSteps(processes: Map<Role, Process>, { rounds, quick }: Options): Promise<Omit<Measurements, "tokenising" | "tokens" | "projections">> {
  const participants = [...processes].map(([role, process]) =>
    ({ role, process, warmUps: cast[role].slow ? 0 : WARM_UPS, rounds: cast[role].slow ? Math.min(rounds, quick ? 1 : 3) : rounds }));
  const byName = await interleave(participants, (round, of) => say(`steps: round ${round} of ${of}`));
  const traces = new Map(participants.map(({ role, process }) => [role, byName.get(process.name)!]));
  const peakBytes = new Map<Role, number | null>();
  for (const [role, process] of processes) peakBytes.set(role, await process.memory());
  const passes = new Map<Role, Pass[]>();
  for (let round = 1; round <= Math.min(rounds, 5); round++) {
    say(`evaluation: round ${round}`);
    for (const role of inTurn(["did", "didBf16", "torch", "torchBf16"] as const, round)) {
      const pass = await processes.get(role)?.evaluate();
      if (pass !== undefined) passes.set(role, [...(passes.get(role) ?? []), pass]);
    }
  }
  const loadMs = new Map([...processes].map(([role, { ready }]) => [role, ready.loadMs]));
  return { traces, passes, peakBytes, loadMs };
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

/**
 * `npm run bench:kernel`: d90's kernel beside ipykernel, tslab and Deno, in turn in one run. See docs/performance.md.
 * Exit status 1 with --check when a target is missed; 2 for a wrong option.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../lib/support/checks.js";
import { aligned, cellsOf, titles } from "../columns.js";
import { describeHost, hostLines, type Host } from "../machine.js";
import type { Row } from "../row.js";
import { declareCell, measureCompletion, measureFreshText, measureRoundTrip, roundsOf } from "./answering.js";
import { kernelOf, type Kernel, type KernelName } from "./kernels.js";
import { help, readOptions, type Options } from "./options.js";
import { rowsOf } from "./rows.js";
import { settle, startRunning, type Running } from "./running.js";
import { createSamples, type Samples } from "./samples.js";
import { measureStart } from "./starting.js";
import { measureBulk, measureGrowth, measureHeartbeat, measureInterrupts, measureWrites } from "./working.js";

interface Report {
  host: Host;
  rows: Row[];
}

/** Cells of the notebook in which completion is asked for. */
const NOTEBOOK = 50;

const countsOf = ({ quick }: Options) =>
  quick ? { starts: 2, cells: 40, interrupts: 4, grown: 200 } : { starts: 7, cells: 200, interrupts: 20, grown: 1_000 };

const say = (text: string): void => { process.stderr.write(`${text}\n`); };

/** Does `action`; a peer that fails loses the measurement, ours ends the run. */
async function attempt({ name }: Kernel, what: string, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (name === "d90") throw error;
    say(`${what}: left out for ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function measureStarts(kernels: readonly Kernel[], samples: Samples, starts: number, host: Host): Promise<void> {
  for (let round = 1; round <= starts; round++) {
    say(`starts: round ${round} of ${starts}`);
    for (const kernel of kernels) await attempt(kernel, "start", async () => { host.versions[kernel.name] = await measureStart(kernel, samples); });
  }
}

/** All kernels run at the same time, idle but for the one that is asked. */
async function measureAnswers(kernels: readonly Kernel[], samples: Samples, cells: number): Promise<void> {
  const running: Running[] = [];
  try {
    for (const kernel of kernels) {
      await attempt(kernel, "answers", async () => {
        const started = await startRunning(kernel);
        running.push(started);
        await settle(started);
      });
    }
    const inTurn = async (what: string, rounds: number, action: (each: Running, round: number) => Promise<unknown>): Promise<void> => {
      say(`${what}: ${rounds} rounds`);
      for (let round = 0; round < rounds; round++) {
        for (const each of [...running]) await attempt(each.kernel, what, () => action(each, round));
      }
    };
    await inTurn("1+1", roundsOf(cells), (each, round) => measureRoundTrip(each, samples, round));
    await inTurn("new text", roundsOf(cells), (each, round) => measureFreshText(each, samples, round));
    await inTurn("a notebook's cells", NOTEBOOK, declareCell);
    await inTurn("completion", NOTEBOOK, (each, round) => measureCompletion(each, samples, round));
  } finally {
    for (const each of running) await each.close();
  }
}

/** Each in a fresh kernel of its own, and alone. */
async function measureWork(kernels: readonly Kernel[], samples: Samples, { interrupts, grown }: { interrupts: number; grown: number }): Promise<void> {
  const work: Record<string, (each: Running) => Promise<unknown>> = {
    "heartbeat": (each) => measureHeartbeat(each, samples),
    "interrupt": (each) => measureInterrupts(each, samples, interrupts),
    "small writes": (each) => measureWrites(each, samples),
    "100 MB": (each) => measureBulk(each, samples),
    "growth": (each) => measureGrowth(each, samples, grown),
  };
  for (const [what, measure] of Object.entries(work)) {
    for (const kernel of kernels) {
      say(`${what}: ${kernel.name}`);
      await attempt(kernel, what, async () => {
        const running = await startRunning(kernel);
        await settle(running).then(() => measure(running)).finally(() => running.close());
      });
    }
  }
}

async function measure(options: Options, folder: string): Promise<Report> {
  const host = describeHost();
  const found = options.kernels.map((name): [KernelName, Kernel | null] => [name, kernelOf(name, folder)]);
  for (const [name, kernel] of found) if (kernel === null) say(`${name} is not installed: it is left out. \`npm run bench:kernel\` installs all.`);
  const kernels = found.flatMap(([, kernel]) => kernel ?? []);
  const samples = createSamples();
  const counts = countsOf(options);
  await measureStarts(kernels, samples, counts.starts, host);
  await measureAnswers(kernels, samples, counts.cells);
  await measureWork(kernels, samples, counts);
  return { host, rows: rowsOf(samples, kernels.map(({ name }) => name)) };
}

/** A report for people. */
const printed = ({ host, rows }: Report): string => [
  ...hostLines(host), "",
  "Medians but where the name says otherwise; ratio: ours / peer; target: the most that the ratio, or ours alone, should be",
  ...aligned([titles, ...rows.map(cellsOf)]), "",
].join("\n");

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") return void process.stdout.write(help);
  const folder = mkdtempSync(join(tmpdir(), "d90-bench-kernel-"));
  try {
    const report = await measure(options, folder);
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : `\n${printed(report)}\n`);
    const missed = report.rows.filter(({ ok, required }) => required && ok !== true);
    process.exitCode = options.check && missed.length > 0 ? 1 : 0;
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

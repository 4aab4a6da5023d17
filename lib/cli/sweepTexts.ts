/** A sweep in words: what a dry run found, and what came of a run. */
import { counted, formatCount, formatRate, formatSeconds } from "../charts/scales.js";
import { methodNames } from "../charts/words.js";
import type { RunRecord } from "../records/record.js";
import type { DryJob, DryRun } from "../sweep/dryRun.js";
import { runsTable } from "./runTexts.js";
import { textTable, type Column } from "./table.js";

/** Rows of a table that a person still reads; --json has all. */
const MOST_ROWS = 60;

const right = (heading: string): Column => ({ heading, right: true });
const isMethod = (name: string): name is keyof typeof methodNames => name in methodNames;
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

const more = (rows: readonly unknown[]): string => (rows.length > MOST_ROWS ? `\n… and ${formatCount(rows.length - MOST_ROWS)} more: --json lists all.` : "");

/** Table of the trials, then what they take. */
export function dryRunText(dry: DryRun): string {
  const columns = [{ heading: "Run" }, { heading: "Model" }, { heading: "Task" }, { heading: "Method" }, right("d"), right("Rate"), right("Seed"),
    right("Updates"), right("Time"), { heading: "State" }];
  const table = textTable(columns, dry.jobs.slice(0, MOST_ROWS).map(dryRow));
  return [...dry.notes, `${table}${more(dry.jobs)}`, "", summary(dry)].join("\n");
}

function dryRow({ id, kind, model, task, method, d, learningRate, seed, updates, recorded, seconds }: DryJob): string[] {
  const name = isMethod(method) ? methodNames[method] : method;
  return [
    id, model, task, kind === "search" ? `${name}, search` : name, d === null ? "-" : formatCount(d), learningRate === null ? "-" : formatRate(learningRate),
    seed === null ? "-" : String(seed), updates === null ? "-" : formatCount(updates), seconds === null ? "?" : formatSeconds(seconds),
    recorded ? "recorded" : "to do",
  ];
}

/** "12 trials, 3 of them recorded. About 1 h 20 min on 2 processes of 1 thread; 1.1 GB each (measured)." */
function summary({ total, recorded, jobs, hours, sizing, memory, memoryBasis }: DryRun): string {
  const bases = [...new Set(jobs.filter((job) => !job.recorded && job.basis !== "unknown").map(({ basis }) => basis))];
  const from = { recorded: "recorded trials", measured: "updates timed just now in one process: several share the memory's bandwidth and take longer", unknown: "" };
  const time = hours === null ? "The time of some is not known: leave out --no-measure." : `About ${formatSeconds(hours * 3600)} on ${processes(sizing)}`;
  const limits = { cores: "the cores", memory: "the free memory", jobs: "the number of trials", asked: "--processes" };
  return [
    `${counted(total, "trial")}, ${recorded} of them recorded.`,
    `${time}${hours === null || bases.length === 0 ? "" : `, from ${bases.map((basis) => from[basis]).join(" and ")}`}.`,
    `${gigabytes(memory)} of memory for each process (${memoryBasis}). The number of processes is set by ${limits[sizing.limit]}.`,
  ].join("\n");
}

const processes = ({ processes: count, threads }: DryRun["sizing"]): string =>
  `${count} process${count === 1 ? "" : "es"} of ${counted(threads, "thread")}`;

/** Records, failures with their reasons, and the count. */
export function sweepText({ records, failed, total, done, cached }:
  { records: readonly RunRecord[]; failed: readonly { id: string; reason: string; attempts: number }[]; total: number; done: number; cached: number }): string {
  const failures = failed.map(({ id, reason, attempts }) => `  ${id}, ${counted(attempts, "attempt")}: ${reason}`);
  const early = records.filter((record) => record.record === "trial" && record.earlyStop !== undefined).length;
  return [
    ...(records.length === 0 ? [] : [`${runsTable(records.slice(0, MOST_ROWS))}${more(records)}`, ""]),
    `${formatCount(done)} of ${counted(total, "trial")} done${cached === 0 ? "" : `, ${formatCount(cached)} of them recorded before`}` +
      `${early === 0 ? "" : `, ${formatCount(early)} stopped early`}${failed.length === 0 ? "." : `; ${formatCount(failed.length)} failed:`}`,
    ...failures,
  ].join("\n");
}

/** Taking runs out of a folder, without taking from a search, a series or a learned subspace what it rests on unless that is asked for. */
import { existsSync } from "node:fs";
import { readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { readOwnRecord, recordIds, recordPath, type StoreProblem } from "./folder.js";
import type { RunRecord } from "./record.js";
import { readSeries, seriesPath, seriesPrefix } from "./seriesRecord.js";

/** A run that others rest on. */
export interface Needed {
  id: string;
  /** "search 3fa1...", "series 09ab...". */
  by: string[];
}

export interface PrunePlan {
  /** What would be taken out, with the bytes of its folder. */
  runs: { record: RunRecord; bytes: number }[];
  /** Selected runs that stay because others that stay rest on them; with `needed` they are among `runs`, too. */
  needed: Needed[];
  /** Selected runs that stay because their files changed a moment ago: they are going on. */
  running: string[];
  /** Records and series that cannot be read: they may rest on any run, so while there are some nothing is taken out but with `needed`. */
  unreadable: StoreProblem[];
}

export interface PruneOptions {
  folder: string;
  records: readonly RunRecord[];
  /** Takes out what others rest on, too, and what something that cannot be read may rest on. */
  needed?: boolean;
  /** Milliseconds without a change after which an interrupted run is not going on; default two minutes: twice the pause between checkpoints. */
  quiet?: number;
}

/** What taking out `selected` would do. */
export async function planPrune(selected: readonly RunRecord[], { folder, records, needed = false, quiet = 120_000 }: PruneOptions): Promise<PrunePlan> {
  const running = new Set<string>();
  for (const record of selected) if (await isRunning(record, folder, quiet)) running.add(record.id);
  const chosen = selected.filter(({ id }) => !running.has(id));
  const series = await seriesNeeds(folder), unreadable = [...await unreadableRecords(records, folder), ...series.unreadable];
  const kept = withNeeds(new Set(chosen.map(({ id }) => id)), [...records.map(needOf), ...series.needs]);
  const runs = chosen.filter(({ id }) => needed || (unreadable.length === 0 && !kept.has(id)));
  return {
    runs: await Promise.all(runs.map(async (record) => ({ record, bytes: await bytesOf(join(folder, record.id)) }))),
    needed: [...kept].map(([id, by]) => ({ id, by })), running: [...running], unreadable,
  };
}

/** Takes the runs out: each at once, by its name; what a kill leaves half deleted is no run any more. @returns how many. */
export async function prune({ runs }: PrunePlan, folder: string, signal?: AbortSignal): Promise<number> {
  let count = 0;
  for (const { record: { id } } of runs) {
    if (signal?.aborted) break;
    const gone = join(folder, `${id}.pruned.tmp`);
    await rename(join(folder, id), gone);
    await rm(gone, { recursive: true, force: true });
    count++;
  }
  return count;
}

interface Need {
  /** Id of the run that needs; null for a series, which prune never takes out. */
  from: string | null;
  text: string;
  ids: string[];
}

const needOf = (record: RunRecord): Need => ({ from: record.id, text: `${record.record} ${record.id}`, ids: idsNeededBy(record) });

/** What the series of the folder need. One without a record needs nothing: it is made anew. */
async function seriesNeeds(folder: string): Promise<{ needs: Need[]; unreadable: StoreProblem[] }> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(seriesPrefix)).map((name) => name.slice(seriesPrefix.length));
  const needs: Need[] = [], unreadable: StoreProblem[] = [];
  for (const path of names.map((id) => seriesPath(folder, id)).filter(existsSync)) {
    try {
      const { id, points } = await readSeries(path);
      needs.push({ from: null, text: `series ${id}`, ids: points.map(({ search }) => search) });
    } catch (error) {
      unreadable.push(problemOf(path, error));
    }
  }
  return { needs, unreadable };
}

/** The records that are there and not among `records` because they cannot be read; a run without a record is made anew. */
async function unreadableRecords(records: readonly RunRecord[], folder: string): Promise<StoreProblem[]> {
  const known = new Set(records.map(({ id }) => id));
  const others = (await recordIds(folder)).filter((id) => !known.has(id) && existsSync(recordPath(folder, id)));
  const problems = await Promise.all(others.map((id) => readOwnRecord(folder, id).then(() => null, (error: unknown) => problemOf(recordPath(folder, id), error))));
  return problems.filter((problem) => problem !== null);
}

const problemOf = (path: string, error: unknown): StoreProblem => ({ path, message: error instanceof Error ? error.message : String(error) });

function idsNeededBy(record: RunRecord): string[] {
  const learned = record.configuration.learned?.run;
  const trials = record.record === "search" ? [...record.baseline, ...record.trials].map(({ id }) => id) : [];
  return [...trials, ...(learned === undefined ? [] : [learned])];
}

/** Those of `chosen` that something which stays rests on; what rests on them stays, and what they rest on does, too. */
function withNeeds(chosen: ReadonlySet<string>, needs: readonly Need[]): Map<string, string[]> {
  const kept = new Map<string, string[]>();
  const stays = ({ from }: Need): boolean => from === null || !chosen.has(from) || kept.has(from);
  for (let before = -1; before < kept.size;) {
    before = kept.size;
    for (const need of needs.filter(stays)) {
      for (const id of need.ids.filter((one) => chosen.has(one))) {
        const by = kept.get(id) ?? [];
        if (!by.includes(need.text)) kept.set(id, [...by, need.text]);
      }
    }
  }
  return kept;
}

/** Whether an interrupted run's folder has changed of late. */
async function isRunning(record: RunRecord, folder: string, quiet: number): Promise<boolean> {
  const outcome = record.record === "trial" ? record.outcome : record.result.outcome;
  if (outcome !== "interrupted") return false;
  const files = await filesOf(join(folder, record.id));
  return files.some(({ changed }) => Date.now() - changed < quiet);
}

const bytesOf = async (folder: string): Promise<number> => (await filesOf(folder)).reduce((sum, { bytes }) => sum + bytes, 0);

async function filesOf(folder: string): Promise<{ bytes: number; changed: number }[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)));
  return found.flatMap((file) => (file?.isFile() === true ? [{ bytes: file.size, changed: file.mtimeMs }] : []));
}

/** The folder `runs/`: one folder a run, named by its id, with `record.json` and what else the run leaves (checkpoint, report). */
import { join } from "node:path";
import { UsageError } from "../support/checks.js";
import { writeFileAtomic } from "../support/files.js";
import { listRuns, readOrNull, readRecord, recordPath, resolveId, type StoreProblem } from "./folder.js";
import { type MakeLink, pointLatest } from "./latest.js";
import { idOf, parseRecord, type RunRecord, type SearchConfiguration, type SearchRecord, type TrialConfiguration,
  type TrialRecord } from "./record.js";

export type { StoreProblem };

export interface RunStore {
  readonly folder: string;
  /** Where the run's files lie; the folder need not exist yet. */
  folderOf(id: string): string;
  /**
   * Writes the record atomically, points `latest` to it and returns the run's folder. A finished trial is never replaced:
   * a second execution changes nothing; nor is any record by one of an older version.
   * @throws {UsageError} if the disk is full or refuses; what was there stays.
   */
  write(record: RunRecord, options?: WriteOptions): Promise<string>;
  /** Points `latest` to a run. */
  point(id: string): Promise<void>;
  /** The record of this configuration; null when there is none that can be read. @throws {RecordError} on a newer version. */
  findTrial(configuration: TrialConfiguration): Promise<TrialRecord | null>;
  findSearch(configuration: SearchConfiguration): Promise<SearchRecord | null>;
  /** The record whose id begins with `id`, or "latest". @throws {UsageError} for none or several; {RecordError} if unreadable. */
  read(id: string): Promise<RunRecord>;
  /** All records, or those of one kind, oldest first, and what else lies there: a problem is reported, not fatal. */
  list(kind?: RunRecord["record"]): Promise<{ records: RunRecord[]; problems: StoreProblem[] }>;
}

/** For who writes hundreds a second. */
export interface WriteOptions {
  /** Whether `parseRecord` has been passed already; default false. */
  parsed?: boolean;
  /** Whether `latest` is pointed to it; default true. */
  latest?: boolean;
}

export interface StoreOptions {
  /** How files and links are written; tests pass some that fail. */
  writeFile?: (path: string, content: string) => Promise<void>;
  makeLink?: MakeLink;
}

/** Opens the store in `folder` (default `runs`), which is made at the first write. */
export function openStore(folder = "runs", { writeFile = writeFileAtomic, makeLink }: StoreOptions = {}): RunStore {
  const folderOf = (id: string) => join(folder, id);
  const find = (configuration: TrialConfiguration | SearchConfiguration) => readOrNull(recordPath(folder, idOf(configuration)));

  async function write(record: RunRecord, { parsed = false, latest = true }: WriteOptions = {}): Promise<string> {
    const path = recordPath(folder, record.id);
    if (!parsed) parseRecord(JSON.parse(JSON.stringify(record)), path); // what could not be read again is a mistake of ours: found here
    if (!isSettled(await readOrNull(path), record)) {
      await writeFile(path, `${JSON.stringify(record, null, 1)}\n`).catch(explainWrite(path));
    }
    if (latest) await pointLatest(folder, record.id, makeLink);
    return folderOf(record.id);
  }

  return {
    folder,
    folderOf,
    write,
    point: (id) => pointLatest(folder, id, makeLink),
    findTrial: async (configuration) => trialOrNull(await find(configuration)),
    findSearch: async (configuration) => searchOrNull(await find(configuration)),
    read: async (id) => readRecord(recordPath(folder, await resolveId(folder, id))),
    list: (kind) => listRuns(folder, kind),
  };
}

const trialOrNull = (record: RunRecord | null): TrialRecord | null => (record?.record === "trial" ? record : null);
const searchOrNull = (record: RunRecord | null): SearchRecord | null => (record?.record === "search" ? record : null);

/** Whether a finished trial is there: the first execution counts, and one that was made twice changes nothing. */
const isSettled = (before: RunRecord | null, next: RunRecord): boolean =>
  before?.record === "trial" && before.outcome !== "interrupted" && next.record === "trial";

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space",
  EDQUOT: "your disk quota is used up: free some space",
  EROFS: "the disk is read-only: name another folder with --out",
  EACCES: "permission denied: name another folder with --out",
  EPERM: "permission denied: name another folder with --out",
  ENOTDIR: "a file is in the way: name another folder with --out",
};

/** Turns a failed write into a message that says what to do. */
const explainWrite = (path: string) => (error: NodeJS.ErrnoException): never => {
  const reason = REASONS[error.code ?? ""] ?? `${error.message}: solve this`;
  throw new UsageError(`runs: cannot write ${path}: ${reason} and run the same command again. ` +
    "Every record written before is kept and will be taken up.", { cause: error });
};

/** Reading `runs/`: tolerant of what a killed process, another version or a person left there. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../support/checks.js";
import { readLatest } from "./latest.js";
import { parseRecord, RecordError, type RunRecord } from "./record.js";
import { seriesPrefix } from "./seriesRecord.js";

/** Something in the folder that is not a readable run. */
export interface StoreProblem {
  path: string;
  message: string;
}

const ID = /^[0-9a-f]{12}$/;

/** The file that holds a run's record. */
export const recordPath = (folder: string, id: string): string => join(folder, id, "record.json");

/** Reads and checks one record. @throws {RecordError} naming the file. */
export const readRecord = async (path: string): Promise<RunRecord> => parseRecord(await readValue(path), path);

async function readValue(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "missing: the run did not finish or is still going on" : error.message;
    throw new RecordError(`${path}: ${reason}.`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecordError(`${path}: not JSON, so half-written or not a record.`, { cause: error });
  }
}

/** The record, or null where there is none or half of one: it will be written anew. */
export async function readOrNull(path: string): Promise<RunRecord | null> {
  return readRecord(path).catch((error: unknown) => {
    if (error instanceof RecordError && !error.unknownVersion) return null;
    throw error;
  });
}

const timeOf = (record: RunRecord): string => record.record === "search" ? record.finishedAt : record.startedAt;
const byTime = (a: RunRecord, b: RunRecord): number => Date.parse(timeOf(a)) - Date.parse(timeOf(b)) || (a.id < b.id ? -1 : 1);

/** The record in the folder of the run `id`. @throws {RecordError} also if it is another run's. */
export const readOwnRecord = async (folder: string, id: string): Promise<RunRecord> => ownRecord(folder, id, await readValue(recordPath(folder, id)));

function ownRecord(folder: string, id: string, value: unknown): RunRecord {
  const record = parseRecord(value, recordPath(folder, id));
  if (record.id === id) return record;
  throw new RecordError(`${join(folder, id)}: holds the record ${record.id}, so it was copied; left alone.`);
}

/** All records, or those of one kind, oldest first, and what else lies there. The others are not checked, which takes most of the time. */
export async function listRuns(folder: string, kind?: RunRecord["record"]): Promise<{ records: RunRecord[]; problems: StoreProblem[] }> {
  const records: RunRecord[] = [], problems: StoreProblem[] = [];
  for (const { name, isDirectory } of await entriesOf(folder)) {
    if (name === "latest" || name.endsWith(".tmp") || name.startsWith(seriesPrefix) || name.startsWith("index.duckdb")) continue;
    const path = join(folder, name);
    try {
      if (!ID.test(name) || !isDirectory) throw new RecordError(`${path}: not a run of d90, left alone.`);
      const value = await readValue(recordPath(folder, name));
      if (kind === undefined || kindOf(value) === kind) records.push(ownRecord(folder, name, value));
    } catch (error) {
      problems.push({ path, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { records: records.sort(byTime), problems };
}

const kindOf = (value: unknown): unknown => (typeof value === "object" && value !== null && "record" in value ? value.record : undefined);

/** The names of the folders that may hold a record, in order. */
export const recordIds = async (folder: string): Promise<string[]> =>
  (await entriesOf(folder)).flatMap(({ name, isDirectory }) => (isDirectory && ID.test(name) ? [name] : []));

/** The id of the run that a person means: its first digits, or "latest". @throws {UsageError} for none or several. */
export async function resolveId(folder: string, id: string): Promise<string> {
  return id === "latest" ? latestId(folder) : idByPrefix(folder, id);
}

async function latestId(folder: string): Promise<string> {
  const pointed = await readLatest(folder);
  if (pointed !== null && await readRecord(recordPath(folder, pointed)).catch(() => null)) return pointed;
  const newest = (await listRuns(folder)).records.at(-1);
  if (newest !== undefined) return newest.id;
  throw new UsageError(`runs: no run in ${folder} yet. Make one with \`d90 find\` or name another folder with --out.`);
}

async function idByPrefix(folder: string, prefix: string): Promise<string> {
  const ids = (await entriesOf(folder)).map(({ name }) => name).filter((name) => ID.test(name));
  const matches = ids.filter((id) => prefix !== "" && id.startsWith(prefix));
  if (matches.length === 1) return matches[0]!;
  const listed = (matches.length > 0 ? matches : ids).slice(0, 8).join(", ");
  throw new UsageError(matches.length > 1
    ? `runs: ${JSON.stringify(prefix)} begins the ids of ${matches.length} runs: ${listed}. Type more of it.`
    : `runs: no run in ${folder} has an id that begins with ${JSON.stringify(prefix)}. It has ${listed || "none"}.`);
}

/** The entries of a folder, by name; none when it does not exist. @throws {UsageError} when it cannot be read. */
async function entriesOf(folder: string): Promise<{ name: string; isDirectory: boolean }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new UsageError(`runs: cannot read the folder ${folder}: ${error.message}. Name another with --out.`, { cause: error });
  });
  return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

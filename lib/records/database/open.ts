/** The records of a folder as a DuckDB database. The files stay the truth: what changed since the index was written is read again. */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { readOwnRecord, recordIds, recordPath, type StoreProblem } from "../folder.js";
import type { RunRecord } from "../record.js";
import { ownerOf, rowsOf, tableNames, tables, type Row, type TableName } from "./tables.js";

/** Raise it when a table changes: an older index is made anew. */
const VERSION = 1;
/** Records from which on the index is kept in a file beside them; fewer are read anew each time. */
const KEPT_FROM = 500;
/** Records that are read and put in at once: what bounds the memory. */
const BATCH = 500;

/** The index' file in the folder of the records. */
export const indexFile = "index.duckdb";

export interface RunDatabase {
  connection: DuckDBConnection;
  /** Runs that cannot be read, and why. */
  problems: StoreProblem[];
  /** Records that were read for this opening; the others were in the index. */
  readAnew: number;
  close(): void;
}

export interface DatabaseOptions {
  /** Records from which on the index is kept; default 500. */
  keptFrom?: number;
}

/** Opens the records of `folder`. Where the index' file cannot be used (another process has it, a read-only disk) all are read into memory. */
export async function openDatabase(folder: string, { keptFrom = KEPT_FROM }: DatabaseOptions = {}): Promise<RunDatabase> {
  const ids = await recordIds(folder);
  if (ids.length >= keptFrom) {
    const kept = await openIndexed(join(folder, indexFile), folder, ids).catch(() => null);
    if (kept !== null) return kept;
  }
  return openAt(":memory:", folder, ids);
}

/** The index in its file; one that is damaged or of another version is made anew. */
async function openIndexed(path: string, folder: string, ids: readonly string[]): Promise<RunDatabase> {
  try {
    return await openAt(path, folder, ids);
  } catch (error) {
    if (String(error).includes("lock")) throw error;
    await rm(path, { force: true });
    await rm(`${path}.wal`, { force: true });
    return openAt(path, folder, ids);
  }
}

async function openAt(path: string, folder: string, ids: readonly string[]): Promise<RunDatabase> {
  // Extensions are never fetched: a query works without a network, or says what it lacks.
  const instance = await DuckDBInstance.create(path, { autoinstall_known_extensions: "false" });
  const connection = await instance.connect();
  const close = (): void => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await makeTables(connection);
    return { connection, ...await update(connection, folder, ids), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function makeTables(connection: DuckDBConnection): Promise<void> {
  await connection.run("create table if not exists indexed (version integer)");
  const versions = (await connection.runAndReadAll("select version from indexed")).getRowsJS().map(([version]) => version);
  if (versions.some((version) => version !== VERSION)) throw new Error("the index is of another version.");
  if (versions.length === 0) await connection.run(`insert into indexed values (${VERSION})`);
  await connection.run("create table if not exists files (id varchar primary key, changed double, size double)");
  for (const name of tableNames) {
    const columns = Object.entries(tables[name]).map(([column, type]) => `"${column}" ${type}`);
    await connection.run(`create table if not exists "${name}" (${columns.join(", ")})`);
  }
  await connection.run("create or replace view runs as select 'trial' as record, * from trials union all by name select 'search' as record, * from searches");
}

interface FileState {
  id: string;
  changed: number;
  size: number;
}

/** Reads what is new or changed, and takes out what is gone. */
async function update(connection: DuckDBConnection, folder: string, ids: readonly string[]): Promise<Pick<RunDatabase, "problems" | "readAnew">> {
  const known = new Map((await connection.runAndReadAll("select id, changed, size from files")).getRowsJS()
    .map(([id, changed, size]) => [String(id), `${changed} ${size}`]));
  const states = (await Promise.all(ids.map((id) => stateOf(folder, id)))).flatMap((state) => state ?? []);
  const there = new Set(states.map(({ id }) => id));
  const due = states.filter(({ id, changed, size }) => known.get(id) !== `${changed} ${size}`);
  await forget(connection, [...[...known.keys()].filter((id) => !there.has(id)), ...due.map(({ id }) => id)]);
  const problems: StoreProblem[] = [];
  for (let at = 0; at < due.length; at += BATCH) await putIn(connection, folder, due.slice(at, at + BATCH), problems);
  return { problems, readAnew: due.length - problems.length };
}

async function stateOf(folder: string, id: string): Promise<FileState | null> {
  const found = await stat(recordPath(folder, id)).catch(() => null);
  return found === null ? null : { id, changed: found.mtimeMs, size: found.size };
}

async function forget(connection: DuckDBConnection, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const gone = `(select unnest(from_json($ids::json, '["VARCHAR"]')))`, values = { ids: JSON.stringify(ids) };
  for (const name of tableNames) await connection.run(`delete from "${name}" where "${ownerOf(name)}" in ${gone}`, values);
  await connection.run(`delete from files where id in ${gone}`, values);
}

/** One transaction: a process that is killed leaves the index as it was before. */
async function putIn(connection: DuckDBConnection, folder: string, states: readonly FileState[], problems: StoreProblem[]): Promise<void> {
  const read = await Promise.all(states.map(async (state) => ({ state, record: await recordOrProblem(folder, state.id, problems) })));
  const found = read.flatMap(({ state, record }) => (record === null ? [] : [{ state, rows: rowsOf(record) }]));
  await connection.run("begin");
  for (const name of tableNames) await insert(connection, name, tables[name], found.flatMap(({ rows }) => rows[name]));
  await insert(connection, "files", { id: "VARCHAR", changed: "DOUBLE", size: "DOUBLE" }, found.map(({ state }) => ({ ...state })));
  await connection.run("commit");
}

async function recordOrProblem(folder: string, id: string, problems: StoreProblem[]): Promise<RunRecord | null> {
  try {
    return await readOwnRecord(folder, id);
  } catch (error) {
    problems.push({ path: join(folder, id), message: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

/** All rows in one statement: DuckDB reads them from JSON by the columns' types. */
async function insert(connection: DuckDBConnection, table: TableName | "files", columns: Readonly<Record<string, string>>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(columns).map((name) => `"${name}"`).join(", ");
  await connection.run(`insert into "${table}" (${names}) select ${names} from (select unnest(from_json($rows::json, $form), recursive := true))`,
    { rows: JSON.stringify(rows), form: JSON.stringify([columns]) });
}

/** SQL over the records of a folder: to tables of arquero, and to Parquet and CSV. */
import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { table, type ColumnTable } from "arquero";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { shown, UsageError } from "../../support/checks.js";
import { temporaryFor } from "../../support/files.js";
import type { StoreProblem } from "../folder.js";
import type { RunDatabase } from "./open.js";

export type SqlValue = string | number | boolean | null;

export interface QueryOptions {
  /** Folder of the records; default "runs". */
  out?: string;
  /** Values of the query's parameters: `where d = $d` and `{ d: 1000 }`. */
  values?: Readonly<Record<string, SqlValue>>;
  /** Told of each run that cannot be read, which the tables leave out; default: they are passed over. */
  onProblem?: (problem: StoreProblem) => void;
}

/**
 * Asks the records by SQL (DuckDB's), of the tables `trials`, `searches`, `runs` (both), `searchTrials`, `evaluations` and `losses`, whose columns
 * docs/sweeps.md lists: `queryRuns("select d, max(metric) as best from trials group by d order by d")`. It reads; it changes nothing.
 * @returns a table of arquero; whole numbers are numbers, times are dates.
 * @throws {UsageError} for what is no single query, with the database's own words.
 */
export async function queryRuns(sql: string, { out = "runs", values = {}, onProblem }: QueryOptions = {}): Promise<ColumnTable> {
  return withDatabase(out, onProblem, async ({ connection }) => {
    const statement = await prepared(connection, sql);
    const reader = await explained(sql, async () => {
      statement.bind({ ...values });
      return statement.runAndReadAll();
    });
    const names = reader.deduplicatedColumnNames(), columns = reader.getColumnsJS();
    return table(Object.fromEntries(names.map((name, index) => [name, (columns[index] ?? []).map(plain)])), names);
  });
}

export interface ExportOptions extends Omit<QueryOptions, "values"> {
  /** What is written; default all runs. */
  sql?: string;
}

/** What a file's ending asks for. */
const FORMATS: Readonly<Record<string, string>> = { ".parquet": "format parquet", ".csv": "format csv, header" };

/**
 * Writes a query's rows to `path`: Parquet or CSV, by its ending; the file is whole or not there.
 * @returns the number of rows. @throws {UsageError} for another ending, and for what is no single query.
 */
export async function exportRuns(path: string, { out = "runs", sql = "select * from runs order by startedAt, id", onProblem }: ExportOptions = {}): Promise<number> {
  const format = FORMATS[extname(path).toLowerCase()];
  if (format === undefined) throw new UsageError(`exportRuns: the file must end in .parquet or .csv, got ${shown(path)}.`);
  return withDatabase(out, onProblem, async ({ connection }) => {
    await prepared(connection, sql);
    await mkdir(dirname(path), { recursive: true });
    const temporary = temporaryFor(path);
    try {
      const result = await explained(sql, () => connection.run(`copy (${bare(sql)}) to '${temporary.replaceAll("'", "''")}' (${format})`));
      await rename(temporary, path);
      return result.rowsChanged;
    } finally {
      await rm(temporary, { force: true });
    }
  });
}

/** The ids of the runs for which `condition`, SQL over the columns of `runs`, holds. @throws {UsageError} if it is none. */
export async function idsWhere(condition: string, out: string): Promise<Set<string>> {
  const found = await queryRuns(`select id from runs where (${condition}\n)`, { out });
  return new Set(Array.from(found.array("id"), String));
}

async function withDatabase<T>(out: string, onProblem: QueryOptions["onProblem"], use: (database: RunDatabase) => Promise<T>): Promise<T> {
  // Not at the top: who asks nothing loads no database.
  const { openDatabase } = await import("./open.js");
  const database = await openDatabase(out);
  try {
    for (const problem of database.problems) onProblem?.(problem);
    return await use(database);
  } finally {
    database.close();
  }
}

/** One statement, and one that reads: the index is made from the files, and nothing else may change it. */
async function prepared(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  if (bare(sql) === "") throw new UsageError("queryRuns: the SQL must be one query, got an empty text.");
  const statements = await explained(sql, () => connection.extractStatements(sql));
  if (statements.count !== 1) throw new UsageError(`queryRuns: the SQL must be one query, got ${statements.count} statements.`);
  const { StatementType } = await import("@duckdb/node-api");
  const statement = await explained(sql, () => statements.prepare(0));
  if (![StatementType.SELECT, StatementType.EXPLAIN].includes(statement.statementType)) {
    throw new UsageError(`queryRuns: the SQL must be a query (select ..., from ...), got ${shown(sql)}: records are changed by d90's own commands alone.`);
  }
  return statement;
}

/** DuckDB's messages name the place in the query. */
async function explained<T>(sql: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new UsageError(`queryRuns: ${error instanceof Error ? error.message : String(error)}\nThe query was: ${sql}`, { cause: error });
  }
}

/** Without a semicolon, which COPY (...) does not take. */
const bare = (sql: string): string => sql.trim().replace(/;+$/, "");

/** DuckDB's values as JavaScript's: counts and sums are far below 2^53. */
const plain = (value: unknown): unknown => (typeof value === "bigint" ? Number(value) : value);

/** CSV as RFC 4180 has it: a first line of names; a text with a comma, a quote or a line break stands in quotes, its own quotes twice. */
import { CsvError, parse } from "csv-parse/sync";
import { shown, UsageError } from "../support/checks.js";
import { decode } from "./text.js";
import type { Row, Table } from "./table.js";

/**
 * The rows of a CSV, in their order; blank lines are no rows. Where the first line has no comma, semicolons or tabs separate.
 * @throws {UsageError} with file, line and remedy for quotes that do not match, rows of other lengths and bytes that are not UTF-8.
 */
export function csvTable(bytes: Uint8Array, file: string): Table {
  const where = (line: number): string => `${file}:${line}`;
  const [head, ...records] = recordsOf(decode(bytes, file), where);
  const columns = head?.cells ?? [];
  const rows = records.map(({ place, cells }): Row => {
    if (cells.length === columns.length) return { place, values: Object.fromEntries(columns.map((name, i) => [name, cells[i]])) };
    throw new UsageError(`${where(place)}: a row must have ${columns.length} columns (${shown(columns.join(", "))}), got ${cells.length}: ` +
      `${shown(cells.join(" | "))}. Put a text that has a comma in quotes.`);
  });
  return { file, columns, rows, where };
}

/** One record, and the line that it begins on. */
interface CsvRecord {
  place: number;
  cells: string[];
}

function recordsOf(text: string, where: (line: number) => string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let end = 0;
  try {
    parse(text, {
      delimiter: delimiterOf(text), relax_column_count: true, skip_empty_lines: true,
      on_record: (cells: string[], { lines }: { lines: number }) => {
        // A record ends on `lines`; the breaks inside its texts tell where it began.
        records.push({ place: lines - breaksIn(cells), cells });
        end = lines;
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UsageError(`${where(end + 1)}: ${remedyOf(error)}`, { cause: error });
  }
  return records;
}

const breaksIn = (cells: readonly string[]): number => cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);

/** What the parser did not like in the row that begins there, and what helps. */
function remedyOf({ code, message }: CsvError): string {
  const twice = "Put the whole text in quotes, and write each quote inside it twice.";
  if (code === "CSV_QUOTE_NOT_CLOSED") return `a quote that the row opens is never closed. Close it; ${twice.toLowerCase()}`;
  if (code === "INVALID_OPENING_QUOTE") return `a text has a quote and does not stand in quotes. ${twice}`;
  if (code === "CSV_INVALID_CLOSING_QUOTE") return `a text goes on after its closing quote: quotes do not match, in this row or one of the next. ${twice}`;
  return `${message}. ${twice}`;
}

/** What separates the columns: a comma, unless the first line has none of it and some of another. */
function delimiterOf(text: string): string {
  const head = text.slice(0, 100_000).split("\n", 1)[0]!.replaceAll(/"[^"]*"/g, "");
  return [",", ";", "\t"].find((candidate) => head.includes(candidate)) ?? ",";
}

/** From the values of a label column to what is measured: classes and their ids, or numbers. */
import { isRegression, type MetricName } from "../records/metrics.js";
import { shown, UsageError } from "../support/checks.js";
import { labelText, type Table } from "./table.js";

/** What the labels are: their names by id (none for numbers), and the metric. */
export interface Labelling {
  labels: string[];
  metric: MetricName;
}

/** More classes than this of which most rows have their own are no classes. */
const manyClasses = 20;

/**
 * Reads the labelling off a table's label column. Classes get ids in the order that is given, else in that of their names
 * (numbers by size); more than twenty different numbers, or any that is not whole, are numbers of a scale.
 * @throws {UsageError} with file and remedy for a single class, for as many classes as rows, and for a metric that does not fit.
 */
export function labellingOf(table: Table, column: string, given: { labels?: readonly string[]; metric?: MetricName }): Labelling {
  const places = new Map<string, number>();
  for (const { place, values } of table.rows) {
    const value = labelText(values[column]);
    if (value === "") throw new UsageError(`${table.where(place)}: the label (column ${shown(column)}) is empty. Fill it in or remove the row.`);
    if (!places.has(value)) places.set(value, place);
  }
  const values = [...places.keys()], numeric = values.every((value) => Number.isFinite(Number(value)));
  const scale = numeric && (values.length > manyClasses || values.some((value) => !Number.isInteger(Number(value))));
  const metric = given.metric ?? (scale && given.labels === undefined ? "spearman" : "accuracy");
  const labels = isRegression(metric) ? [] : [...given.labels ?? sorted(values, numeric)];
  requireVaried(table, { column, values });
  if (labels.length > 0) requireClasses(table, { column, values, labels, metric });
  return { labels, metric };
}

function requireVaried({ file }: Table, { column, values }: { column: string; values: readonly string[] }): void {
  if (values.length > 1) return;
  throw new UsageError(`${file}: every row has the label ${shown(values[0])} (column ${shown(column)}), and two at least are needed. ` +
    "Add rows of another label, or name another column by --label.");
}

interface Classes {
  column: string;
  values: readonly string[];
  labels: readonly string[];
  metric: MetricName;
}

function requireClasses({ file, rows }: Table, { column, values, labels, metric }: Classes): void {
  if (new Set(labels).size < labels.length) throw new UsageError(`--labels must be different names, got ${labels.join(",")}.`);
  if (labels.length < 2) throw new UsageError(`--labels must be at least two names, got ${labels.join(",")}.`);
  if (metric === "f1" && labels.length !== 2) {
    throw new UsageError(`${file}: metric f1 must have two labels, got ${labels.length}. Take --metric accuracy or matthews.`);
  }
  if (values.length > manyClasses && values.length > rows.length / 2) {
    throw new UsageError(`${file}: column ${shown(column)} has ${values.length} different values in ${rows.length} rows, so it holds no labels. ` +
      "Name the right column by --label; for numbers of a scale, --metric spearman.");
  }
}

/** Numbers by size, words by their letters' codes: the same order on every machine. */
const sorted = (values: readonly string[], numeric: boolean): string[] =>
  [...values].sort((a, b) => (numeric ? Number(a) - Number(b) : 0) || (a < b ? -1 : 1));

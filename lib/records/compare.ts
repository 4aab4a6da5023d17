/** Two records side by side: which settings differ, and what came out. */
import type { RunRecord } from "./record.js";

/** One value of both records under its dotted path; undefined where a record has none. */
export interface Difference {
  path: string;
  a: unknown;
  b: unknown;
}

export interface Comparison {
  /** Settings that differ, environment included. */
  configuration: Difference[];
  /** Results, equal or not. */
  results: Difference[];
}

/** Dotted paths to the leaves of `value`; arrays are leaves. */
function leaves(value: unknown, path: string, into: Map<string, unknown>): Map<string, unknown> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return into.set(path, value);
  for (const [key, inner] of Object.entries(value)) leaves(inner, path === "" ? key : `${path}.${key}`, into);
  return into;
}

/** Both values at every path that either has. */
function sideBySide(a: unknown, b: unknown, prefix = ""): Difference[] {
  const left = leaves(a, prefix, new Map()), right = leaves(b, prefix, new Map());
  return [...new Set([...left.keys(), ...right.keys()])].map((path) => ({ path, a: left.get(path), b: right.get(path) }));
}

/** The numbers that a person compares: no lists, no notes. */
function resultsOf(record: RunRecord): Record<string, unknown> {
  if (record.record === "trial") return { outcome: record.outcome, ...record.final, steps: record.steps, seconds: record.seconds };
  const { bySeed: _bySeed, violations: _violations, notes: _notes, chanceCorrectedD90: chance, ...result } = record.result;
  const { d90, lower, upper, outcome, threshold } = chance;
  return { ...result, chanceCorrectedD90: { d90, lower, upper, outcome, threshold }, seconds: record.seconds };
}

/** Compares `a` with `b`: the settings in which they differ, and all results. */
export function compareRecords(a: RunRecord, b: RunRecord): Comparison {
  const settings = [...sideBySide(a.configuration, b.configuration), ...sideBySide(a.environment, b.environment, "environment")];
  return {
    configuration: settings.filter(({ a: left, b: right }) => JSON.stringify(left) !== JSON.stringify(right)),
    results: sideBySide(resultsOf(a), resultsOf(b)),
  };
}

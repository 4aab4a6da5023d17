/** Records of sweeps compared: everything but the times. */
import { openStore } from "../../lib/records/store.js";

const TIMES = ["seconds", "startedAt", "finishedAt"];

/** All records of a store by id, as text without what depends on the clock. @throws {Error} if something else lies there. */
export async function timelessRecords(out: string): Promise<Map<string, string>> {
  const { records, problems } = await openStore(out).list();
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join("\n"));
  return new Map(records.map((record) => [record.id, JSON.stringify(record, (key, value: unknown) => (TIMES.includes(key) ? 0 : value))] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Corpora for tests: the sentences of the embedded paraphrases, and folders of text that go away. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { projectRoot } from "../../lib/support/root.js";
import { withFolder } from "../models/folders.js";

/** Both sentences of every row of data/paraphrases' training split, a line each. */
export function paraphraseLines(): string[] {
  const rows = readFileSync(join(projectRoot, "data", "paraphrases", "train.tsv"), "utf8").split("\n").slice(1).filter((row) => row !== "");
  return rows.flatMap((row) => row.split("\t").slice(3, 5));
}

/** Calls `use` with a folder that holds `files`. */
export const withFiles = <T>(files: Record<string, string | Uint8Array>, use: (folder: string) => Promise<T>): Promise<T> =>
  withFolder(async (folder) => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return use(folder);
  });

/** All of an async generator. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

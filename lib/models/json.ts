/** JSON files of a model's folder. */
import { readFile } from "node:fs/promises";
import { UsageError } from "../support/checks.js";

/** A JSON file's content. @throws {UsageError} if it cannot be read or parsed, naming it. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be read (${error.code ?? error.message}).`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is no JSON (${error instanceof Error ? error.message : String(error)}).`);
  }
}

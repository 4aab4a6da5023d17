/** WikiText-2 from the hub: parquet with a line of text a row, written out as the files that it was made of. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parquetReadObjects } from "hyparquet";
import { UsageError } from "../support/checks.js";
import { writePartsAtomic } from "../support/files.js";
import { hubFile } from "../support/hub.js";

const repository = "Salesforce/wikitext";
const configuration = "wikitext-2-v1";

/** Whether the hub may be asked, and what stops it. */
export interface HubUse { offline?: boolean; signal?: AbortSignal }

/** The files of both splits, in the hub's cache beside what was downloaded. @throws {HubError} where the hub cannot be reached. */
export async function hubWikitext(options: HubUse = {}): Promise<{ train: string[]; validation: string[] }> {
  const split = async (name: string): Promise<string[]> => {
    const path = await hubFile({ type: "dataset", repository, path: `${configuration}/${name}-00000-of-00001.parquet`, ...options });
    const text = join(dirname(path), `${name}.tokens`);
    if (!existsSync(text)) await writePartsAtomic(text, (await readLines(path)).map((line) => (line.endsWith("\n") ? line : `${line}\n`)));
    return [text];
  };
  return { train: await split("train"), validation: await split("validation") };
}

async function readLines(path: string): Promise<string[]> {
  const bytes = await readFile(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = await parquetReadObjects({ file, columns: ["text"] });
  return rows.map(({ text }, index) => {
    if (typeof text === "string") return text;
    throw new UsageError(`${path}, row ${index}: column "text" must hold text. Delete the file so that it is fetched again.`);
  });
}

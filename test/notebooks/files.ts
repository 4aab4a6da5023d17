/** The notebooks as their files are. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/support/root.js";

export interface Cell {
  cell_type: "code" | "markdown";
  id: string;
  metadata: { tags?: string[]; jupyter?: { source_hidden?: boolean } };
  source: string[];
  execution_count?: number | null;
  outputs?: unknown[];
}

export interface Notebook {
  metadata: { kernelspec: { name: string }; d90: { seconds: number; smoke: Record<string, unknown> } };
  cells: Cell[];
}

export const folder = join(projectRoot, "notebooks");

/** Every notebook: its file's name, text and content. */
export const notebooks = readdirSync(folder).filter((name) => name.endsWith(".ipynb")).sort().map((name) => {
  const text = readFileSync(join(folder, name), "utf8");
  return { name, text, notebook: JSON.parse(text) as Notebook };
});

export const sourceOf = ({ source }: Cell): string => source.join("");
export const hasTag = (tag: string) => ({ metadata: { tags = [] } }: Cell): boolean => tags.includes(tag);

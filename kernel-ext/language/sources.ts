/** Parsed files, kept as long as they have not changed on disk. */
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { globalsPath } from "./options.js";
import { checkedCell } from "./parse.js";
import type { ts, Typescript } from "./typescript.js";

/** Reads text; tslab's own adds the cell, the declarations and the modules that cells define. */
export interface Reader {
  readFile(path: string): string | undefined;
}

export interface Sources {
  get(path: string, options: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined;
  /** Whether a file that was parsed has changed since; `everything`: those of packages too. */
  changed(everything: boolean): boolean;
  /** Whether the user's own files are among those that were parsed. */
  hasOwn(): boolean;
}

interface Parsed {
  file: ts.SourceFile;
  stamp: string;
}

/** d90's own: a kernel that runs has loaded them. */
const globals = globalsPath();
const ownFolder = fileURLToPath(new URL("../../", import.meta.url));

/** Whether a file belongs to an installed package, to the compiler or to d90: it changes only when something is installed. */
export const isInstalled = (path: string): boolean => path.includes("/node_modules/") || path.startsWith(ownFolder) || path === globals;

/** `virtual`: paths of modules that cells define; they are in no folder. */
export function createSources(ts: Typescript, reader: Reader, virtual: ReadonlySet<string>): Sources {
  const parsed = new Map<string, Parsed>();
  const stampOf = (path: string): string => (virtual.has(path) ? `text ${reader.readFile(path)}` : stampOnDisk(path));
  return {
    get(path, options) {
      const known = parsed.get(path);
      if (known !== undefined && isInstalled(path)) return known.file;
      const stamp = stampOf(path);
      if (known?.stamp === stamp) return known.file;
      const text = reader.readFile(path);
      if (text === undefined) return undefined;
      const read = ts.createSourceFile(path, text, options);
      const file = virtual.has(path) ? checkedCell(ts, read) : read;
      parsed.set(path, { file, stamp });
      return file;
    },
    changed(everything) {
      let any = false;
      for (const [path, { stamp }] of parsed) {
        if ((isInstalled(path) && !everything) || stampOf(path) === stamp) continue;
        parsed.delete(path);
        any = true;
      }
      return any;
    },
    hasOwn: () => [...parsed.keys()].some((path) => !isInstalled(path)),
  };
}

function stampOnDisk(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

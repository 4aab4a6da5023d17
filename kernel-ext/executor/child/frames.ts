/** The frames of a stack, read back from its text: which are the user's, and which belong to whom. */
import { homedir } from "node:os";
import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { sourceShownAs } from "./sources.js";

export interface Frame {
  /** "f", "Object.get", "async g"; "" at the top level of a cell. */
  name: string;
  /** "In[3]", a path, "node:fs"; "" for built-in functions. */
  file: string;
  line: number;
  column: number;
  /** "user": cells and their modules. Others: the package's name, "Node", or "" for built-in functions. */
  origin: "user" | { library: string };
}

/** Frames of a stack's text, from the top. */
export function readFrames(stack: string): Frame[] {
  return stack.split("\n").flatMap((line) => {
    const match = /^\s+at (?:(.*?) \((.*)\)|(.*))$/.exec(line);
    return match === null ? [] : [frameFrom(match[1], match[2] ?? match[3] ?? "")];
  });
}

function frameFrom(name: string | undefined, location: string): Frame {
  // "at async In[3]:5:1": a cell's own await.
  const [, awaited = "", place = ""] = /^(async )?(.*)$/s.exec(location) ?? [];
  const [, path = place, line = "0", column = "0"] = /^(.*?):(\d+):(\d+)$/.exec(place) ?? [];
  const file = path.startsWith("file://") ? fileURLToPath(path) : path;
  // Cells' names are properties of one object; that is no news to the user.
  const own = (name ?? awaited.trim()).replace(/^(async )?(?:Object|exports)\./, "$1");
  return { name: own, file, line: Number(line), column: Number(column), origin: originOf(file) };
}

function originOf(file: string): Frame["origin"] {
  if (sourceShownAs(file) !== undefined || /^In\[\d+\]/.test(file)) return "user";
  if (file.startsWith("node:")) return { library: "Node" };
  const inside = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1];
  if (inside !== undefined) return { library: inside.replaceAll("\\", "/") };
  return /[\\/]/.test(file) ? "user" : { library: "" };
}

/** A path as short as it stays clear: relative to the working directory, or to the home. */
export function shortPath(file: string): string {
  const here = relative(process.cwd(), file);
  if (!file.includes(sep) || sourceShownAs(file)?.shown === file && !file.includes(sep)) return file;
  if (!here.startsWith("..")) return here;
  return file.startsWith(homedir() + sep) ? `~${file.slice(homedir().length)}` : file;
}

/** One line per frame of the user; runs of others as one: "... 4 frames in arquero". Node's own at the bottom are left out. */
export function frameLines(frames: readonly Frame[]): string[] {
  const lastOther = frames.findLastIndex(({ origin }) => origin === "user" || (origin.library !== "Node" && origin.library !== ""));
  // Where an interrupt ended the code, the watcher's own question stands above it, without a name.
  const firstOther = Math.max(0, frames.findIndex(({ name, file }) => name !== "" || file !== "<anonymous>"));
  const lines: string[] = [];
  let hidden: { library: string; count: number } | null = null;
  const flush = (): void => {
    if (hidden === null) return;
    lines.push(`    \x1b[2m... ${hidden.count} frame${hidden.count === 1 ? "" : "s"} in ${hidden.library}\x1b[22m`);
    hidden = null;
  };
  for (const frame of frames.slice(firstOther, lastOther + 1)) {
    const library: string | null = frame.origin === "user" ? null : frame.origin.library;
    // Array.map and the like, between a library's frames: the library's.
    if (library !== null && hidden !== null && (library === "" || library === hidden.library)) hidden.count++;
    else {
      flush();
      if (library === null || library === "") lines.push(frameLine(frame));
      else hidden = { library, count: 1 };
    }
  }
  flush();
  return lines;
}

function frameLine({ name, file, line, column }: Frame): string {
  const shown = shortPath(file).replace(/#\d+$/, "");
  const place = line === 0 ? file : `\x1b[36m${shown}\x1b[39m:\x1b[33m${line}\x1b[39m:\x1b[33m${column}\x1b[39m`;
  return name === "" || name === "async" ? `    at ${name === "" ? "" : "async "}${place}` : `    at ${name} (${place})`;
}

/**
 * Where code comes from: stacks name the user's TypeScript lines. Error.prepareStackTrace maps them when `stack` is read
 * first, so console.log(error) is right as well.
 */
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

export interface Source {
  /** As stacks show it: "In[3]", or the path of a module. */
  shown: string;
  text: string;
  /** Source map, as JSON; undefined where the code is as it was written. */
  map: string | undefined;
  parsed?: SourceMap;
}

/**
 * Cells whose text and source map are kept, some kilobyte each. Of an older one stacks name the cell and not its line: code of it
 * that still runs (a function, a timer) may throw, but few look where.
 */
export const KEPT = 5_000;

/** By the file name that V8 knows. */
const sources = new Map<string, Source>();
/** By the name that stacks show. */
const shownSources = new Map<string, Source>();
/** Of cells, in the order in which they came. */
const cells: string[] = [];

/** The kernel's own files: their frames are left out. */
const OWN = new URL("../../", import.meta.url).href;
const OWN_PATH = fileURLToPath(OWN);

/** Registers a cell's code. @returns the file name to compile it under; cells that share a label get one each. */
export function registerCell(label: string, cell: number, text: string, map: string): string {
  const taken = sources.get(`${label}.ts`);
  const shown = taken === undefined || taken.text === text ? label : `${label}#${cell}`;
  registerSource(`${shown}.ts`, { shown, text, map });
  cells.push(`${shown}.ts`);
  if (cells.length > KEPT) forgetCell(cells.shift() ?? "");
  return `${shown}.ts`;
}

function forgetCell(file: string): void {
  const shown = sources.get(file)?.shown ?? "";
  sources.delete(file);
  shownSources.delete(shown);
}

/** The name of the cell that V8 knows as `file`; undefined for other files. */
const cellOf = (file: string): string | undefined => /^(In\[\d+\](?:#\d+)?)\.ts$/.exec(file)?.[1];

export function registerSource(file: string, source: Source): void {
  sources.set(file, source);
  shownSources.set(source.shown, source);
}

/** The text of what a stack names; undefined for files that are not the user's cells and modules. */
export const sourceShownAs = (shown: string): Source | undefined => shownSources.get(shown);

/** A position in the user's text (both from 1), of one in the code that runs. */
function original(source: Source, line: number, column: number): { line: number; column: number } {
  if (source.map === undefined) return { line, column };
  source.parsed ??= new SourceMap(JSON.parse(source.map));
  const entry = source.parsed.findEntry(line - 1, column - 1);
  return "originalLine" in entry ? { line: entry.originalLine + 1, column: entry.originalColumn + 1 } : { line, column };
}

const isOwn = (site: NodeJS.CallSite): boolean => [OWN, OWN_PATH].some((folder) => site.getFileName()?.startsWith(folder));

/** Without what has called the cell: the kernel, and what of Node it runs in. */
function withoutCallers(sites: readonly NodeJS.CallSite[]): readonly NodeJS.CallSite[] {
  let end = sites.length;
  for (let index = end - 1; index >= 0; index--) {
    const site = sites[index]!;
    if (isOwn(site)) end = index;
    else if (site.getFileName()?.startsWith("node:") !== true) break;
  }
  return sites.slice(0, end);
}

function frameOf(site: NodeJS.CallSite): string | null {
  const file = site.getFileName();
  if (isOwn(site) || file === "node:vm") return null;
  const text = String(site);
  if (typeof file !== "string") return text;
  const source = sources.get(file);
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  if (line === null || column === null) return text;
  if (source === undefined) return text.replace(`${file}:${line}:${column}`, (place) => cellOf(file) ?? place);
  const mapped = original(source, line, column);
  return text.replace(`${file}:${line}:${column}`, () => `${source.shown}:${mapped.line}:${mapped.column}`);
}

function headerOf(error: Error): string {
  try {
    const header = Error.prototype.toString.call(error);
    // Node shows its own errors' codes so: "TypeError [ERR_INVALID_ARG_TYPE]: ...".
    const code = "code" in error && typeof error.code === "string" && error.code.startsWith("ERR_") ? ` [${error.code}]` : "";
    return code !== "" && header.startsWith(`${error.name}:`) ? `${error.name}${code}${header.slice(error.name.length)}` : header;
  } catch {
    return "<error>";
  }
}

/** Makes every stack of this process name the user's own lines. */
export function installStacks(): void {
  Error.stackTraceLimit = 30;
  Error.prepareStackTrace = (error, sites) => {
    const frames = withoutCallers(sites).map(frameOf).filter((frame) => frame !== null);
    return [headerOf(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
}

/** Completion: what may stand at the cursor, as Jupyter wants it. */
import type { SteeredConverter } from "./converter.js";
import type { Declarations } from "./declarations.js";
import { toEdited, toOriginal } from "./edits.js";
import { prepareCell } from "./magics.js";
import { declaredNames, PREFIX } from "./parse.js";
import { symbolLookup, type SymbolLookup } from "./symbols.js";
import type { ts } from "./typescript.js";
import type { Completion, CompletionItem } from "./types.js";

/** Items whose signatures are looked up. */
const SIGNED = 40;

/** At the very end of a file the compiler looks for names outside of it: the cell must go on behind the cursor. */
const BEHIND = "\n;";

/** TypeScript's kinds by the words that frontends have icons for; kinds that are not here stay as they are. */
const KINDS: Readonly<Record<string, string>> = {
  "local var": "var", "local function": "function", getter: "property", setter: "property", accessor: "property", alias: "module",
  "external module name": "module", directory: "path", script: "path", "primitive type": "type", "JSX attribute": "property",
};

/** `offset`: where the cursor stands in the cell as typed. */
export function complete(compiler: SteeredConverter, { code, offset, declarations }: {
  code: string; offset: number; declarations: Declarations;
}): Completion {
  const { parse, converter } = compiler;
  const none: Completion = { start: offset, end: offset, items: [] };
  const prepared = prepareCell(parse, code);
  const position = toEdited(prepared.edits, offset);
  if (position === null) return none;
  const { original } = converter.complete(declarations.text(), prepared.text + BEHIND, position);
  if (original === undefined) return none;
  const span = replacedSpan(prepared.text, position, original);
  const prefix = prepared.text.slice(span.start, position);
  // With nothing typed every global would match: only the notebook's own names are worth a list.
  const own = prefix === "" && original.isGlobalCompletion ? ownNames(compiler, prepared.text, declarations) : undefined;
  const entries = matching(original.entries.filter(({ name }) => own?.has(name) !== false), prefix);
  const signed = entries.length <= SIGNED;
  const symbols = signed || entries.some(({ kind }) => kind === "alias") ? symbolLookup(compiler, span.start) : undefined;
  return {
    start: toOriginal(prepared.edits, span.start),
    end: toOriginal(prepared.edits, span.end),
    items: entries.map((entry) => toItem(entry, symbols, signed)),
  };
}

function toItem({ name, kind }: ts.CompletionEntry, symbols: SymbolLookup | undefined, signed: boolean): CompletionItem {
  // What a package exports from another file of its own, and what a cell imports: shown as what it is.
  const type = (kind === "alias" ? symbols?.aliasedKind(name) : undefined) ?? KINDS[kind] ?? kind;
  const signature = signed ? symbols?.signature(name) : undefined;
  return { text: name, type, ...(signature === undefined ? {} : { signature }) };
}

/** The word around the cursor; in strings what the compiler would replace. */
function replacedSpan(text: string, position: number, info: ts.CompletionInfo): { start: number; end: number } {
  const entrySpan = info.entries[0]?.replacementSpan;
  if (entrySpan !== undefined) {
    const start = entrySpan.start - PREFIX.length;
    return { start, end: start + entrySpan.length };
  }
  // tslab has taken its prefix off this one.
  const span = info.optionalReplacementSpan;
  if (span !== undefined && span.start <= position) return { start: span.start, end: span.start + span.length };
  const before = /[\p{ID_Continue}$]*$/u.exec(text.slice(0, position))?.[0].length ?? 0;
  const after = /^[\p{ID_Continue}$]*/u.exec(text.slice(position))?.[0].length ?? 0;
  return { start: position - before, end: position + after };
}

/** Entries that begin with what was typed, or, where none does, that begin with it in other case. */
function matching(entries: readonly ts.CompletionEntry[], prefix: string): ts.CompletionEntry[] {
  const usable = entries.filter(({ kind, source }) => kind !== "warning" && source === undefined);
  const exact = usable.filter(({ name }) => name.startsWith(prefix));
  const found = exact.length > 0 ? exact : usable.filter(({ name }) => name.toLowerCase().startsWith(prefix.toLowerCase()));
  const seen = new Set<string>();
  return found.filter(({ name }) => !seen.has(name) && seen.add(name))
    .sort((a, b) => compare(a.sortText, b.sortText) || compareNames(a.name, b.name));
}

/** As in a dictionary; names that begin with underscores, which others are not to use, come last. */
const compareNames = (a: string, b: string): number =>
  underscores(a) - underscores(b) || compare(a.toLowerCase(), b.toLowerCase()) || compare(a, b);

const underscores = (name: string): number => Math.min(2, /^_*/.exec(name)?.[0].length ?? 0);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function ownNames({ parse }: SteeredConverter, text: string, declarations: Declarations): Set<string> {
  return new Set([...declarations.names(), ...declaredNames(parse(text))]);
}

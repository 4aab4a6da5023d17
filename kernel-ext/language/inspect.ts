/** Inspection: what stands at the cursor, its type and its documentation. */
import type { SteeredConverter } from "./converter.js";
import { cellFile } from "./cells.js";
import type { Declarations } from "./declarations.js";
import { toEdited } from "./edits.js";
import { prepareCell } from "./magics.js";
import { membersOf } from "./members.js";
import { PREFIX } from "./parse.js";
import type { ts, Typescript } from "./typescript.js";

export interface InspectRequest {
  code: string;
  offset: number;
  detail: 0 | 1;
  declarations: Declarations;
}

/** Text and markdown about the name at the cursor, or the function in whose brackets it stands; null where there is none. */
export function inspect(compiler: SteeredConverter, request: InspectRequest): Record<string, string> | null {
  const { code, offset, detail, declarations } = request;
  const { ts, parse, converter } = compiler;
  const prepared = prepareCell(parse, code);
  const position = toEdited(prepared.edits, offset);
  if (position === null) return null;
  const ask = (at: number): ts.QuickInfo | undefined =>
    (at < 0 ? undefined : converter.inspect(declarations.text(), prepared.text, at));
  // The first question makes the program; a cursor behind a word means the word.
  const direct = usable(ask(position)) ?? usable(ask(position - 1));
  const at = direct?.textSpan.start ?? calleeAt(ts, cellFile(compiler), position + PREFIX.length);
  if (at === undefined) return null;
  const info = direct ?? usable(ask(at));
  if (info === undefined) return null;
  const name = prepared.text.slice(info.textSpan.start, info.textSpan.start + info.textSpan.length);
  const more = detail === 1 ? moreAbout(compiler, { name, at, declarations }) : undefined;
  return { "text/plain": plain(info, more), "text/markdown": markdown(info, more) };
}

function usable(info: ts.QuickInfo | undefined): ts.QuickInfo | undefined {
  const text = textOf(info?.displayParts);
  // An unknown name is any to the compiler, and nothing to its reader.
  return text === "" || (text === "any" && info?.kind === "") ? undefined : info;
}

/** The name of the innermost call around a position, as an offset in the edited cell. */
function calleeAt(ts: Typescript, file: ts.SourceFile, position: number): number | undefined {
  let found: number | undefined;
  const visit = (node: ts.Node): void => {
    if (position < node.pos || position > node.end) return;
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && position > node.expression.end) {
      const { expression } = node;
      found = (ts.isPropertyAccessExpression(expression) ? expression.name : expression).getStart(file) - PREFIX.length;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

interface More {
  title: string;
  code: string;
}

/** The declaration as it was typed in an earlier cell; else the members. */
function moreAbout(compiler: SteeredConverter, { name, at, declarations }: {
  name: string; at: number; declarations: Declarations;
}): More | undefined {
  const source = declarations.sourceOf(name);
  if (source !== undefined) return { title: "Source", code: source };
  const members = membersOf(compiler.ts, compiler.programs.current().getTypeChecker(), cellFile(compiler), at + PREFIX.length);
  return members === "" ? undefined : { title: "Members", code: members };
}

const textOf = (parts: readonly ts.SymbolDisplayPart[] | undefined): string => (parts ?? []).map(({ text }) => text).join("");

function plain(info: ts.QuickInfo, more: More | undefined): string {
  const tags = (info.tags ?? []).map(({ name, text }) => `@${name} ${textOf(text)}`.trimEnd()).join("\n");
  const end = more === undefined ? "" : `${more.title}:\n${more.code}`;
  const parts = [textOf(info.displayParts), textOf(info.documentation), tags, end];
  return parts.filter((part) => part !== "").join("\n\n");
}

function markdown(info: ts.QuickInfo, more: More | undefined): string {
  const tags = (info.tags ?? []).map(({ name, text }) => markdownTag(name, text)).join("\n\n");
  const end = more === undefined ? "" : `**${more.title}**\n\n${fenced(more.code)}`;
  const parts = [fenced(textOf(info.displayParts)), textOf(info.documentation), tags, end];
  return parts.filter((part) => part !== "").join("\n\n");
}

const fenced = (code: string): string => `\`\`\`typescript\n${code}\n\`\`\``;

/** "*@param* `x` — what it is", as VS Code has it; examples are code. */
function markdownTag(name: string, parts: readonly ts.SymbolDisplayPart[] | undefined): string {
  const text = textOf(parts);
  if (name === "example") return `*@example*\n\n${text.includes("```") ? text : fenced(text)}`;
  const parameter = parts?.find(({ kind }) => kind === "parameterName" || kind === "typeParameterName")?.text;
  if (parameter === undefined) return `*@${name}* ${text}`.trimEnd();
  const rest = text.slice(text.indexOf(parameter) + parameter.length).replace(/^\s*[-–—]?\s*/, "");
  return `*@${name}* \`${parameter}\`${rest === "" ? "" : ` — ${rest}`}`;
}

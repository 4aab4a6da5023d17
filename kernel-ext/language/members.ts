/** The members of what stands at a place, a line each. */
import type { ts, Typescript } from "./typescript.js";

/** Members that are shown; the others are counted. */
const SHOWN = 60;

/** "" where the type has none, or where it is a plain function. */
export function membersOf(ts: Typescript, checker: ts.TypeChecker, file: ts.SourceFile, position: number): string {
  const node = ts.getTouchingPropertyName(file, position);
  const symbol = checker.getSymbolAtLocation(node);
  const isType = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Type) !== 0;
  const type = isType ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeAtLocation(node);
  if (type.getCallSignatures().length > 0) return "";
  const members = type.getApparentProperties().filter(({ name }) => !name.startsWith("__@"));
  const lines = members.slice(0, SHOWN).map((member) => {
    const optional = (member.flags & ts.SymbolFlags.Optional) !== 0 ? "?" : "";
    return `${member.name}${optional}: ${checker.typeToString(checker.getTypeOfSymbolAtLocation(member, node))};`;
  });
  if (members.length > SHOWN) lines.push(`// ... and ${members.length - SHOWN} more`);
  return lines.join("\n");
}

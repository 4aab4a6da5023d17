/** What the names that a completion offers stand for. */
import type { SteeredConverter } from "./converter.js";
import { cellFile } from "./cells.js";
import { PREFIX } from "./parse.js";
import type { ts } from "./typescript.js";

export interface SymbolLookup {
  /** Its type, as TypeScript writes it. */
  signature(name: string): string | undefined;
  /** Of an imported or re-exported name, what it is at its origin; undefined where that is not known. */
  aliasedKind(name: string): string | undefined;
}

/** Of members their owner's, else those in scope. `start`: where the completed word begins, in the edited cell. */
export function symbolLookup(compiler: SteeredConverter, start: number): SymbolLookup {
  const { ts, programs } = compiler;
  const checker = programs.current().getTypeChecker();
  const node = ts.getTouchingPropertyName(cellFile(compiler), Math.max(PREFIX.length, start + PREFIX.length - 1));
  const access = [node, node.parent].find((candidate) => candidate !== undefined && ts.isPropertyAccessExpression(candidate));
  const owner = access === undefined ? undefined : checker.getTypeAtLocation((access as ts.PropertyAccessExpression).expression);
  const inScope = owner === undefined ? checker.getSymbolsInScope(node, ts.SymbolFlags.Value | ts.SymbolFlags.Alias) : [];
  const scope = new Map(inScope.map((symbol) => [symbol.name, symbol]));
  const symbolOf = (name: string): ts.Symbol | undefined => owner?.getProperty(name) ?? scope.get(name);
  return {
    signature(name) {
      const symbol = symbolOf(name);
      return symbol === undefined ? undefined : checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, node));
    },
    aliasedKind(name) {
      const symbol = symbolOf(name);
      if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0) return undefined;
      return kindOf(ts, checker.getAliasedSymbol(symbol).flags);
    },
  };
}

/** In the words of TypeScript's completions. */
function kindOf({ SymbolFlags }: Pick<typeof ts, "SymbolFlags">, flags: ts.SymbolFlags): string | undefined {
  const kinds: [ts.SymbolFlags, string][] = [
    [SymbolFlags.Function, "function"], [SymbolFlags.Class, "class"], [SymbolFlags.Enum, "enum"], [SymbolFlags.Variable, "const"],
    [SymbolFlags.Interface, "interface"], [SymbolFlags.TypeAlias, "type"], [SymbolFlags.Module, "module"],
  ];
  return kinds.find(([flag]) => (flags & flag) !== 0)?.[1];
}

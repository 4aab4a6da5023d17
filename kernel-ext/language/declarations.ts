/** What earlier cells have declared: a .d.ts text against which the next cell is checked. */

/** In which of the language's two spaces a name lives; a class is in both. */
export interface Meaning {
  value: boolean;
  type: boolean;
}

/** One declaration: of variables and imports, of one name. */
export interface Declaration extends Meaning {
  name: string;
  text: string;
  /** The statement as it was typed, where inspection can show more than its type. */
  source?: string;
}

/** The type of what cannot be described. */
export const ANY = "any";

export interface Declarations {
  /** Of all that is kept. */
  text(): string;
  names(): ReadonlySet<string>;
  /** The statements that declared a name, as they were typed. */
  sourceOf(name: string): string | undefined;
  /** Adds a cell's; what it declares anew goes. */
  keep(declarations: readonly Declaration[]): void;
  reset(): void;
}

export function createDeclarations(): Declarations {
  let kept: Declaration[] = [];
  let text: string | undefined;
  return {
    text: () => (text ??= kept.map((declaration) => declaration.text).join("\n")),
    names: () => new Set(kept.map(({ name }) => name)),
    sourceOf(name) {
      const sources = kept.flatMap((declaration) => (declaration.name === name ? declaration.source ?? [] : []));
      return sources.length === 0 ? undefined : [...new Set(sources)].join("\n");
    },
    keep(declarations) {
      if (declarations.length === 0) return;
      kept = [...withoutReplaced(kept, declarations), ...declarations];
      text = undefined;
    },
    reset() {
      [kept, text] = [[], undefined];
    },
  };
}

function withoutReplaced(kept: readonly Declaration[], added: readonly Declaration[]): Declaration[] {
  const by = new Map<string, Meaning>();
  for (const { name, value, type } of added) {
    const known = by.get(name);
    by.set(name, { value: value || known?.value === true, type: type || known?.type === true });
  }
  const texts = new Set(added.map(({ text }) => text));
  return kept.flatMap((declaration): Declaration[] => {
    // Of what has no name, `declare global` for example, the same text need not stand twice.
    if (declaration.name === "") return texts.has(declaration.text) ? [] : [declaration];
    const { value = false, type = false } = by.get(declaration.name) ?? {};
    if (!(declaration.value && value) && !(declaration.type && type)) return [declaration];
    // A class whose name is an interface now: its value is still there.
    if (!declaration.value || value) return [];
    return [{ name: declaration.name, value: true, type: false, text: `declare let ${declaration.name}: ${ANY};` }];
  });
}

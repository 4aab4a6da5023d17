/** A notebook's formulas as MathML, which browsers draw by themselves: the page needs no JavaScript, and no network. */
import temml from "temml";
import type { Notebook } from "./notebookFile.js";

/** Code spans and fences, which are left alone; $$ ... $$; $ ... $ without a blank beside its dollars, as Jupyter has it. */
const PIECES = /(`+)[^]*?\1|\$\$([^]+?)\$\$|(?<![\\$])\$(?!\s)((?:[^$\\\n]|\\[^]|\n(?!\s*\n))+?)(?<!\s)\$(?!\d)/g;

/** A copy whose Markdown has its formulas as MathML. What TeX cannot read stays as it was written. */
export function withMathMl(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== "markdown") return cell;
    return { ...cell, source: mathMlOf(typeof cell.source === "string" ? cell.source : cell.source.join("")) };
  });
  return { ...notebook, cells };
}

/** Markdown with its formulas as MathML. */
export function mathMlOf(markdown: string): string {
  return markdown.replace(PIECES, (all: string, _code: string | undefined, block: string | undefined, inline: string | undefined) => {
    const tex = block ?? inline;
    if (tex === undefined) return all;
    try {
      return unread(temml.renderToString(tex, { displayMode: block !== undefined, annotate: false, throwOnError: true }));
    } catch {
      return all;
    }
  });
}

/** Letters of a formula that Markdown would read as its own, as references. */
const unread = (mathMl: string): string =>
  mathMl.replace(/>[^<]+</g, (text) => text.replace(/[*_`[\]\\~]/g, (letter) => `&#${letter.charCodeAt(0)};`));

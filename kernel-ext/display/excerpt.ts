/** A line of code under which a caret goes, short enough not to wrap: wrapped, the caret would stand under something else. */

/** Characters of a line that are shown; JupyterLab's outputs are eighty wide on a small screen. */
const WIDEST = 72;
/** Characters that are shown before the place that matters, of a line that is cut. */
const BEFORE = 30;
const CUT = "...";

export interface Excerpt {
  text: string;
  /** What stands before the place, as blanks; tabs stay tabs, so that a caret stands right whatever their width. */
  indent: string;
  /** Characters from the place on that are marked and shown. */
  width: number;
}

/** `line` around `column` (from 0), where `width` characters matter. */
export function excerpt(line: string, column: number, width = 1): Excerpt {
  const blank = (text: string): string => text.replace(/[^\t]/g, " ");
  if (line.length <= WIDEST) return { text: line, indent: blank(line.slice(0, column)), width };
  const from = Math.max(0, Math.min(column - BEFORE, line.length - WIDEST));
  const end = Math.min(line.length, from + WIDEST);
  const [left, right] = [from > 0 ? CUT : "", end < line.length ? CUT : ""];
  return {
    text: `${left}${line.slice(from, end)}${right}`,
    indent: blank(left + line.slice(from, column)),
    width: Math.max(1, Math.min(width, end - column)),
  };
}

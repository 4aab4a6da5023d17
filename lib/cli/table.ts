/** Tables for the terminal. */

/** A column: its heading, and whether its values are numbers (set to the right). */
export interface Column {
  heading: string;
  right?: boolean;
}

/** Columns two spaces apart, a line under the headings, no trailing spaces. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ heading }, at) => Math.max(heading.length, ...rows.map((row) => (row[at] ?? "").length)));
  const line = (cells: readonly string[]): string => columns.map(({ right }, at) => {
    const text = cells[at] ?? "", width = widths[at]!;
    return right === true ? text.padStart(width) : text.padEnd(width);
  }).join("  ").trimEnd();
  const headings = columns.map(({ heading }) => heading), rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(headings), rule, ...rows.map(line)].join("\n");
}

/** Names and values, the values aligned. */
export function textList(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join("\n");
}

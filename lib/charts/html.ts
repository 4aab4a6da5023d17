/** HTML from templates: what is put in is escaped, unless it is HTML itself. */

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Piece = Html | string | number | null | readonly Piece[];

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text with the letters that HTML reads as markup replaced. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter]!);

function rendered(piece: Piece): string {
  if (piece instanceof Html) return piece.text;
  if (Array.isArray(piece)) return piece.map(rendered).join("");
  return piece === null ? "" : escapeHtml(String(piece));
}

/** Template tag: html`<p>${text}</p>` escapes `text`; lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  return new Html(strings.reduce((text, string, index) => text + rendered(pieces[index - 1] ?? null) + string));
}

/** JSON inside a <script>: no letter of it can end the element. */
export const scriptJson = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll("<", "\\u003c"));

/** One cell of a table; numbers are set to the right. */
export type Cell = string | Html | { number: string };

const isNumber = (value: Cell): value is { number: string } => typeof value === "object" && !(value instanceof Html);

const cell = (value: Cell): Html => (isNumber(value) ? html`<td class="number">${value.number}</td>` : html`<td>${value}</td>`);

const heading = (value: Cell): Html =>
  (isNumber(value) ? html`<th scope="col" class="number">${value.number}</th>` : html`<th scope="col">${value}</th>`);

/** A table with a caption for those who hear it. */
export function tableOf(caption: string, head: readonly Cell[], rows: readonly (readonly Cell[])[]): Html {
  return html`<div class="scroll"><table><caption>${caption}</caption><thead><tr>${head.map(heading)}</tr></thead><tbody>
${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}

/** Names and values, one a line. */
export const listOf = (pairs: readonly (readonly [string, string])[]): Html =>
  html`<dl>${pairs.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

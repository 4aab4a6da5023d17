/** Notebooks as they are kept in the repository: one form, no outputs; and the same as Markdown, in which they are easy to write. */

const KERNELSPEC = { display_name: "TypeScript (d90)", language: "typescript", name: "d90" };
const LANGUAGE = { name: "typescript", file_extension: ".ts", mimetype: "text/x-typescript" };

/** Between two text cells without code between them. */
const BREAK = "<!-- cell -->";
const FENCE = /^```ts((?: [a-z]+)*)$/;

/** Any notebook in the form in which it is kept: ids by place, no outputs, of the metadata only what docs/notebooks.md names. */
export function tidyNotebook({ cells, metadata }, name) {
  return {
    cells: cells.map((cell, index) => tidyCell(cell, `${name.slice(0, 2)}-${String(index).padStart(2, "0")}`)),
    metadata: { d90: metadata.d90 ?? {}, kernelspec: KERNELSPEC, language_info: LANGUAGE },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function tidyCell({ cell_type, metadata, source }, id) {
  const tags = metadata?.tags ?? [];
  const own = {
    ...(tags.length > 0 ? { tags } : {}),
    ...(tags.includes("solution") ? { jupyter: { source_hidden: true } } : {}),
  };
  const cell = { cell_type, id, metadata: own, source: linesOf(Array.isArray(source) ? source.join("") : source) };
  return cell_type === "code" ? { ...cell, execution_count: null, outputs: [] } : cell;
}

/** The lines of a text, each with its end, as a notebook's file has them. */
const linesOf = (text) => text.trimEnd().split("\n").map((line, index, { length }) => (index < length - 1 ? `${line}\n` : line));

/** A notebook's file. */
export const notebookText = (notebook) => `${JSON.stringify(notebook, null, 1)}\n`;

/** A notebook as Markdown: its metadata on top, code cells as ```ts with their tags, `<!-- cell -->` between texts. */
export function textOfNotebook({ cells, metadata }) {
  const parts = cells.map(({ cell_type, metadata: { tags = [] }, source }, index) => {
    const text = source.join("");
    if (cell_type === "code") return `${["```ts", ...tags].join(" ")}\n${text}\n\`\`\``;
    return cells[index - 1]?.cell_type === "markdown" ? `${BREAK}\n\n${text}` : text;
  });
  return `---\n${JSON.stringify(metadata.d90 ?? {})}\n---\n\n${parts.join("\n\n")}\n`;
}

/** The notebook of such a text. @throws {Error} when a fence is not closed or the first lines are no metadata. */
export function notebookFromText(text, name) {
  const head = /^---\n([^]*?)\n---\n/.exec(text);
  if (head === null) throw new Error('notebooks:files: a draft begins with ---, a line of JSON like {"seconds": 60, "smoke": {}}, and ---.');
  const cells = [];
  let lines = [], tags = null;
  const finish = (cell_type) => {
    const source = lines.join("\n").replace(/^\n+/, "").trimEnd();
    if (source !== "" || cell_type === "code") cells.push({ cell_type, metadata: { tags: tags ?? [] }, source });
    lines = [];
  };
  for (const line of text.slice(head[0].length).split("\n")) {
    const fence = tags === null ? FENCE.exec(line) : null;
    if (fence !== null) {
      finish("markdown");
      tags = fence[1].split(" ").filter((tag) => tag !== "");
    } else if (tags !== null && line === "```") {
      finish("code");
      tags = null;
    } else if (tags === null && line === BREAK) finish("markdown");
    else lines.push(line);
  }
  if (tags !== null) throw new Error("notebooks:files: the last ```ts of the draft is not closed by ```.");
  finish("markdown");
  return tidyNotebook({ cells, metadata: { d90: JSON.parse(head[1]) } }, name);
}

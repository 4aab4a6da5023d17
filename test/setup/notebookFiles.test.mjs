import assert from "node:assert/strict";
import test from "node:test";
import { notebookFromText, notebookText, textOfNotebook, tidyNotebook } from "../../setup/support/notebookFiles.mjs";

const draft = `---
{"seconds":60,"smoke":{"rows":8}}
---

# Title

Text with \`code\`.

\`\`\`sh
ls
\`\`\`

<!-- cell -->

Another cell.

\`\`\`ts parameters
let rows = 64; // rows
\`\`\`

\`\`\`ts
1 + 1
\`\`\`

\`\`\`ts solution
2
\`\`\`
`;

test("a draft becomes a notebook and the same draft again", () => {
  const notebook = notebookFromText(draft, "07-title");
  assert.deepEqual(notebook.cells.map(({ cell_type: type, id }) => `${type} ${id}`),
    ["markdown 07-00", "markdown 07-01", "code 07-02", "code 07-03", "code 07-04"]);
  assert.deepEqual(notebook.cells.map(({ metadata }) => metadata.tags), [undefined, undefined, ["parameters"], undefined, ["solution"]]);
  assert.deepEqual(notebook.cells.at(-1).metadata.jupyter, { source_hidden: true });
  assert.deepEqual(notebook.cells[0].source, ["# Title\n", "\n", "Text with `code`.\n", "\n", "```sh\n", "ls\n", "```"]);
  assert.deepEqual(notebook.metadata.d90, { seconds: 60, smoke: { rows: 8 } });
  assert.equal(textOfNotebook(notebook), draft);
});

test("tidying takes away outputs, counts and what JupyterLab adds, and is the same twice", () => {
  const saved = {
    cells: [{
      cell_type: "code", id: "a1b2", execution_count: 3, source: "1 + 1\n",
      metadata: { tags: ["claim"], execution: { "iopub.status.busy": "2026-01-01" }, collapsed: true },
      outputs: [{ output_type: "execute_result", data: { "text/plain": "2" }, metadata: {}, execution_count: 3 }],
    }],
    metadata: { kernelspec: { name: "other" }, widgets: {}, d90: { seconds: 5 } }, nbformat: 4, nbformat_minor: 4,
  };
  const tidy = tidyNotebook(saved, "03-x");
  assert.deepEqual(tidy.cells, [{
    cell_type: "code", id: "03-00", metadata: { tags: ["claim"] }, source: ["1 + 1"], execution_count: null, outputs: [],
  }]);
  assert.deepEqual(Object.keys(tidy.metadata), ["d90", "kernelspec", "language_info"]);
  assert.equal(tidy.metadata.kernelspec.name, "d90");
  assert.equal(notebookText(tidyNotebook(tidy, "03-x")), notebookText(tidy));
});

test("a draft that is none says what is wrong", () => {
  assert.throws(() => notebookFromText("# Title\n", "07"), /a draft begins with ---/);
  assert.throws(() => notebookFromText("---\n{}\n---\n```ts\n1\n", "07"), /not closed/);
});

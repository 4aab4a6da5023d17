import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { findNotebooks, ownNotebooks, readNotebook, smokeOf, titleOf, withParameters } from "../../lib/cli/notebookFile.js";

const own = ownNotebooks();
const namesOf = (...names: string[]): string[] => findNotebooks(names, own).map(({ name }) => name);

test("notebooks are found by number, by a part of the name, by the name and by the file's name, each once", () => {
  assert.deepEqual(namesOf("01"), ["01-subspace"]);
  assert.deepEqual(namesOf("tour", "00-tour", "00"), ["00-tour"]);
  assert.deepEqual(namesOf("01-subspace.ipynb", "00"), ["01-subspace", "00-tour"]);
});

test("a name that is none says what there is, and what was probably meant", () => {
  assert.throws(() => namesOf("subspce"), (error: Error) => error.name === "UsageError"
    && /^notebook: there is no notebook "subspce"\. Did you mean "subspace"\? There are 00-tour, 01-subspace.*files that end in \.ipynb\.$/.test(error.message));
});

test("every notebook has a title and parameters, and its smoke run can be given", () => {
  assert.equal(titleOf(own[0]!.notebook), "A tour: ten lines to a d90");
  for (const file of own) {
    assert.ok(file.parameters.length > 0, file.name);
    assert.ok(smokeOf(file).length > 0, file.name);
    assert.equal(withParameters(file, smokeOf(file)).cells.length, file.notebook.cells.length + 1);
  }
});

test("values stand in a cell of their own behind the defaults, and the notebook itself stays as it was", () => {
  const file = own.find(({ name }) => name === "01-subspace")!;
  const before = JSON.stringify(file.notebook);
  const copy = withParameters(file, [["seeds", "3"]]);
  const at = copy.cells.findIndex(({ metadata }) => metadata?.tags?.includes("parameters"));
  assert.deepEqual([copy.cells[at + 1]?.source, copy.cells[at + 1]?.metadata?.tags], ["let seeds = 3;", ["injected-parameters"]]);
  assert.equal(JSON.stringify(file.notebook), before);
  assert.equal(withParameters(file, []), file.notebook);
});

test("a file that is no notebook is named, and one without parameters takes none", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "d90-notebook-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const put = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  assert.throws(() => readNotebook(put("a.ipynb", "{")), /^UsageError: notebook: \S+a\.ipynb is no notebook: /);
  assert.throws(() => readNotebook(put("b.ipynb", "{}")), /it has no cells/);
  const plain = put("c.ipynb", JSON.stringify({ cells: [{ cell_type: "code", metadata: {}, source: "1", outputs: [], execution_count: null }], metadata: {} }));
  const [file] = findNotebooks([plain], []);
  assert.equal(file?.folder, folder);
  assert.throws(() => withParameters(file!, [["seed", "1"]]), /c has no cell with the tag "parameters", so -p changes nothing/);
});

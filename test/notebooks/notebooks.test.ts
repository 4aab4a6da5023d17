import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { projectRoot } from "../../lib/support/root.js";

interface Cell {
  cell_type: string;
  id: string;
  metadata: { tags?: string[] };
  source: string[];
  execution_count?: number | null;
  outputs?: unknown[];
}

interface Notebook {
  metadata: { kernelspec: { name: string } };
  cells: Cell[];
}

const folder = join(projectRoot, "notebooks");
const notebooks = readdirSync(folder).filter((name) => name.endsWith(".ipynb"))
  .map((name) => ({ name, notebook: JSON.parse(readFileSync(join(folder, name), "utf8")) as Notebook }));

test("there are notebooks", () => assert.ok(notebooks.length >= 2));

for (const { name, notebook: { metadata, cells } } of notebooks) {
  const code = cells.filter((cell) => cell.cell_type === "code");
  const text = cells.filter((cell) => cell.cell_type === "markdown").map(({ source }) => source.join("")).join("\n");

  test(`${name} is kept without outputs, for our kernel`, () => {
    assert.equal(metadata.kernelspec.name, "d90");
    for (const { id, outputs, execution_count: count } of code) assert.deepEqual([outputs, count], [[], null], id);
    assert.equal(new Set(cells.map(({ id }) => id)).size, cells.length);
  });

  test(`${name} asks, predicts, concludes, gives an exercise and its running time`, () => {
    for (const part of ["**Question.**", "**Prediction.**", "**Conclusion.**", "**Exercise.**", "*Running time:"]) assert.ok(text.includes(part), part);
  });

  test(`${name} has one cell of parameters, asserts its claim and hides a solution`, () => {
    assert.equal(code.filter(({ metadata: { tags = [] } }) => tags.includes("parameters")).length, 1);
    assert.ok(code.some(({ source }) => source.join("").includes("assert.ok(")));
    assert.ok(code.at(-1)?.metadata.tags?.includes("solution"));
  });

  test(`${name} imports d90 and published packages only`, () => {
    const imported = code.flatMap(({ source }) => [...source.join("").matchAll(/^import .* from "([^"]+)"/gm)].map(([, specifier]) => specifier!));
    const wrong = imported.filter((specifier) => !/^(d90|arquero|node:[a-z/]+)$/.test(specifier));
    assert.deepEqual(wrong, []);
  });
}

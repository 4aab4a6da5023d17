/** docs/notebooks.md, as far as it can be checked without running anything. */
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../../lib/support/root.js";
import { hasTag, notebooks, sourceOf, type Notebook } from "./files.js";

const TAGS = ["parameters", "chart", "live", "claim", "recorded", "solution"];
/** Seconds on two cores that a notebook may take, by its number. */
const limitOf = (name: string): number => (name.startsWith("02") ? 480 : 180);
/** Notebooks that need no full run beside them: nothing in them is measured. */
const EXACT = ["01-subspace.ipynb"];
const PARAMETER = /^let ([a-zA-Z]\w*)(: [^=]+)? = [^;]+; \/\/ \S.*$/;

interface Tidying {
  tidyNotebook(notebook: Notebook, name: string): Notebook;
  notebookText(notebook: Notebook): string;
}
const tidying = await import(pathToFileURL(join(projectRoot, "setup", "support", "notebookFiles.mjs")).href) as Tidying;

test("there are notebooks, each with a number of its own", () => {
  assert.ok(notebooks.length >= 2);
  assert.deepEqual(notebooks.filter(({ name }) => !/^\d\d-[a-z0-9]+(-[a-z0-9]+)*\.ipynb$/.test(name)).map(({ name }) => name), []);
  assert.equal(new Set(notebooks.map(({ name }) => name.slice(0, 2))).size, notebooks.length);
});

for (const { name, text, notebook } of notebooks) {
  const { metadata, cells } = notebook;
  const code = cells.filter((cell) => cell.cell_type === "code");
  const words = cells.filter((cell) => cell.cell_type === "markdown").map(sourceOf).join("\n");
  const first = sourceOf(cells[0]!);

  test(`${name} is kept without outputs, for our kernel, as strip writes it`, () => {
    const tidy = tidying.notebookText(tidying.tidyNotebook(notebook, name));
    assert.ok(text === tidy, `${name} is not in the form that the repository keeps: npm run notebooks:files -- strip`);
    assert.ok(code.every(({ outputs, execution_count: count }) => outputs?.length === 0 && count === null));
    assert.equal(metadata.kernelspec.name, "d90");
  });

  test(`${name} begins with its question, a prediction and its running time`, () => {
    for (const part of ["# ", "**Question.**", "**Prediction.**", "*Running time: about "]) assert.ok(first.includes(part), part);
    const [, count = "", unit] = /\*Running time: about (\d+) (seconds|minutes?) on two cores/.exec(first) ?? [];
    const { seconds } = metadata.d90;
    assert.ok(seconds > 0 && seconds <= limitOf(name), `metadata.d90.seconds: ${seconds}`);
    const stated = Number(count) * (unit === "seconds" ? 1 : 60);
    assert.ok(Math.abs(stated - seconds) <= Math.max(5, 30, 0.1 * seconds), `the text says ${stated} s, metadata.d90.seconds ${seconds}`);
  });

  test(`${name} ends with a conclusion and its limits, an exercise and a folded solution`, () => {
    for (const part of ["**Conclusion.**", "**Exercise.**"]) assert.equal(words.split(part).length, 2, part);
    assert.match(words.slice(words.indexOf("**Conclusion.**")), /\*not\* show/);
    assert.deepEqual(code.filter(hasTag("solution")), [cells.at(-1)]);
    assert.ok(cells.at(-1)?.metadata.jupyter?.source_hidden);
  });

  test(`${name} has one cell of parameters, each explained, the seed among them, and values of them for a smoke run`, () => {
    const [parameters, ...more] = code.filter(hasTag("parameters"));
    assert.ok(parameters !== undefined && more.length === 0);
    const found = parameters.source.map((line) => PARAMETER.exec(line.trimEnd())?.[1] ?? line);
    assert.deepEqual(found.filter((one) => !/^\w+$/.test(one)), [], "let name = value; // what it is");
    assert.ok(found.includes("seed") || found.includes("seeds"));
    assert.deepEqual(Object.keys(metadata.d90.smoke).filter((one) => !found.includes(one)), []);
  });

  test(`${name} captions each chart, asserts its claim and shows the full run`, () => {
    const charts = cells.filter(hasTag("chart"));
    assert.ok(charts.length > 0);
    for (const chart of charts) assert.equal(cells[cells.indexOf(chart) + 1]?.cell_type, "markdown", `no caption below ${chart.id}`);
    const claims = code.filter(hasTag("claim"));
    assert.ok(claims.length > 0 && claims.every((cell) => /assert\.ok\([^]*, "[^"]+"\)/.test(sourceOf(cell))));
    if (!EXACT.includes(name)) assert.ok(code.some(hasTag("recorded")));
  });

  test(`${name} uses the tags of docs/notebooks.md, d90 and published packages only`, () => {
    assert.deepEqual(cells.flatMap(({ metadata: { tags = [] } }) => tags).filter((tag) => !TAGS.includes(tag)), []);
    const imported = code.flatMap((cell) => [...sourceOf(cell).matchAll(/^(?:\}|import .*) from "([^"\n]+)"/gm)].map(([, from]) => from!));
    assert.ok(imported.includes("d90"));
    assert.deepEqual(imported.filter((specifier) => !/^(d90|arquero|node:[a-z/]+)$/.test(specifier)), []);
  });

  test(`${name} has no line of code that is wider than a page`, () => {
    const long = code.flatMap(({ source }) => source.filter((line) => line.trimEnd().length > 140));
    assert.deepEqual(long, []);
  });
}

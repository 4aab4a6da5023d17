/** `d90 notebook` with the real nbconvert and kernel, on notebooks of seconds. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { chartsWithoutImage, failureOf, findNbconvert, notebooksAtATime } from "../../lib/cli/notebookRun.js";
import { projectRoot } from "../../lib/support/root.js";
import { d90 } from "./spawn.js";

/** A folder with a notebook of these cells, in the project: "d90" is to be had there. */
function folderWith(t: TestContext, ...sources: string[]): { folder: string; book: string } {
  mkdirSync(join(projectRoot, ".d90"), { recursive: true });
  const folder = mkdtempSync(join(projectRoot, ".d90", "notebook-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const cells = sources.map((source, index) => ({
    cell_type: "code", id: String(index), metadata: index === 0 ? { tags: ["parameters"] } : {}, source, outputs: [], execution_count: null,
  }));
  const metadata = { kernelspec: { name: "d90", display_name: "TypeScript (d90)", language: "typescript" } };
  writeFileSync(join(folder, "book.ipynb"), JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
  return { folder, book: join(folder, "book.ipynb") };
}

test("a notebook runs with a parameter; its file stays as it was and the HTML has the chart as an image", async (t) => {
  const { folder, book } = folderWith(t, "let height = 1; // of the bar",
    `import { chart } from "d90";
chart({ description: "one bar, of \\"7\\" < 8", data: { values: [{ a: height }] }, mark: "bar", encoding: { x: { field: "a", type: "quantitative" } } })`, "height * 1000");
  const before = readFileSync(book, "utf8");
  const { status, stdout, stderr } = await d90(["notebook", book, "-p", "height=7", "--out", "html"], { cwd: folder });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^✓ +\d+\.\d s {2}html\/book\.html\n$/);
  const html = readFileSync(join(folder, "html", "book.html"), "utf8");
  assert.match(html, /<title>book<\/title>/);
  assert.match(html, /7000/);
  assert.equal(html.match(/<img[^>]+src="data:image\/png;base64,/g)?.length, 1);
  assert.match(html, /<img alt=(?:'one bar, of "7" &lt; 8'|"one bar, of &quot;7&quot; &lt; 8")[^>]* width="\d+"/);
  assert.doesNotMatch(html, /<script/);
  assert.equal(readFileSync(book, "utf8"), before);
});

test("a cell that fails is shown with its traceback; the status is 1 and there is no HTML", async (t) => {
  const { folder, book } = folderWith(t, "let d = 3; // d", "function check(d: number): void {\n  throw new RangeError(`d = ${d}`);\n}\ncheck(d);", "d");
  const { status, stdout } = await d90(["notebook", book], { cwd: folder });
  assert.equal(status, 1);
  assert.match(stdout, /^✗ .* book\n/);
  for (const part of ["throw new RangeError", "RangeError: d = 3", "In[2]:2:9"]) assert.ok(stdout.includes(part), stdout);
  assert.ok(!existsSync(join(folder, "out")));
});

test("without a name it lists what there is, with parameters", async () => {
  const { status, stdout } = await d90(["notebook"]);
  assert.equal(status, 0);
  assert.match(stdout, /^00-tour: A tour: ten lines to a d90 \(about \d+ s on two cores\)\n {4}-p preset="smoke" {12,}how thorough/);
});

for (const [args, message] of [
  [["subspase"], /there is no notebook "subspase"\. Did you mean "subspace"\?/],
  [["00", "-p", "sed=1"], /00-tour has no parameter "sed"; it has .*Did you mean "seed"\?/],
  [["00", "01", "-p", "seed=1"], /-p goes with one notebook, got 00-tour, 01-subspace/],
] as const) {
  test(`d90 notebook ${args.join(" ")} is a mistake: status 2, and nothing is run`, async () => {
    const { status, stdout, stderr } = await d90(["notebook", ...args]);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, message);
  });
}

test("where nbconvert is missing, the message says how to get it", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "d90-none-"));
  t.after(() => rmSync(folder, { recursive: true }));
  assert.throws(() => findNbconvert(folder, folder), /^UsageError: notebook: Jupyter's nbconvert, which runs notebooks, is not installed: .* Do: npx d90 setup --notebooks/);
  writeFileSync(join(folder, "tsconfig.json"), "{}");
  assert.throws(() => findNbconvert(folder, folder), /Do: npm run notebooks -- 01/);
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "bin", "jupyter-nbconvert"), "");
  assert.equal(findNbconvert(folder, `/nowhere:${join(folder, "bin")}`), join(folder, "bin", "jupyter-nbconvert"));
});

test("of nbconvert's output the failing cell is told, or its last lines", () => {
  const log = "Traceback (most recent call last):\n  File x\nnbclient.exceptions.CellExecutionError: An error occurred while executing the " +
    "following cell:\n------------------\nboom()\n------------------\n\n\u001b[31mError: boom\u001b[0m\n    at In[1]:1:1\n\n";
  assert.equal(failureOf(log), "------------------\nboom()\n------------------\n\nError: boom\n    at In[1]:1:1");
  assert.equal(failureOf("a\nNo such kernel named d90\n"), "a\nNo such kernel named d90");
});

test("a cell with the tag chart must have left an image in the HTML", () => {
  const cell = (id: string) => ({ cell_type: "code", id, metadata: { tags: ["chart"] }, source: "" });
  const notebook = { cells: [cell("a"), cell("b"), { ...cell("c"), metadata: {} }], metadata: {} };
  const html = '<div id="cell-id=a"><img alt="x" src="data:image/png;base64,AA"></div><div id="cell-id=b">a chart</div><div id="cell-id=c"></div>';
  assert.deepEqual(chartsWithoutImage(html, notebook), ["b"]);
});

test("two cores take one notebook at a time, eight take four", () => {
  assert.deepEqual([1, 2, 3, 4, 8].map(notebooksAtATime), [1, 1, 1, 2, 4]);
});

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { DEFAULTS, writeKernelSpec } from "../../../kernel-ext/install/kernelspec.js";
import type { LanguageName } from "../../../kernel-ext/language/types.js";
import { runPython, temporaryFolder } from "./python.js";

interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  data?: Record<string, string | string[]>;
  ename?: string;
}

interface Cell {
  cell_type: "code" | "markdown";
  id?: string;
  source: string | string[];
  metadata: { tags?: string[] };
  execution_count?: number | null;
  outputs?: Output[];
}

const folder = temporaryFolder();

/** Writes a notebook of the kernel `d90`, or of the one for JavaScript; its path. */
function notebook(name: string, cells: readonly (string | { code: string; tags: string[] })[], language: LanguageName = "typescript"): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({
    nbformat: 4, nbformat_minor: 5,
    metadata: { kernelspec: { name: DEFAULTS[language].name, display_name: DEFAULTS[language].displayName, language }, language_info: { name: language } },
    cells: cells.map((cell, at) => ({
      cell_type: "code", id: `cell-${at}`, execution_count: null, outputs: [],
      source: typeof cell === "string" ? cell : cell.code, metadata: typeof cell === "string" ? {} : { tags: cell.tags },
    })),
  }));
  return file;
}

const textOf = (value: string | string[] | undefined): string => (Array.isArray(value) ? value.join("") : value ?? "");
const cellsOf = (file: string): Cell[] => (JSON.parse(readFileSync(file, "utf8")) as { cells: Cell[] }).cells;
const resultOf = (cell: Cell | undefined): string => textOf(cell?.outputs?.find(({ output_type: type }) => type === "execute_result")?.data?.["text/plain"]);

const lesson = [
  "const numbers: number[] = [1, 2, 3];\nconsole.log('sum', numbers.reduce((a, b) => a + b));",
  "import { readFileSync } from 'node:fs';\nawait Promise.resolve(typeof readFileSync)",
  "await Jupyter.display(Jupyter.html('<b>bold</b>'));\nnumbers.length",
];

test("nbconvert --execute runs a notebook in place", async () => {
  const file = notebook("convert.ipynb", lesson);
  const { status, stderr } = await runPython("jupyter-nbconvert", ["--to", "notebook", "--execute", "--inplace", file]);
  assert.equal(status, 0, stderr);
  const cells = cellsOf(file);
  assert.equal(textOf(cells[0]?.outputs?.[0]?.text), "sum 6\n");
  assert.equal(resultOf(cells[1]), "'function'");
  assert.deepEqual(cells.map(({ execution_count: count }) => count), [1, 2, 3]);
  assert.equal(textOf(cells[2]?.outputs?.find(({ output_type: type }) => type === "display_data")?.data?.["text/html"]), "<b>bold</b>");
});

test("nbconvert makes HTML with highlighted TypeScript", async () => {
  const file = notebook("page.ipynb", lesson);
  const { status, stdout, stderr } = await runPython("jupyter-nbconvert", ["--to", "html", "--execute", "--stdout", file]);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /<span class="kd">const<\/span>/);
  assert.match(stdout, /<b>bold<\/b>/);
});

test("nbconvert stops at an error, with its traceback and status 1", async () => {
  const file = notebook("wrong.ipynb", ["const n: number = 'text';", "console.log('not reached')"]);
  const { status, stderr } = await runPython("jupyter-nbconvert", ["--to", "notebook", "--execute", "--inplace", file]);
  assert.equal(status, 1);
  assert.match(stderr, /TS2322/);
});

test("jupyter execute runs a notebook", async () => {
  const file = notebook("execute.ipynb", lesson);
  const { status, stderr } = await runPython("jupyter-execute", ["--inplace", file]);
  assert.equal(status, 0, stderr);
  assert.equal(resultOf(cellsOf(file)[2]), "3");
});

test("papermill sets parameters of every kind behind their defaults", async () => {
  const defaults = "let rows = 10;\nlet rate = 0.1;\nlet name = 'a';\nlet flag = false;\nlet sizes: number[] = [];\nlet more: Record<string, unknown> = {};\nlet none: string | null = 'x';";
  const file = notebook("parameters.ipynb", [{ code: defaults, tags: ["parameters"] }, "console.log(JSON.stringify([rows, rate, name, flag, sizes, more, none]))"]);
  const out = join(folder, "parameters-out.ipynb");
  const yaml = join(folder, "parameters.yaml");
  writeFileSync(yaml, "rows: 3\nrate: 1.0e-4\nname: \"it's \\\"ü\\\"\\nnew\"\nflag: true\nsizes: [1, 2]\nmore: {a: {b: [null, 1.5]}}\nnone: null\n");
  const { status, stderr } = await runPython("papermill", [file, out, "-f", yaml, "--no-progress-bar"]);
  assert.equal(status, 0, stderr);
  const cells = cellsOf(out);
  assert.equal(cells.length, 3);
  assert.deepEqual(cells[1]?.metadata.tags, ["injected-parameters"]);
  assert.match(textOf(cells[1]?.source), /^\/\/ Parameters\nlet rows = 3;\nlet rate = 0\.0001;/);
  const expected = JSON.stringify([3, 1e-4, "it's \"ü\"\nnew", true, [1, 2], { a: { b: [null, 1.5] } }, null]);
  assert.equal(textOf(cells[2]?.outputs?.[0]?.text), `${expected}\n`);
});

test("papermill keeps the declared types of the defaults, which the cells behind are checked against", async () => {
  const defaults = "let preset: \"quick\" | \"full\" = \"full\"; // how thorough\nlet rows: number | null = 5;";
  const use = "const presets: (\"quick\" | \"full\")[] = [preset];\nconsole.log(preset === \"full\", rows === null ? presets : rows + 1)";
  const file = notebook("union.ipynb", [{ code: defaults, tags: ["parameters"] }, use]);
  const out = join(folder, "union-out.ipynb");
  const { status, stderr } = await runPython("papermill", [file, out, "-p", "preset", "quick", "-p", "rows", "7", "--no-progress-bar"]);
  assert.equal(status, 0, stderr);
  const cells = cellsOf(out);
  assert.equal(textOf(cells[1]?.source), "// Parameters\nlet preset: \"quick\" | \"full\" = \"quick\";\nlet rows: number | null = 7;\n");
  assert.equal(textOf(cells[2]?.outputs?.[0]?.text), "false 8\n");
  const wrong = await runPython("papermill", [file, out, "-p", "preset", "slow", "--no-progress-bar"]);
  assert.equal(wrong.status, 1);
  assert.match(wrong.stderr, /TS2322/);
});

test("papermill --help-notebook lists the parameters with types and comments", async () => {
  const file = notebook("help.ipynb", [{ code: "let rows: number = 10; // rows used\nconst title = 'x';", tags: ["parameters"] }]);
  const { stdout, stderr } = await runPython("papermill", ["--help-notebook", file]);
  assert.match(stdout, /rows: number \(default 10\)\s+rows used/, stderr);
  assert.match(stdout, /title: Unknown type \(default 'x'\)/);
});

test("papermill runs a notebook of JavaScript, with its parameters", async () => {
  writeKernelSpec({ dataFolder: folder, name: "d90-js", language: "javascript" });
  const cells = [{ code: "let rows = 10;\nlet name = 'a';", tags: ["parameters"] }, "const os = require('os');\nfunction show(value) { this.value = value; }\nconsole.log(new show(rows).value, name, typeof os.cpus)"];
  const file = notebook("javascript.ipynb", cells, "javascript");
  const out = join(folder, "javascript-out.ipynb");
  const { status, stderr } = await runPython("papermill", [file, out, "-p", "rows", "3", "-p", "name", "b", "--no-progress-bar"], { env: { JUPYTER_PATH: folder } });
  assert.equal(status, 0, stderr);
  assert.equal(textOf(cellsOf(out)[2]?.outputs?.[0]?.text), "3 b function\n");
  const { metadata } = JSON.parse(readFileSync(out, "utf8")) as { metadata: { language_info: { name: string } } };
  assert.equal(metadata.language_info.name, "javascript");
});

test("jupyter console runs what is typed", async () => {
  const input = "const typed: number = 20;\ntyped * 2 + 2\nexit\n";
  const { stdout, stderr } = await runPython("jupyter-console", ["--kernel", "d90", "--simple-prompt"], { input });
  assert.match(stdout, /42/, stderr);
  assert.match(stdout, /TypeScript/);
});

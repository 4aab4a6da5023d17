/** What makes cells quick, without a clock: how many programs are made, and what they share. */
import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { createCells } from "../../../kernel-ext/language/cells.js";
import { createDeclarations } from "../../../kernel-ext/language/declarations.js";
import type { ts } from "../../../kernel-ext/language/typescript.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "d90-programs-")));
after(() => rmSync(folder, { recursive: true }));
const { convert, compiler } = createCells({ cwd: folder, language: "typescript" }, new Set());

/** The programs that are current while a cell is converted, and its files. */
function run(code: string, declarations = createDeclarations()): ts.Program {
  const { conversion, declared } = convert({ code, declarations });
  assert.equal(conversion.kind, "code");
  declarations.keep(declared);
  return compiler.programs.current();
}

test("programs share every file but the cell and the declarations", () => {
  const declarations = createDeclarations();
  const first = run("const a = 1;", declarations);
  const second = run("const b = a;", declarations);
  const changed = second.getSourceFiles().filter((file) => first.getSourceFile(file.fileName) !== file);
  assert.deepEqual(changed.map(({ fileName }) => fileName).sort(), [compiler.declarationsPath, compiler.cellPath].sort());
});

test("a cell makes one program, and none where nothing has changed", () => {
  const declarations = createDeclarations();
  const program = run("1 + 1", declarations);
  assert.equal(run("1 + 1", declarations), program);
  compiler.converter.complete("", "comp", 4);
  const completed = compiler.programs.current();
  compiler.converter.inspect("", "comp", 2);
  assert.equal(compiler.programs.current(), completed);
});

test("a cell that comes again is converted again only where declarations or files have changed", () => {
  const declarations = createDeclarations();
  writeFileSync(join(folder, "own.ts"), "export const own = 1;\n");
  const cell = "import { own } from './own';\nown + 1";
  const again = () => convert({ code: cell, declarations });
  const first = again();
  assert.equal(again().declared, first.declared);
  writeFileSync(join(folder, "own.ts"), "export const own = {};\n");
  assert.equal(again().conversion.kind, "rejected");
  writeFileSync(join(folder, "own.ts"), "export const own = 10;\n");
  const mended = again();
  assert.notEqual(mended.declared, first.declared);
  declarations.keep(convert({ code: "const other = 1;", declarations }).declared);
  assert.notEqual(again().declared, mended.declared);
});

test("only Node's types are loaded besides the language's", () => {
  const installed = run("1").getSourceFiles().map(({ fileName }) => fileName).filter((path) => path.includes("/node_modules/"));
  assert.deepEqual(installed.filter((path) => !/\/(@tslab\/typescript-for-tslab|@types\/node|undici-types)\//.test(path)), []);
});

test("after a failure of the compiler the next program is a new one", () => {
  const before = run("1");
  compiler.programs.startOver();
  assert.notEqual(run("1"), before);
});

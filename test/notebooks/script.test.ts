/** `nbconvert --to script`: what is left of a notebook is a program that compiles by itself. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { projectRoot } from "../../lib/support/root.js";
import { folder, notebooks } from "./files.js";

const run = promisify(execFile);

test("every notebook becomes a TypeScript program that compiles", async (t) => {
  mkdirSync(join(projectRoot, ".d90"), { recursive: true });
  const out = mkdtempSync(join(projectRoot, ".d90", "script-")); // in the project, where "d90" is to be had
  t.after(() => rmSync(out, { recursive: true }));
  const files = notebooks.map(({ name }) => join(folder, name));
  await run(join(projectRoot, ".venv", "bin", "jupyter-nbconvert"), ["--to", "script", "--output-dir", out, ...files], { timeout: 300_000 });
  for (const { name } of notebooks) assert.match(readFileSync(join(out, name.replace(/ipynb$/, "ts")), "utf8"), /from "d90"/, name);
  writeFileSync(join(out, "tsconfig.json"), JSON.stringify({
    compilerOptions: { target: "es2023", module: "nodenext", strict: true, noEmit: true, skipLibCheck: true, types: ["node"] },
    include: ["*.ts", "../../kernel-ext/globals.d.ts"],
  }));
  const { stdout } = await run(process.execPath, [join(projectRoot, "node_modules", "typescript", "bin", "tsc"), "-p", out])
    .catch((error: { stdout: string }) => error);
  assert.equal(stdout, "");
});

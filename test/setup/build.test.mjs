import assert from "node:assert/strict";
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { buildStep } from "../../setup/steps/build.mjs";
import { packageFolder, thisProject } from "../../setup/support/project.mjs";
import { testFiles } from "../../setup/support/tests.mjs";
import { put, temporaryProject } from "./project.mjs";

/** A project with two sources and this project's TypeScript. */
function typescriptProject(t) {
  const project = temporaryProject(t);
  put(project, "package.json", { type: "module" });
  put(project, "node_modules/.keep");
  const packages = dirname(packageFolder(thisProject.root, "typescript"));
  for (const name of ["typescript", "@typescript"]) symlinkSync(join(packages, name), join(project.root, "node_modules", name));
  put(project, "tsconfig.json", {
    compilerOptions: {
      rootDir: ".", outDir: "dist", module: "NodeNext", target: "ES2022", types: [],
      incremental: true, tsBuildInfoFile: "dist/.tsbuildinfo",
    },
    include: ["lib", "test"],
  });
  put(project, "lib/a.ts", "export const a: number = 1;\n");
  put(project, "test/a.test.ts", "import { a } from \"../lib/a.js\";\nexport const b = a;\n");
  return project;
}

test("a build is due when a source is new, changed or gone, or its output is", async (t) => {
  const project = typescriptProject(t);
  const step = buildStep(project);
  assert.equal(step.state().todo, "not built");
  await step.run();
  assert.deepEqual([step.state().todo, step.state().detail], ["", "2 files"]);
  put(project, "lib/a.ts", "export const a: number = 22;\n");
  assert.equal(step.state().todo, "sources have changed");
  await step.run();
  put(project, "lib/b.ts", "export const b = 1;\n");
  assert.equal(step.state().todo, "not built");
  await step.run();
  assert.equal(step.state().todo, "");
});

test("what is missing in dist is made again, though the compiler believes it there", async (t) => {
  const project = typescriptProject(t);
  const step = buildStep(project);
  await step.run();
  rmSync(join(project.root, "dist/lib/a.js"));
  assert.equal(step.state().todo, "not built");
  await step.run();
  assert.equal(existsSync(join(project.root, "dist/lib/a.js")), true);
});

test("what has no source any more leaves dist, and is no test", async (t) => {
  const project = typescriptProject(t);
  put(project, "dist/test/old.test.js");
  put(project, "dist/lib/old.js");
  await buildStep(project).run();
  assert.equal(existsSync(join(project.root, "dist/test/old.test.js")), false);
  assert.equal(existsSync(join(project.root, "dist/lib/old.js")), false);
  assert.deepEqual(testFiles(project).map(({ source }) => source), ["test/a.test.ts"]);
});

test("an error of TypeScript is a problem with its lines", async (t) => {
  const project = typescriptProject(t);
  put(project, "lib/a.ts", "export const a: number = \"one\";\n");
  const step = buildStep(project);
  await assert.rejects(step.run(), /TypeScript found errors.*\n {4}lib\/a\.ts\(1,14\): error TS2322/);
  assert.equal(step.state().todo, "not built");
});

test("tests are chosen by parts of their paths; benchmarks and oracles are none", (t) => {
  const project = temporaryProject(t);
  const paths = ["test/x/a.test.ts", "test/y/b.test.mjs", "test/bench/c.test.ts", "test/oracles/d.test.ts", "test/x/helper.ts"];
  for (const path of paths) put(project, path);
  assert.deepEqual(testFiles(project).map(({ source }) => source), ["test/x/a.test.ts", "test/y/b.test.mjs"]);
  assert.deepEqual(testFiles(project, ["y/"]).map(({ file }) => file), [join(project.root, "test/y/b.test.mjs")]);
  assert.throws(() => testFiles(project, ["nothing"]), /no test file's path contains nothing/);
});

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import test from "node:test";
import { projectRoot } from "../lib/support/root.js";

/** Levels of lib/: a folder (or lone file) imports its own level and lower ones. design.md, "The tree". */
const LEVELS: readonly (readonly string[])[] = [
  ["support"], ["records"], ["engine"], ["projections", "models"], ["reparameterisations"], ["subspace"], ["tasks", "training"],
  ["pretraining"], ["search", "bounds", "charts"], ["sweep"], ["cli"], ["index"],
];

/** Folders that read records only. */
const READERS = ["bounds", "charts"];

/** The only folder that may import one of these. */
const BACKENDS = /^@tensorflow\/tfjs(-node.*|-backend-.*|-layers|-data|-converter)?$/;

const sources = ["lib", "kernel-ext"].flatMap(typescriptBelow);
const tests = typescriptBelow("test");

function typescriptBelow(folder: string): string[] {
  if (!existsSync(join(projectRoot, folder))) return [];
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? typescriptBelow(path) : path.endsWith(".ts") ? [path] : [];
  });
}

const textOf = (path: string): string => readFileSync(join(projectRoot, path), "utf8");

/** A file's code without comments and without what strings say. */
function codeOf(path: string): string {
  return textOf(path).replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|\/\/.*$/gm, (part) => (part.startsWith("\"") ? "\"\"" : ""));
}

/** What a file imports or exports from, static or dynamic; relative ones as paths of sources. */
function importsOf(path: string, text = textOf(path)): { specifier: string; target: string | null; typeOnly: boolean }[] {
  const found = text.matchAll(/(?:^\s*(?:import|export)\s+(type\s)?(?:[\w*\s{},$]*?\sfrom\s+)?|\bimport\(\s*)"([^"\n]+)"/gm);
  return [...found].map(([, typeOnly, specifier = ""]) => ({
    specifier, typeOnly: typeOnly !== undefined,
    target: specifier.startsWith(".") ? normalize(join(dirname(path), specifier)).replace(/\.js$/, ".ts") : null,
  }));
}

/** "lib/models/bert.ts" -> "models", "lib/subspace.ts" -> "subspace". */
const partOf = (path: string): string => (path.split("/")[1] ?? "").replace(/\.ts$/, "");
const levelOf = (part: string): number => LEVELS.findIndex((parts) => parts.includes(part));

test("imports are read whatever their form", () => {
  const text = `import a from "./a.js";\nimport type { B } from "../b.js";\nexport * from "c";\nimport {\n  d,\n} from "./d.js";
const e = await import("./e.js");\nimport "./f.js";\n`;
  const imports = importsOf("lib/x/y.ts", text);
  assert.deepEqual(imports.map(({ specifier }) => specifier), ["./a.js", "../b.js", "c", "./d.js", "./e.js", "./f.js"]);
  assert.deepEqual(imports.map(({ target }) => target), ["lib/x/a.ts", "lib/b.ts", null, "lib/x/d.ts", "lib/x/e.ts", "lib/x/f.ts"]);
  assert.deepEqual(imports.map(({ typeOnly }) => typeOnly), [false, true, false, false, false, false]);
});

test("every folder of lib has its level", () => {
  const parts = new Set(sources.filter((path) => path.startsWith("lib/")).map(partOf));
  assert.deepEqual([...parts].filter((part) => levelOf(part) === -1), []);
});

test("imports point one way: support, records <- ... <- search <- sweep <- cli", () => {
  const wrong = libImports().filter(({ from, to }) => levelOf(partOf(to)) > levelOf(partOf(from)));
  assert.deepEqual(wrong.map(({ from, to }) => `${from} -> ${to}`), []);
});

test("bounds and charts read only records and support", () => {
  const wrong = libImports().filter(({ from, to }) => READERS.includes(partOf(from)) && !["records", "support"].includes(partOf(to)));
  assert.deepEqual(wrong.map(({ from, to }) => `${from} -> ${to}`), []);
});

test("charts need no TensorFlow", () => {
  const charts = sources.filter((path) => path.startsWith("lib/charts/"));
  assert.deepEqual(charts.filter((path) => importsOf(path).some(({ specifier }) => specifier.startsWith("@tensorflow/"))), []);
});

/** Imports between different parts of lib. */
function libImports(): { from: string; to: string }[] {
  return sources.filter((path) => path.startsWith("lib/")).flatMap((from) => importsOf(from)
    .flatMap(({ target }) => (target?.startsWith("lib/") && partOf(target) !== partOf(from) ? [{ from, to: target }] : [])));
}

test("lib and kernel-ext never import each other", () => {
  const wrong = sources.filter((path) => importsOf(path).some(({ specifier, target }) => {
    const other = path.startsWith("lib/") ? "kernel-ext/" : "lib/";
    return target?.startsWith(other) === true || (path.startsWith("kernel-ext/") && specifier === "d90");
  }));
  assert.deepEqual(wrong, []);
});

test("only lib/engine imports a backend", () => {
  const wrong = sources.filter((path) => !path.startsWith("lib/engine/") && (/\(\s*"@tensorflow\/tfjs-(node|backend)/.test(textOf(path))
    || importsOf(path).some(({ specifier }) => BACKENDS.test(specifier.split("/").slice(0, 2).join("/")))));
  assert.deepEqual(wrong, []);
});

test("no file imports itself through others", () => {
  assert.deepEqual(firstCycle([...sources, ...tests]), []);
});

test("no two folders of lib import each other", () => {
  const pairs = new Set(libImports().map(({ from, to }) => `${partOf(from)} -> ${partOf(to)}`));
  assert.deepEqual([...pairs].filter((pair) => pairs.has(pair.split(" -> ").toReversed().join(" -> "))), []);
});

/** The first cycle of run-time imports met, as a path; [] where there is none. Types alone make no cycle: they are erased. */
function firstCycle(paths: readonly string[]): string[] {
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (finished.has(path) || !existsSync(join(projectRoot, path))) return [];
    for (const { target, typeOnly } of importsOf(path)) {
      const cycle = target === null || typeOnly ? [] : visit(target, [...trail, path]);
      if (cycle.length > 0) return cycle;
    }
    finished.add(path);
    return [];
  };
  return paths.map((path) => visit(path, [])).find((cycle) => cycle.length > 0) ?? [];
}

test("no file is longer than 300 lines", () => {
  const long = [...sources, ...tests, ...setupFiles()].filter((path) => textOf(path).split("\n").length > 301);
  assert.deepEqual(long, []);
});

test("no type is let loose", () => {
  const loose = [...sources, ...tests].filter((path) => /\bas any\b|[:<,|(]\s*any\b(?!\s*\()|\bany\[\]|\bas unknown as\b/.test(codeOf(path))
    || /@ts-(ignore|expect-error|nocheck)|eslint-disable/.test(commentsOf(path)));
  assert.deepEqual(loose, []);
});

const commentsOf = (path: string): string => [...textOf(path).matchAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm)].map(([comment]) => comment).join("\n");

test("the set-up needs no package, and a clone without node_modules can run it", () => {
  const wrong = setupFiles().filter((path) => importsOf(path).some(({ specifier }) => !specifier.startsWith(".") && !specifier.startsWith("node:")));
  assert.deepEqual(wrong, []);
});

function setupFiles(): string[] {
  return ["", "/jobs", "/steps", "/support"].flatMap((folder) =>
    readdirSync(join(projectRoot, `setup${folder}`)).filter((name) => name.endsWith(".mjs")).map((name) => `setup${folder}/${name}`));
}

test("the index is a map: at most 80 lines, no logic", () => {
  if (!existsSync(join(projectRoot, "lib/index.ts"))) return;
  const statements = codeOf("lib/index.ts").split(";").map((statement) => statement.trim()).filter((text) => text !== "");
  assert.ok(textOf("lib/index.ts").split("\n").length <= 81);
  assert.deepEqual(statements.filter((statement) => !/^export (type )?(\{|\*)/.test(statement)), []);
});

/** TypeScript to dist/, only when a source has changed; what has no source any more leaves dist/. */
import { chmodSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.mjs";
import { SetupProblem } from "../support/problems.mjs";
import { packageFolder } from "../support/project.mjs";
import { readJson, writeJson } from "../support/stamps.mjs";

const FOLDERS = ["lib", "kernel-ext", "test"];
const COMMAND_LINE = join("dist", "lib", "cli", "main.js");

export function buildStep(project) {
  const stampFile = join(project.root, "dist", ".setup.json");
  return {
    name: "TypeScript build",
    after: ["Node packages"],
    state() {
      // d90 installed as a package brings dist/ and no sources.
      if (!existsSync(join(project.root, "tsconfig.json"))) return { todo: "", detail: "part of the package" };
      const sources = sourcesOf(project);
      const built = readJson(stampFile);
      if (built === null) return { todo: "not built", detail: "" };
      if (sources.some((source) => !existsSync(outputOf(project, source)))) return { todo: "not built", detail: "" };
      const stale = built.sources !== describe(project, sources);
      return { todo: stale ? "sources have changed" : "", detail: `${sources.length} files`, stale };
    },
    async run() {
      const sources = sourcesOf(project);
      // What is built is what was read before: a file saved meanwhile is built the next time.
      const description = describe(project, sources);
      rmSync(stampFile, { force: true });
      removeOrphans(project, sources);
      await compile(project, sources);
      makeExecutable(project);
      writeJson(stampFile, { sources: description });
    },
  };
}

/** Paths of all TypeScript sources, relative to the project's root, in order. */
export function sourcesOf(project) {
  const files = FOLDERS.flatMap((folder) => filesBelow(project.root, folder));
  return files.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts")).toSorted();
}

/** Files below `folder`, as paths from `root`. */
export function filesBelow(root, folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}

/** The JavaScript of a source. */
export const outputOf = (project, source) => join(project.root, "dist", source.replace(/\.ts$/, ".js"));

/** What decides whether a build is due: each source's time and size, the settings, the compiler. */
function describe(project, sources) {
  const files = ["tsconfig.json", ...sources].map((path) => {
    const { mtimeMs, size } = statSync(join(project.root, path));
    return `${path} ${mtimeMs} ${size}`;
  });
  const { version } = readJson(join(packageFolder(project.root, "typescript"), "package.json")) ?? {};
  return [`typescript ${version}`, ...files].join("\n");
}

async function compile(project, sources) {
  // tsc trusts its notes: where an output is gone, they must go too.
  const isComplete = sources.every((source) => existsSync(outputOf(project, source)));
  if (!isComplete) rmSync(join(project.root, "dist", ".tsbuildinfo"), { force: true });
  rmSync(join(project.logs, "build.log"), { force: true });
  const compiler = packageFolder(project.root, "typescript");
  if (compiler === "") throw new SetupProblem({ what: "TypeScript is not installed.", remedy: "npm ci --include=dev" });
  await runCommand(project, {
    log: "build", command: process.execPath, args: [join(compiler, "bin", "tsc"), "-p", "tsconfig.json", "--pretty", "false"],
    what: "TypeScript found errors", remedy: "mend them, then run the same command again",
  });
}

/** Removes what earlier builds made of sources that are gone: an old test must not run, an old module not be imported. */
function removeOrphans(project, sources) {
  const kept = new Set(sources.flatMap((source) => {
    const stem = join("dist", source.replace(/\.ts$/, ""));
    return [`${stem}.js`, `${stem}.js.map`, `${stem}.d.ts`];
  }));
  for (const folder of FOLDERS) {
    for (const path of filesBelow(project.root, join("dist", folder))) {
      if (!kept.has(path)) rmSync(join(project.root, path), { force: true });
    }
  }
}

/** `npx d90` runs the file itself. */
function makeExecutable(project) {
  const file = join(project.root, COMMAND_LINE);
  if (existsSync(file)) chmodSync(file, 0o755);
}

/** Node packages: `npm ci` with install scripts off. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { ask, runCommand } from "../support/commands.mjs";
import { SetupProblem } from "../support/problems.mjs";
import { readJson } from "../support/stamps.mjs";

/** Compares package-lock.json with what npm noted in node_modules when it finished, so an npm stopped half-way is seen. */
export function packagesStep(project) {
  return {
    name: "Node packages",
    after: [],
    state() {
      const locked = readJson(join(project.root, "package-lock.json"));
      // d90 installed as a package has no lock file of its own: npm has put its packages there.
      if (locked === null) return { todo: "", detail: "installed by npm" };
      const installed = readJson(join(project.root, "node_modules", ".package-lock.json"));
      if (installed === null) return { todo: "not installed", detail: "", hint: "npm ci" };
      const wanted = Object.entries(locked.packages).filter(([path, entry]) => path !== "" && isWanted(entry));
      const differs = wanted.find(([path, entry]) =>
        installed.packages[path]?.version !== entry.version || !existsSync(join(project.root, path, "package.json")));
      if (differs === undefined) return { todo: "", detail: `${wanted.length} packages` };
      const name = differs[0].replace(/^.*node_modules\//, "");
      return { todo: `${name} is not the one of package-lock.json`, detail: "", hint: "npm ci" };
    },
    async run() {
      const [command, ...args] = npmCommand();
      await runCommand(project, {
        log: "packages", command,
        args: [...args, "ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"],
        what: "npm ci failed", why: "TensorFlow.js, the tokenizer, the charts and TypeScript are npm packages",
      });
    },
  };
}

/** Whether a lock file's entry belongs on this machine: optional ones may be another system's. */
export function isWanted(entry, { platform = process.platform, arch = process.arch } = {}) {
  if (entry.optional !== true) return true;
  const { os = [], cpu = [arch], libc = ["glibc"] } = entry;
  return os.includes(platform) && cpu.includes(arch) && libc.includes("glibc");
}

/** The npm that started this, or the one on the path. */
export function npmCommand(environment = process.env) {
  const started = environment.npm_execpath ?? "";
  if (basename(started) === "npm-cli.js" && existsSync(started)) return [process.execPath, started];
  if (ask("npm", ["--version"]) !== null) return ["npm"];
  throw new SetupProblem({
    what: "npm was not found.", why: "the packages that d90 is built on come from npm",
    remedy: "install Node with its npm from https://nodejs.org/en/download (Debian: apt-get install npm)",
  });
}

/** Deno for the kernels' benchmark alone: npm brings its binary, in a folder of its own. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.mjs";
import { readJson } from "../support/stamps.mjs";
import { npmCommand } from "./packages.mjs";

const VERSION = "2.9.6";

const folderOf = (project) => join(project.state, "deno");

/** Deno's binary, from npm's package for this machine; "" where there is none. */
export function denoOf(project) {
  const packages = join(folderOf(project), "node_modules", "@deno");
  const names = existsSync(packages) ? readdirSync(packages) : [];
  return names.map((name) => join(packages, name, "deno")).find((file) => existsSync(file)) ?? "";
}

export function denoStep(project) {
  const installed = () => readJson(join(folderOf(project), "node_modules", "deno", "package.json"))?.version;
  return {
    name: "Deno",
    after: [],
    state() {
      if (installed() === VERSION && denoOf(project) !== "") return { todo: "", detail: `${VERSION} in .d90/deno` };
      return { todo: "not installed", detail: "", hint: "45 MB, once, for the benchmark" };
    },
    async run() {
      rmSync(folderOf(project), { recursive: true, force: true });
      const [command, ...args] = npmCommand();
      await runCommand(project, {
        log: "deno", command,
        args: [...args, "install", "--prefix", folderOf(project), "--no-audit", "--no-fund", "--ignore-scripts", `deno@${VERSION}`],
        what: `npm could not install Deno ${VERSION}`, why: "the kernel is compared with its kernel",
      });
    },
  };
}

/** The project's .venv: TensorFlow and the default model live there, apart from the system's Python. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ask, runCommand } from "../support/commands.mjs";
import { PYTHONS } from "../support/prerequisites.mjs";
import { pythonOf, sitePackagesOf } from "../support/project.mjs";
import { choosePython } from "../support/pythons.mjs";
import { beginStamp, clearStamp, finishStamp, readStamp, wasInterrupted } from "../support/stamps.mjs";

/** What has to be installed again when .venv is made anew. */
const INSIDE = ["tensorflow", "model", "notebooks"];

export function venvStep(project) {
  return {
    name: "Python environment",
    after: [],
    state() {
      const todo = venvObjection(project);
      return { todo, detail: todo === "" ? `Python ${versionOf(project)} in .venv` : "", hint: "python -m venv .venv" };
    },
    async run() {
      if (isUsable(project)) return finishStamp(project, "venv", {});
      const python = choosePython(project);
      for (const name of INSIDE) clearStamp(project, name);
      beginStamp(project, "venv");
      rmSync(project.venv, { recursive: true, force: true });
      await runCommand(project, {
        log: "venv", command: python.path, args: ["-m", "venv", project.venv],
        what: `python -m venv failed with Python ${python.version}`, why: "TensorFlow is installed into the project's .venv",
      });
      finishStamp(project, "venv", {});
    },
  };
}

/** Why .venv has to be made; "" when it is good. pip is not safe to repeat over packages it has unpacked by half. */
function venvObjection(project) {
  if (!existsSync(project.venv)) return "not made";
  if (wasInterrupted(project, "venv") || wasInterrupted(project, "tensorflow")) return "interrupted, made anew";
  if (!existsSync(pythonOf(project.venv)) || !existsSync(join(sitePackagesOf(project.venv), "pip"))) return "broken, made anew";
  if (!PYTHONS.includes(versionOf(project).split(".").slice(0, 2).join("."))) return `of Python ${versionOf(project)}, made anew`;
  return readStamp(project, "venv") === null ? "not checked" : "";
}

/** The version that .venv was made with, from its own notes. */
function versionOf(project) {
  const file = join(project.venv, "pyvenv.cfg");
  return existsSync(file) ? /^version\s*=\s*(\S+)/m.exec(readFileSync(file, "utf8"))?.[1] ?? "" : "";
}

/** A .venv that is there already, made by hand, is kept if it works. */
function isUsable(project) {
  return venvObjection(project) === "not checked" && ask(pythonOf(project.venv), ["-m", "pip", "--version"]) !== null;
}

/** JupyterLab, nbconvert, papermill and jupyter_kernel_test in .venv: what notebooks and tests need, and nothing else does. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.mjs";
import { pythonOf, sitePackagesOf } from "../support/project.mjs";
import { beginStamp, fingerprintOf, finishStamp, readStamp, wasInterrupted } from "../support/stamps.mjs";
import { PIP_INSTALL } from "./tensorflow.mjs";

export function notebooksStep(project) {
  const requirements = join(project.requirements, "notebooks.txt");
  const translator = join(project.root, "kernel-ext", "papermill");
  const sources = [requirements, join(translator, "pyproject.toml"), join(translator, "d90_papermill.py")];
  return {
    name: "JupyterLab",
    after: ["Default model"],
    state() {
      const there = ["jupyterlab", "d90_papermill.py"].every((name) => existsSync(join(sitePackagesOf(project.venv), name)));
      const installed = there && readStamp(project, "notebooks")?.requirements === fingerprintOf(sources);
      if (installed) return { todo: "", detail: "with nbconvert and papermill (.venv)" };
      return { todo: "not installed", detail: "", hint: "60 MB from PyPI, once" };
    },
    async run() {
      // Over whatever an interrupted pip has left.
      const anew = wasInterrupted(project, "notebooks") ? ["--ignore-installed"] : [];
      beginStamp(project, "notebooks");
      const pip = (args, what) => runCommand(project, {
        log: "notebooks", command: pythonOf(project.venv), args, what, why: "notebooks and their tests run with it",
      });
      await pip([...PIP_INSTALL, "--no-deps", ...anew, "-r", requirements], "pip could not install JupyterLab");
      // From its sources, with the setuptools that is there: nothing is downloaded.
      const local = PIP_INSTALL.filter((argument) => !["--only-binary", ":all:"].includes(argument));
      await pip([...local, "--no-deps", "--no-build-isolation", "--force-reinstall", translator], "pip could not install papermill's translator");
      for (const left of ["build", "d90_papermill.egg-info"]) rmSync(join(translator, left), { recursive: true, force: true });
      finishStamp(project, "notebooks", { requirements: fingerprintOf(sources) });
    },
  };
}

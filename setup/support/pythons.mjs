/** Which Python makes the .venv, and whether one at hand has a TensorFlow that fits. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./commands.mjs";
import { PYTHONS, pythonMissing, pythonWithoutWheels, venvMissing } from "./prerequisites.mjs";

/** TensorFlow versions of an existing environment that are used: the C API is stable, 2.18 and 2.21 were tried. */
const TENSORFLOW_FROM = [2, 18];

/** What a Python says of itself, as JSON. Imports no TensorFlow: that takes seconds. */
const QUESTIONS = `
import importlib.metadata as m, importlib.util as u, json, platform, sys
found = u.find_spec("tensorflow")
def version():
    for name in ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos", "tf-nightly"):
        try: return m.version(name)
        except Exception: pass
    return ""
tf = {"folder": found.submodule_search_locations[0], "version": version()} if found and found.submodule_search_locations else None
print(json.dumps({"path": sys.executable, "version": platform.python_version(), "machine": platform.machine(), "prefix": sys.prefix,
  "venv": bool(u.find_spec("venv") and u.find_spec("ensurepip")), "tensorflow": tf}))
`;

/** Names and paths to look at, best first: the active environment's, then the system's. A person's PYTHON stands alone. */
export function pythonCandidates(environment = process.env) {
  if (environment.PYTHON) return [environment.PYTHON];
  const active = [environment.VIRTUAL_ENV, environment.CONDA_PREFIX].filter(Boolean).map((folder) => join(folder, "bin", "python"));
  return [...active, "python3", ...PYTHONS.toReversed().map((version) => `python${version}`), "python"];
}

/** What the Python at `command` is: `{ path, version, machine, prefix, venv, tensorflow }`, or null when it does not run. */
export function inspectPython(command) {
  const answer = ask(command, ["-I", "-c", QUESTIONS]);
  try {
    return answer === null ? null : JSON.parse(answer);
  } catch {
    return null;
  }
}

/** Why `python` cannot hold TensorFlow; "" when it can. */
export function pythonObjection(python, arch = process.arch) {
  const [major, minor] = python.version.split(".").map(Number);
  const machine = { x86_64: "x64", amd64: "x64", aarch64: "arm64", arm64: "arm64" }[python.machine.toLowerCase()] ?? python.machine;
  if (!PYTHONS.includes(`${major}.${minor}`)) return major === 3 && minor > 13 ? "too new" : "too old";
  if (machine !== arch) return `built for ${python.machine}, but Node for ${arch}`;
  return python.venv ? "" : "no venv";
}

/**
 * The first candidate that can hold TensorFlow.
 * @param project Its own .venv is no candidate: it may be made anew.
 * @throws {SetupProblem} that says what was seen and what to install.
 */
export function choosePython(project, { candidates = pythonCandidates(), inspect = inspectPython } = {}) {
  const seen = [];
  for (const command of candidates) {
    const python = inspect(command);
    if (python?.prefix === project.venv) continue;
    const objection = python === null ? "does not run" : pythonObjection(python);
    if (objection === "") return python;
    seen.push({ command, python, objection });
  }
  throw problemOf(seen);
}

function problemOf(seen) {
  const found = seen.filter(({ python }) => python !== null);
  const lines = (seen.length === 1 ? seen : found).map(({ command, python, objection }) =>
    [`${command}:`, python?.version, objection].filter(Boolean).join(" "));
  const withoutVenv = found.find(({ objection }) => objection === "no venv");
  if (withoutVenv !== undefined) return venvMissing(withoutVenv.python);
  const tooNew = found.find(({ objection }) => objection === "too new");
  return tooNew === undefined ? pythonMissing(lines) : pythonWithoutWheels(tooNew.python.version, lines);
}

/** File names of TensorFlow's two libraries. */
export function tensorflowLibraries(platform = process.platform) {
  const names = ["tensorflow_cc", "tensorflow_framework"];
  return names.map((name) => (platform === "darwin" ? `lib${name}.2.dylib` : `lib${name}.so.2`));
}

/** Why an environment's TensorFlow `{ folder, version }` cannot be used; "" when it can. */
export function tensorflowObjection({ folder, version }) {
  const [major, minor] = version.split(".").map(Number);
  const [fromMajor, fromMinor] = TENSORFLOW_FROM;
  if (major !== fromMajor || !(minor >= fromMinor)) return `${version || "unknown"}, not ${fromMajor}.${fromMinor} to ${fromMajor}.x`;
  const missing = [...tensorflowLibraries(), "include"].find((name) => !existsSync(join(folder, name)));
  return missing === undefined ? "" : `has no ${missing}`;
}

/** A TensorFlow `{ folder, version, prefix }` of the active environment or the system's Python that fits, or null. */
export function existingTensorflow(project, { candidates = pythonCandidates().slice(0, 3), inspect = inspectPython } = {}) {
  for (const command of candidates) {
    const python = inspect(command);
    if (python === null || python.prefix === project.venv || python.tensorflow === null) continue;
    if (tensorflowObjection(python.tensorflow) === "") return { ...python.tensorflow, prefix: python.prefix };
  }
  return null;
}

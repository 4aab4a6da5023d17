/** The messages for what must be there before the set-up: each with this system's command that installs it. */
import { existsSync, readFileSync } from "node:fs";
import { SetupProblem } from "./problems.mjs";

/** Pythons that TensorFlow 2.21 has wheels for. */
export const PYTHONS = ["3.10", "3.11", "3.12", "3.13"];

/** "debian", "fedora", "macos" or "other", from process.platform and the content of /etc/os-release. */
export function systemFamily(platform = process.platform, release = osRelease()) {
  if (platform === "darwin") return "macos";
  const names = [...release.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap((match) => match[1].split(" "));
  if (names.some((name) => name === "debian" || name === "ubuntu")) return "debian";
  if (names.some((name) => name === "fedora" || name === "rhel")) return "fedora";
  return "other";
}

function osRelease() {
  return existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
}

/** This system's command from `commands` by family; all of them where the system is none of these. */
export function installCommand(commands, family = systemFamily(), uid = process.getuid?.()) {
  const withRights = (command) => (uid === 0 ? command.replaceAll("sudo ", "") : command);
  if (commands[family] !== undefined) return withRights(commands[family]);
  return Object.entries(commands).map(([name, command]) => `${withRights(command)} (${name})`);
}

const INSTALL_PYTHON = {
  debian: "sudo apt-get install -y python3 python3-venv",
  fedora: "sudo dnf install -y python3.12",
  macos: "brew install python@3.12",
};

const WHY_PYTHON = "TensorFlow, the engine, comes from PyPI into the project's .venv";

/** `seen`: what was looked at and why it did not do, a line each. */
export function pythonMissing(seen) {
  return new SetupProblem({
    what: `Python ${PYTHONS[0]} or newer was not found.`, output: seen.join("\n"), why: WHY_PYTHON,
    remedy: [installCommand(INSTALL_PYTHON), "or name one: PYTHON=/path/to/python3 npm start"].flat(),
  });
}

/** `version` is one without wheels, as 3.14 is. */
export function pythonWithoutWheels(version, seen) {
  return new SetupProblem({
    what: `TensorFlow has no build for Python ${version}: it has them for ${PYTHONS.join(", ")}.`,
    output: seen.join("\n"), why: WHY_PYTHON,
    remedy: [installCommand({
      debian: "sudo apt-get install -y python3.13 python3.13-venv (or python3.12; or `pyenv install 3.12`)",
      fedora: "sudo dnf install -y python3.12",
      macos: "brew install python@3.12",
    }), "or name one: PYTHON=/path/to/python3.12 npm start"].flat(),
  });
}

/** `python` is a good one, except that Debian keeps venv in a package of its own. */
export function venvMissing(python) {
  return new SetupProblem({
    what: `${python.path} (Python ${python.version}) has no venv module.`,
    why: "TensorFlow is installed into the project's .venv, apart from the system's Python",
    remedy: installCommand({
      debian: `sudo apt-get install -y python${python.version.split(".").slice(0, 2).join(".")}-venv`,
      fedora: "sudo dnf install -y python3",
      macos: "brew install python@3.12",
    }),
  });
}

/** What the step that goes on without a compiler says. */
export function compilerMissing() {
  const command = installCommand({
    debian: "sudo apt-get install -y g++", fedora: "sudo dnf install -y gcc-c++", macos: "xcode-select --install",
  });
  return `no C++ compiler was found (g++, clang++, $CXX): install one (${[command].flat().join("; ")}), then run npm start again`;
}

/** Requires an operating system that TensorFlow is built for. */
export function requirePlatform(platform = process.platform, arch = process.arch) {
  const system = `${platform} ${arch}`;
  if (["linux x64", "linux arm64", "darwin arm64"].includes(system)) return;
  throw new SetupProblem({
    what: `d90 does not run on ${system}.`,
    why: "TensorFlow has builds for Linux x86-64 (tested), Linux arm64 and macOS arm64 (untested)",
    remedy: platform === "win32"
      ? "use WSL 2 with Ubuntu: `wsl --install`, then clone and run there"
      : "use one of those, or a container with linux/amd64",
  });
}

/** Requires glibc on Linux: PyPI's TensorFlow is not built for musl. */
export function requireGlibc(report = process.platform === "linux" ? process.report.getReport() : null) {
  if (report === null || report.header.glibcVersionRuntime !== undefined) return;
  throw new SetupProblem({
    what: "this Linux uses musl instead of glibc (Alpine?).", why: "TensorFlow's builds on PyPI need glibc 2.27 or newer",
    remedy: "use an image with glibc, such as node:22-bookworm or ubuntu",
  });
}

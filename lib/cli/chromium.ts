/**
 * A headless Chromium: the one that D90_CHROMIUM names, else that of the package @sparticuz/chromium, which carries one for Linux on
 * x86-64 with the system libraries that it needs, else Chrome as it is installed.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../support/root.js";

const runs = promisify(execFile);

export interface Chromium {
  executable: string;
  /** Its environment: where its fonts and libraries are. */
  env: NodeJS.ProcessEnv;
}

/** No sandbox: it needs rights that containers and root lack, and the only pages are the user's own notebooks. */
export const chromiumArguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none", "--no-proxy-server"];

const REMEDY = "Install Google Chrome, or on Linux for x86-64 npm install @sparticuz/chromium, or name a Chromium of version 120 or newer: " +
  "D90_CHROMIUM=/path/to/chrome.";

/** What Chrome and Chromium are called, on PATH and on macOS. */
const NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** @throws {Error} that says what is missing and what to do. */
export async function findChromium(env = process.env, packages = packageFolder()): Promise<Chromium> {
  const named = env.D90_CHROMIUM;
  if (named !== undefined && named !== "") {
    if (existsSync(named)) return { executable: named, env };
    throw new Error(`D90_CHROMIUM must name a Chromium's program, got ${named}, which is not there.`);
  }
  if (packages !== null && process.platform === "linux" && process.arch === "x64") return packaged(await unpacked(packages), env);
  const installed = [...(env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))), MAC].find((file) => existsSync(file));
  if (installed !== undefined) return { executable: installed, env };
  throw new Error(`There is no Chromium: neither the package @sparticuz/chromium nor Chrome on PATH. ${REMEDY}`);
}

/** Where @sparticuz/chromium is, if it is. */
function packageFolder(): string | null {
  try {
    return dirname(dirname(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium"))));
  } catch {
    return null;
  }
}

/** With the system's libraries where it has all of them, else with those that the package brings. */
async function packaged(folder: string, given: NodeJS.ProcessEnv): Promise<Chromium> {
  const executable = join(folder, "chromium");
  const env = { ...given, ...(existsSync("/etc/fonts/fonts.conf") ? {} : { FONTCONFIG_PATH: join(folder, "fonts") }) };
  if ((await missingLibraries(executable, env)).length === 0) return { executable, env };
  const own = { ...env, LD_LIBRARY_PATH: join(folder, "al2023", "lib") };
  const missing = await missingLibraries(executable, own);
  if (missing.length === 0) return { executable, env: own };
  throw new Error(`Chromium lacks system libraries: ${missing.join(", ")}. ${REMEDY}`);
}

/** Names of shared libraries that the loader does not find; none where there is no ldd to ask. */
async function missingLibraries(file: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { stdout } = await runs("ldd", [file], { env }).catch(() => ({ stdout: "" }));
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name!);
}

/** The package's files, unpacked into .d90 once for each version: whole or not at all. */
async function unpacked(source: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { version: string };
  const folder = join(projectRoot, ".d90", `chromium-${version}`);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}.new-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    // The package unpacks into TMPDIR, and its libraries only where it believes itself on Amazon Linux.
    await runs(process.execPath, ["--input-type=module", "-e", "await (await import('@sparticuz/chromium')).default.executablePath()"], {
      cwd: source, env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x", NODE_OPTIONS: "" },
    });
    if (!existsSync(folder)) renameSync(fresh, folder);
    return folder;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

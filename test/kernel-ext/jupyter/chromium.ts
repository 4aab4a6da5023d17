/**
 * A headless Chromium from the project's own packages: @sparticuz/chromium carries one for Linux on x86-64, with the system
 * libraries that it needs. Elsewhere an installed Chrome is used; D90_CHROMIUM names another one.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import puppeteer, { type Browser, type LaunchOptions } from "puppeteer-core";
import { projectRoot } from "../../../lib/support/root.js";

const runs = promisify(execFile);
const REMEDY = "Install Google Chrome, or name a Chromium of version 120 or newer with D90_CHROMIUM=/path/to/chrome.";

/** No sandbox: it needs rights that containers and root lack, and the only pages are those of the test's own JupyterLab. */
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none", "--no-proxy-server"];

/**
 * Starts the browser.
 * @throws {Error} that says what is missing and what to do.
 */
export async function startChromium(): Promise<Browser> {
  const named = process.env.D90_CHROMIUM;
  if (named) return launch({ executablePath: named });
  if (process.platform === "linux" && process.arch === "x64") return launchOwn(await unpacked());
  return launch({ channel: "chrome" });
}

async function launch(options: LaunchOptions): Promise<Browser> {
  try {
    return await puppeteer.launch({ headless: "shell", args: ARGS, timeout: 60_000, ...options });
  } catch (error) {
    throw new Error(`Chromium does not start: ${(error as Error).message.trim().split("\n").slice(0, 4).join(" ")}\n${REMEDY}`);
  }
}

/** With the system's libraries where it has all of them, else with those that the package brings. */
async function launchOwn(folder: string): Promise<Browser> {
  const executablePath = join(folder, "chromium");
  const env = { ...process.env, ...(existsSync("/etc/fonts/fonts.conf") ? {} : { FONTCONFIG_PATH: join(folder, "fonts") }) };
  const missing = await missingLibraries(executablePath, env);
  if (missing.length === 0) return launch({ executablePath, env });
  const own = { ...env, LD_LIBRARY_PATH: join(folder, "al2023", "lib") };
  const still = await missingLibraries(executablePath, own);
  if (still.length > 0) throw new Error(`Chromium lacks system libraries: ${still.join(", ")}.\n${REMEDY}`);
  return launch({ executablePath, env: own });
}

/** Names of shared libraries that the loader does not find; none where there is no ldd to ask. */
async function missingLibraries(file: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { stdout } = await runs("ldd", [file], { env }).catch(() => ({ stdout: "" }));
  return [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
}

/** The package's files, unpacked into .d90 once for each version: whole or not at all. */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(projectRoot, "node_modules", "@sparticuz", "chromium", "package.json"), "utf8")) as { version: string };
  const folder = join(projectRoot, ".d90", `chromium-${version}`);
  if (existsSync(folder)) return folder;
  const fresh = `${folder}.new-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    // The package unpacks into TMPDIR, and its libraries only where it believes itself on Amazon Linux.
    await runs(process.execPath, ["--input-type=module", "-e", "await (await import('@sparticuz/chromium')).default.executablePath()"], {
      cwd: projectRoot, env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x", NODE_OPTIONS: "" },
    });
    if (!existsSync(folder)) renameSync(fresh, folder);
    return folder;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

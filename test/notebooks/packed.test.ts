/** A notebook in an empty folder outside of the project, with d90 as `npm pack` packs it. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { projectRoot } from "../../lib/support/root.js";

const run = promisify(execFile);

/** The package as npm would unpack it, its dependencies by links to the project's: what is asked is what the package lacks. */
async function installed(folder: string): Promise<string> {
  const npm = join(process.execPath, "..", "npm");
  await run(existsSync(npm) ? npm : "npm", ["pack", "--ignore-scripts", "--pack-destination", folder], { cwd: projectRoot });
  const packages = join(folder, "node_modules"), own = join(packages, "d90");
  mkdirSync(own, { recursive: true });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  await run("tar", ["-xzf", join(folder, archive), "-C", own, "--strip-components=1"]);
  for (const name of readdirSync(join(projectRoot, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(projectRoot, "node_modules", name), join(packages, name));
  }
  return own;
}

test("it runs there, and those that come with d90 run by their names", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "d90-packed-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const own = await installed(folder);
  copyFileSync(join(projectRoot, "notebooks", "01-subspace.ipynb"), join(folder, "mine.ipynb"));
  const env = { ...process.env, PATH: [join(projectRoot, ".venv", "bin"), process.env.PATH].join(delimiter) };
  const d90 = (...args: string[]) =>
    run(process.execPath, [join(own, "dist", "lib", "cli", "main.js"), "notebook", ...args], { cwd: folder, env, timeout: 300_000 });
  const { stdout } = await d90("mine.ipynb", "-p", "seeds=2");
  assert.match(stdout, /^✓ .* out\/mine\.html\n$/);
  assert.ok(existsSync(join(folder, "out", "mine.html")));
  assert.match((await d90()).stdout, /^00-tour: .*\n[^]*\n01-subspace: /);
});

/** A notebook in an empty folder outside of the project, with d90 as `npm pack` packs it. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import test, { type TestContext } from "node:test";
import { promisify } from "node:util";
import { writeSeries } from "../../lib/records/record.js";
import { projectRoot } from "../../lib/support/root.js";
import { seriesRecord } from "../charts/seriesRecords.js";

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

/** The folder, the package in it, and `d90 notebook` of that package. */
async function packed(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "d90-packed-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const own = await installed(folder);
  const env = { ...process.env, PATH: [join(projectRoot, ".venv", "bin"), process.env.PATH].join(delimiter) };
  const d90 = (...args: string[]) =>
    run(process.execPath, [join(own, "dist", "lib", "cli", "main.js"), "notebook", ...args], { cwd: folder, env, timeout: 300_000 });
  return { folder, own, d90 };
}

test("it runs there, and those that come with d90 run by their names", async (t) => {
  const { folder, d90 } = await packed(t);
  copyFileSync(join(projectRoot, "notebooks", "01-subspace.ipynb"), join(folder, "mine.ipynb"));
  const { stdout } = await d90("mine.ipynb", "-p", "seeds=2");
  assert.match(stdout, /^✓ .* out\/mine\.html\n$/);
  assert.ok(existsSync(join(folder, "out", "mine.html")));
  assert.match((await d90()).stdout, /^00-tour: .*\n[^]*\n01-subspace: /);
});

test("one that trains runs there, too, and shows the recorded series that the package has", async (t) => {
  const { folder, own, d90 } = await packed(t);
  await writeSeries(join(own, "data", "records"), seriesRecord({ kind: "checkpoints", d90: { "made-up": [null, 5200, 1000] }, x: [0, 300, 600] }));
  copyFileSync(join(projectRoot, "notebooks", "03-pretraining-curve.ipynb"), join(folder, "curve.ipynb"));
  const small = { task: "paraphrases", updates: 8, every: 8, trials: 1, epochs: 1, rows: 48 };
  const { stdout } = await d90("curve.ipynb", ...Object.entries(small).flatMap(([name, value]) => ["-p", `${name}=${value}`]));
  assert.match(stdout, /^✓ .* out\/curve\.html\n$/);
  const html = readFileSync(join(folder, "out", "curve.html"), "utf8");
  assert.match(html, /<td[^>]*>1,000 \(seeds: 714 to 1,500\)<\/td>/); // in the table
  assert.match(html, /<img[^>]+alt="[^"]*checkpoint-000600 on made-up: 1,000/);
  // What it writes is beside it.
  assert.ok(existsSync(join(folder, "pretrained")) && existsSync(join(folder, "runs")));
});

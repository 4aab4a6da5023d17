import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { projectRoot } from "../lib/support/root.js";

const readme = readFileSync(join(projectRoot, "README.md"), "utf8");

/** Runs `use` with a folder inside the project, where "d90" is the project itself. */
async function inProject(use: (folder: string) => Promise<void>): Promise<void> {
  mkdirSync(join(projectRoot, ".d90"), { recursive: true });
  const folder = mkdtempSync(join(projectRoot, ".d90", "readme-"));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the README's TypeScript runs as it stands and prints a result", () => inProject(async (folder) => {
  const blocks = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code);
  assert.equal(blocks.length, 1);
  writeFileSync(join(folder, "example.mjs"), blocks[0]);
  const { stdout } = await promisify(execFile)(process.execPath, ["example.mjs"], { cwd: folder });
  assert.match(stdout, /^d90 = \S+ in \(\S+, \S+\], \S+: \S+ of \S+$/m);
}));

test("every file and folder that the README links to exists", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link]) => link);
  assert.ok(links.length > 5);
  assert.deepEqual(links.filter((link) => !existsSync(join(projectRoot, link))), []);
});

test("every npx d90 line of the README names a command and flags that exist", async () => {
  const lines = [...readme.matchAll(/^npx d90 ([^#\n]+)/gm)].map(([, line]) => line.trim().split(/\s+/));
  assert.ok(lines.length >= 4);
  for (const [command, ...words] of lines) {
    const { stdout } = await promisify(execFile)(process.execPath, [join(projectRoot, "dist/lib/cli/main.js"), command, "--help"]);
    for (const flag of words.filter((word) => word.startsWith("--"))) assert.ok(stdout.includes(flag), `${command} ${flag}`);
  }
});

/** A project of its own for a test of the set-up, in a temporary folder. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectAt } from "../../setup/support/project.mjs";

/** An empty project that goes away with the test. */
export function temporaryProject(t) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "d90-setup-")));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return projectAt(root);
}

/** Writes a file below the project's root, with its folders. */
export function put(project, path, content = "") {
  mkdirSync(dirname(join(project.root, path)), { recursive: true });
  writeFileSync(join(project.root, path), typeof content === "string" ? content : JSON.stringify(content));
}

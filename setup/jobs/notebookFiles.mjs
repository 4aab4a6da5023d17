import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SetupProblem } from "../support/problems.mjs";
import { notebookFromText, notebookText, textOfNotebook, tidyNotebook } from "../support/notebookFiles.mjs";
import { thisProject } from "../support/project.mjs";

const USAGE = "npm run notebooks:files -- strip [FILE.ipynb ...] | text FILE.ipynb [DRAFT.md] | build DRAFT.md FILE.ipynb";

/** `strip`: as notebooks are kept (docs/notebooks.md), all of notebooks/ by default; `text`: as Markdown; `build`: from it. */
export async function main([command, ...files]) {
  const actions = { strip, text, build };
  if (!Object.hasOwn(actions, command ?? "")) {
    throw new SetupProblem({ what: `notebooks:files: the first word must be strip, text or build, got ${command ?? "nothing"}.`, remedy: USAGE });
  }
  actions[command](...files);
}

function strip(...files) {
  const folder = join(thisProject.root, "notebooks");
  const all = files.length > 0 ? files : readdirSync(folder).filter((name) => name.endsWith(".ipynb")).map((name) => join(folder, name));
  for (const file of all) {
    const before = readText(file), after = notebookText(tidyNotebook(parsed(before, file), nameOf(file)));
    if (after !== before) writeText(file, after);
    process.stdout.write(`${after === before ? "as it was" : "stripped "} ${file}\n`);
  }
}

function text(file, draft) {
  const markdown = textOfNotebook(parsed(readText(needed(file)), file));
  if (draft === undefined) process.stdout.write(markdown);
  else writeText(draft, markdown);
}

function build(draft, file) {
  writeText(needed(file), notebookText(notebookFromText(readText(needed(draft)), nameOf(file))));
}

const nameOf = (file) => basename(file, ".ipynb");

function needed(file) {
  if (file === undefined) throw new SetupProblem({ what: "notebooks:files: a file's name is missing.", remedy: USAGE });
  return file;
}

function parsed(content, file) {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new SetupProblem({ what: `notebooks:files: ${file} is no notebook: ${error.message}`, remedy: USAGE });
  }
}

function readText(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new SetupProblem({ what: `notebooks:files: ${file} cannot be read: ${error.message}`, remedy: USAGE });
  }
}

/** The old file or the new one, never half of it. */
function writeText(file, content) {
  const fresh = `${file}.${process.pid}.tmp`;
  writeFileSync(fresh, content);
  renameSync(fresh, file);
}

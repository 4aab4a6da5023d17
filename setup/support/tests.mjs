/** Runs test files with Node's own runner, each in a process of its own, and counts. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { run } from "node:test";
import { inspect } from "node:util";
import { filesBelow, outputOf, sourcesOf } from "../steps/build.mjs";
import { SetupProblem } from "./problems.mjs";

/** A test file that takes longer hangs. */
const TIMEOUT_MS = 15 * 60_000;

/** What Node itself says at the end of a file; what else comes as a diagnostic a test has said of itself. */
const SUMMARY = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) /;

/** Folders of test/ that `npm test` leaves out. */
const APART = [join("test", "bench"), join("test", "oracles")];

/**
 * Test files as `{ source, file }`: of TypeScript what was built of it, of .mjs the file itself.
 * Listed by source, so that what an old build left is no test.
 * @throws {SetupProblem} when `filters` (parts of paths) match none.
 */
export function testFiles(project, filters = []) {
  const isTest = (path) => /\.test\.(ts|mjs)$/.test(path) && !APART.some((folder) => path.startsWith(`${folder}/`));
  const plain = filesBelow(project.root, "test").filter((path) => path.endsWith(".mjs"));
  const sources = [...sourcesOf(project).filter((path) => path.startsWith("test/")), ...plain];
  const chosen = sources.filter((path) => isTest(path) && (filters.length === 0 || filters.some((part) => path.includes(part))));
  if (chosen.length === 0) {
    const what = `no test file's path contains ${filters.join(" or ")}.`;
    throw new SetupProblem({ what, remedy: "name a part of a path below test/: npm test -- projections" });
  }
  const fileOf = (source) => (source.endsWith(".ts") ? outputOf(project, source) : join(project.root, source));
  return chosen.map((source) => ({ source, file: fileOf(source) }));
}

/**
 * Runs `files` as testFiles() gives them, a few at a time, with a line for each. What failed is told again at the end, where it is found.
 * @returns `{ passed, failed, skipped }`: tests, not suites or files; a file that crashes or holds no test counts as one failure.
 */
export async function runTests(project, files, { write = writeOut, concurrency = Math.min(4, availableParallelism()) } = {}) {
  // Stack traces name TypeScript's lines.
  process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --enable-source-maps`.trim();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const waiting = [...files];
  const failed = [];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { counts, report } = await runFile(next);
      write(report);
      if (counts.failed > 0) failed.push(report);
      for (const name of Object.keys(total)) total[name] += counts[name];
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failed.length > 0 && files.length > 1) write(`\nFailed:\n${failed.join("")}`);
  write(`\n${files.length} files, ${total.skipped} tests skipped\n`);
  return total;
}

const writeOut = (text) => process.stdout.write(text);

/** One file, one runner: Node 20 does not tell which file a test of a shared suite belongs to. @returns counts, and the lines that tell them. */
async function runFile({ source, file }) {
  const start = performance.now();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failures = [];
  const notes = [];
  let output = "";
  for await (const { type, data } of run({ files: [file], concurrency: 1, timeout: TIMEOUT_MS })) {
    if (type === "test:stdout" || type === "test:stderr") output += data.message;
    if (type === "test:diagnostic" && !SUMMARY.test(data.message)) notes.push(`    ${data.message}\n`);
    const isFile = data?.name === file;
    if (type === "test:pass" && !isFile && data.details.type !== "suite") counts[isSkipped(data) ? "skipped" : "passed"] += 1;
    if (type === "test:fail" && !isOnlyItsParts(data)) failures.push(describeFailure(source, data, isFile, output));
  }
  counts.failed = failures.length;
  if (counts.passed + counts.failed + counts.skipped === 0) {
    failures.push(`  ${source}: no test ran\n`);
    counts.failed = 1;
  }
  const seconds = ((performance.now() - start) / 1_000).toFixed(1).padStart(6);
  const mark = counts.failed > 0 ? "✗" : "✓";
  const report = `${mark} ${seconds} s  ${source}: ${counts.passed} passed, ${counts.failed} failed\n${notes.join("")}${failures.join("")}`;
  return { counts, report };
}

const isSkipped = ({ skip, todo }) => skip !== undefined || todo !== undefined;

/** A file, suite or test that fails only since a part of it does: the part is reported itself. */
const isOnlyItsParts = ({ details }) => details.error?.failureType === "subtestsFailed";

function describeFailure(source, data, isFile, output) {
  const { error } = data.details;
  const end = error?.signal ?? `exit status ${error?.exitCode ?? "unknown"}`;
  const title = isFile ? `${source}: the process ended with ${end}` : data.name;
  const last = isFile && output !== "" ? `${indent(output.trimEnd().split("\n").slice(-30).join("\n"))}\n` : "";
  return `  ✗ ${title}\n${indent(explain(error))}\n${last}`;
}

/** What went wrong, as the test's author would read it: the assertion's message, values and stack. */
function explain(error) {
  const cause = error?.cause ?? error;
  return typeof cause === "string" ? cause : inspect(cause, { depth: 4, breakLength: 120 });
}

const indent = (text) => text.split("\n").map((line) => `    ${line}`).join("\n");

import assert from "node:assert/strict";
import fs, { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { openHistory, type History } from "../../../kernel-ext/history/history.js";
import { globPattern } from "../../../kernel-ext/history/glob.js";
import { parseContent, type HistoryRequest } from "../../../kernel-ext/protocol/requests.js";

const folder = mkdtempSync(join(tmpdir(), "d90-history-"));
after(() => {
  // What waits to be written would find no folder.
  for (const history of opened) history.flush();
  rmSync(folder, { recursive: true });
});
let files = 0;
const freshFile = (): string => join(folder, `${files++}`, "history.jsonl");
/** A file where a folder would have to be. */
function freshFileAsFolder(): string {
  const file = join(folder, `${files++}`);
  writeFileSync(file, "");
  return file;
}
const opened: History[] = [];
function open(file: string): History {
  const history = openHistory(file, noLog);
  opened.push(history);
  return history;
}
const noLog = (text: string): never => assert.fail(text);
const request = (content: Record<string, unknown>): HistoryRequest => (parseContent("history_request", content) as { content: HistoryRequest }).content;
const tail = (n: number, more = {}) => request({ hist_access_type: "tail", n, ...more });

test("a later kernel finds what an earlier one ran, with its outputs", () => {
  const file = freshFile();
  const first = open(file);
  first.add(1, "let a = 1");
  first.add(2, "a + 1");
  first.addOutput(2, "2");
  first.flush();
  const second = open(file);
  assert.equal(second.session, first.session + 1);
  second.add(1, "a // 😀\nb");
  assert.deepEqual(second.query(tail(2)), [[1, 2, "a + 1"], [2, 1, "a // 😀\nb"]]);
  assert.deepEqual(second.query(tail(9, { output: true })), [[1, 1, ["let a = 1", null]], [1, 2, ["a + 1", "2"]], [2, 1, ["a // 😀\nb", null]]]);
});

test("what two kernels wrote in turn is in the order of their sessions, and a tail without a number has ten", () => {
  const file = freshFile();
  const [first, second] = [open(file), open(file)];
  for (const [history, line] of [[first, 1], [second, 1], [first, 2]] as const) {
    history.add(line, `${history.session}/${line}`);
    history.flush();
  }
  const third = open(file);
  assert.deepEqual(third.query(tail(9)).map(([, , input]) => input), ["1/1", "1/2", "2/1"]);
  for (let line = 1; line <= 12; line++) third.add(line, "x");
  assert.equal(third.query(request({ hist_access_type: "tail" })).length, 10);
});

test("ranges count sessions from the first, or back from this one", () => {
  const file = freshFile();
  const old = open(file);
  for (let line = 1; line <= 4; line++) old.add(line, `old ${line}`);
  old.flush();
  const now = open(file);
  now.add(1, "new 1");
  const range = (more: object) => now.query(request({ hist_access_type: "range", ...more })).map(([, , input]) => input);
  assert.deepEqual(range({ session: 0 }), ["new 1"]);
  assert.deepEqual(range({ session: -1, start: 2, stop: 4 }), ["old 2", "old 3"]);
  assert.deepEqual(range({ session: 1, start: 4 }), ["old 4"]);
  assert.deepEqual(range({ session: 7 }), []);
});

test("search takes globs, at most n, and each input once when asked", () => {
  const history = openHistory(null, noLog);
  ["x = 1", "y = 2", "x = 1", "x = 3"].forEach((input, at) => history.add(at + 1, input));
  const search = (more: object) => history.query(request({ hist_access_type: "search", ...more })).map(([, line]) => line);
  assert.deepEqual(search({ pattern: "x*" }), [1, 3, 4]);
  assert.deepEqual(search({ pattern: "x*", n: 2 }), [3, 4]);
  assert.deepEqual(search({ pattern: "x*", unique: true }), [3, 4]);
  assert.deepEqual(search({ pattern: "? = [12]" }), [1, 2, 3]);
  assert.deepEqual(search({ pattern: "= 1" }), []);
});

test("glob patterns take everything but *, ? and [...] literally", () => {
  assert.ok(globPattern("a.b(c)*").test("a.b(c)\nmore"));
  assert.ok(!globPattern("a.b").test("axb"));
  assert.ok(globPattern("[!x]").test("y") && !globPattern("[!x]").test("x"));
  assert.ok(globPattern("[").test("[") && globPattern("?").test("😀"));
});

test("the file is for its owner alone", () => {
  const file = freshFile();
  const history = open(file);
  history.add(1, "secret");
  history.flush();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  chmodSync(file, 0o644);
  open(file);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("broken lines are left out and two kernels at once have different numbers", () => {
  const file = freshFile();
  const first = open(file);
  first.add(1, "kept");
  first.flush();
  writeFileSync(file, `${readFileSync(file, "utf8")}{"s":1,"n":2,"in":"half\nnull\n[]\n{"s":"x"}\n`);
  const [second, third] = [open(file), open(file)];
  assert.deepEqual(new Set([first.session, second.session, third.session]).size, 3);
  assert.deepEqual(third.query(tail(5)), [[1, 1, "kept"]]);
});

/** Opens a history while other kernels do: `before` and `after` each line with which it asks for a number. */
function openAmongOthers(file: string, { before = [], after = [] }: { before?: number[]; after?: number[] }): History {
  const { appendFileSync } = fs;
  const start = (number: number | undefined): string => (number === undefined ? "" : `{"start":${number},"token":"another's"}\n`);
  fs.appendFileSync = (path, data, options) => {
    if (!String(data).includes("token")) return appendFileSync(path, data, options);
    appendFileSync(path, start(before.shift()));
    appendFileSync(path, data, options);
    appendFileSync(path, start(after.shift()));
  };
  syncBuiltinESMExports();
  try {
    return open(file);
  } finally {
    fs.appendFileSync = appendFileSync;
    syncBuiltinESMExports();
  }
}

test("of kernels that ask for one number at the same time the first has it, and the others the next ones", () => {
  assert.equal(openAmongOthers(freshFile(), {}).session, 1);
  assert.equal(openAmongOthers(freshFile(), { before: [1] }).session, 2);
  assert.equal(openAmongOthers(freshFile(), { before: [1, 2, 3] }).session, 4);
  assert.equal(openAmongOthers(freshFile(), { after: [1] }).session, 1);
  assert.equal(openAmongOthers(freshFile(), { before: [1], after: [2] }).session, 3);
});

test("a place that cannot be written costs a line in the log, not the session", () => {
  const messages: string[] = [];
  const history = openHistory(join(freshFileAsFolder(), "history.jsonl"), (text) => messages.push(text));
  history.add(1, "a");
  assert.deepEqual(history.query(tail(1)).map(([, , input]) => input), ["a"]);
  assert.match(messages.join("\n"), /cannot be written.*kept in memory/);
});

import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { openDevtools } from "../../lib/cli/devtools.js";

/** A program in the browser's place: `script` finds what is asked as `request`, and answers by `answer(message)`. */
function program(t: TestContext, script: string): { executable: string; env: NodeJS.ProcessEnv; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "d90-devtools-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const executable = join(folder, "browser");
  writeFileSync(executable, `#!${process.execPath}
const { createReadStream, writeSync } = require("node:fs");
const answer = (message) => writeSync(4, JSON.stringify(message) + "\\0");
createReadStream("", { fd: 3 }).on("data", (data) => {
  for (const text of data.toString().split("\\0").slice(0, -1)) { const request = JSON.parse(text); ${script} }
});`);
  chmodSync(executable, 0o755);
  return { executable, env: process.env, folder };
}

test("methods return what the browser answers, whatever its size; events and errors are told", async (t) => {
  const { folder, ...chromium } = program(t, `
    if (request.method === "Fail") answer({ id: request.id, error: { message: "no such page" } });
    else { answer({ method: "Page.loadEventFired" }); answer({ id: request.id, result: { text: "a".repeat(300_000), session: request.sessionId } }); }`);
  const browser = openDevtools(chromium, folder);
  t.after(() => browser.close());
  const loaded = browser.event("Page.loadEventFired");
  const { text, session } = await browser.send("Echo", {}, "S1");
  assert.deepEqual([String(text).length, session], [300_000, "S1"]);
  await loaded;
  await assert.rejects(browser.send("Fail"), /^Error: Fail: no such page$/);
});

test("a browser that ends leaves nobody waiting, and its last words are told", async (t) => {
  const { folder, ...chromium } = program(t, "console.error('lib.so is missing'); process.exit(3);");
  const browser = openDevtools(chromium, folder);
  await assert.rejects(browser.send("Page.enable"), /^Error: Page\.enable: the browser has ended: lib\.so is missing$/);
  await assert.rejects(browser.send("Page.enable"), /has ended/);
  await browser.close();
});

test("what cannot be started is told, and a signal ends it", async (t) => {
  const missing = openDevtools({ executable: "/nowhere/chrome", env: {} }, tmpdir());
  await assert.rejects(missing.send("Page.enable"), /ENOENT/);
  const { folder, ...chromium } = program(t, "");
  const stop = new AbortController(), browser = openDevtools(chromium, folder, stop.signal);
  const answer = browser.send("Page.enable");
  stop.abort();
  await assert.rejects(answer, /the browser has ended/);
});

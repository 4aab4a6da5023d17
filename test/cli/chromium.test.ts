import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { findChromium } from "../../lib/cli/chromium.js";

test("D90_CHROMIUM names one, and must be there", async () => {
  const env = { D90_CHROMIUM: process.execPath };
  assert.deepEqual(await findChromium(env), { executable: process.execPath, env });
  await assert.rejects(findChromium({ D90_CHROMIUM: "/nowhere/chrome" }), /^Error: D90_CHROMIUM must name a Chromium's program, got \/nowhere\/chrome/);
});

test("without the package it is Chrome of PATH; without that the message says what to install", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "d90-chrome-"));
  t.after(() => rmSync(folder, { recursive: true }));
  if (process.platform !== "darwin") await assert.rejects(findChromium({ PATH: folder }, null), /There is no Chromium: .* Install Google Chrome, .*D90_CHROMIUM=/);
  writeFileSync(join(folder, "chromium"), "");
  assert.equal((await findChromium({ PATH: `/nowhere:${folder}` }, null)).executable, join(folder, "chromium"));
});

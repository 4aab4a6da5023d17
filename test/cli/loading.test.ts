import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { exitCodes } from "../../lib/cli/exitCodes.js";
import { loadingLine, showLoading } from "../../lib/cli/loading.js";
import { tellLoading } from "../../lib/support/loading.js";
import { projectRoot } from "../../lib/support/root.js";
import { withFolder, writeTinyModel } from "../models/folders.js";
import { withHub } from "../support/hub-server.js";

test("a download's line says how much of what, how fast and how long", () => {
  const download = { kind: "download" as const, name: "owner/name/model.safetensors", done: 340e6, total: 1e9 };
  assert.equal(loadingLine(download, { seconds: 20, done: 200e6 }), "owner/name/model.safetensors: 34 % of 1000 MB, 10.0 MB/s, 66 s left");
  assert.equal(loadingLine({ ...download, done: 0, total: 0 }, { seconds: 0, done: 0 }), "owner/name/model.safetensors: 0 % of 0.0 MB");
});

test("tokenising has a line of its own, and both are shown until nobody watches any more", () => {
  const lines: string[] = [], clock = [0, 2000, 2000, 3000].values();
  const progress = { update: (line: string) => void lines.push(line), note: () => undefined, done: () => undefined };
  const stop = showLoading(progress, () => clock.next().value ?? 0);
  const rows = { kind: "tokenise" as const, name: "GLUE MRPC", total: 3668 };
  tellLoading({ ...rows, done: 500 });
  tellLoading({ ...rows, done: 1500 });
  stop();
  tellLoading({ ...rows, done: 2000 });
  assert.deepEqual(lines, ["Tokenising GLUE MRPC: 500 of 3668 rows", "Tokenising GLUE MRPC: 1500 of 3668 rows, 5 s left"]);
});

test("Ctrl-C ends a command that downloads: its status says so, and what came is kept", { timeout: 60_000 }, () => withFolder(async (folder) => {
  const files = Object.fromEntries(readdirSync(writeTinyModel(folder)).map((name) => [`someone/tiny/${name}`, readFileSync(join(folder, name))]));
  await withHub({ files, stalls: 15_000 }, async ({ cache }) => {
    const env = { ...process.env, D90_PROGRESS_SECONDS: "0" };
    const child = spawn(process.execPath, [join(projectRoot, "dist/lib/cli/main.js"), "train", "--method", "full", "--model", "someone/tiny", "--task", "paraphrases"],
      { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (!/model\.safetensors: \d+ %/.test(stderr) && /model\.safetensors: \d+ %/.test(stderr += text)) child.kill("SIGINT");
    });
    const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
    assert.equal(status, exitCodes.interrupted, stderr);
    const left = readdirSync(join(cache, "models--someone--tiny", "blobs")).filter((name) => name.endsWith(".incomplete"));
    assert.deepEqual(left.map((name) => name.endsWith(".d90.incomplete")), [true]);
  });
}));

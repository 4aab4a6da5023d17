import assert from "node:assert/strict";
import { test } from "node:test";
import { downloadLine } from "../../lib/cli/downloads.js";

test("a download's line says how much of what, how fast and how long", () => {
  const download = { name: "owner/name/model.safetensors", received: 340e6, total: 1e9 };
  assert.equal(downloadLine(download, { seconds: 20, bytes: 200e6 }), "owner/name/model.safetensors: 34 % of 1000 MB, 10.0 MB/s, 66 s left");
  assert.equal(downloadLine({ ...download, received: 0, total: 0 }, { seconds: 0, bytes: 0 }), "owner/name/model.safetensors: 0 % of 0.0 MB");
});

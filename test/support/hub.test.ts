import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cachedHubFile, HubError, hubFile, hubSettings, type HubFile } from "../../lib/support/hub.js";
import { commit, lfsHash, withHub } from "./hub-server.js";

const content = new TextEncoder().encode("four rows, say");
const files = { "datasets/owner/name/sub/file.bin": content };
const wanted: HubFile = { type: "dataset", repository: "owner/name", path: "sub/file.bin" };
const failsWith = (message: RegExp) => (error: unknown) => error instanceof HubError && message.test(error.message) && !error.message.includes("\n");

test("a file is downloaded into the cache in the layout of huggingface_hub", async () => {
  await withHub({ files }, async ({ cache }) => {
    const path = await hubFile(wanted);
    const folder = join(cache, "datasets--owner--name");
    assert.equal(path, join(folder, "snapshots", commit, "sub", "file.bin"));
    assert.deepEqual(readFileSync(path), Buffer.from(content));
    assert.equal(readlinkSync(path), join("..", "..", "..", "blobs", lfsHash(content)));
    assert.equal(readFileSync(join(folder, "refs", "main"), "utf8"), commit);
    assert.deepEqual(readdirSync(join(folder, "blobs")), [lfsHash(content)]);
  });
});

test("a cached file is found without a request, offline too", async () => {
  await withHub({ files }, async ({ requests }) => {
    const path = await hubFile(wanted);
    const before = requests.length;
    process.env.HF_HUB_OFFLINE = "1";
    assert.equal(await hubFile(wanted), path);
    assert.equal(await hubFile({ ...wanted, revision: commit }), path);
    assert.equal(await cachedHubFile(wanted), path);
    assert.equal(requests.length, before);
  });
});

test("offline mode asks nobody and says so", async () => {
  await withHub({ files }, async ({ requests }) => {
    await assert.rejects(hubFile({ ...wanted, offline: true }), failsWith(/owner\/name\/sub\/file\.bin is not in the cache.*offline/));
    process.env.HF_HUB_OFFLINE = "yes";
    await assert.rejects(hubFile(wanted), HubError);
    assert.equal(requests.length, 0);
  });
});

test("a token is sent, and its lack explained", async () => {
  await withHub({ files, token: "hf_secret" }, async () => {
    await assert.rejects(hubFile(wanted), failsWith(/HTTP 401; it is private or gated: set HF_TOKEN/));
    process.env.HF_TOKEN = "hf_secret";
    assert.ok(existsSync(await hubFile(wanted)));
  });
});

test("a missing file, a failing server and a dead one are each one line with the reason", async () => {
  await withHub({ files }, () => assert.rejects(hubFile({ ...wanted, path: "other" }), failsWith(/has no file other in owner\/name/)));
  await withHub({ files, status: 503 }, () => assert.rejects(hubFile(wanted), failsWith(/could not be fetched from http.*HTTP 503/)));
  await withHub({ files }, async () => {
    process.env.HF_ENDPOINT = "http://127.0.0.1:1";
    await assert.rejects(hubFile(wanted), failsWith(/could not be fetched from http:\/\/127\.0\.0\.1:1: /));
  });
});

test("bytes that are not those promised leave nothing in the cache", async () => {
  await withHub({ files, corrupt: true }, async ({ cache }) => {
    await assert.rejects(hubFile(wanted), failsWith(/arrived damaged/));
    assert.deepEqual(readdirSync(join(cache, "datasets--owner--name", "blobs")), []);
    assert.equal(await cachedHubFile(wanted), undefined);
  });
});

test("the environment's variables have huggingface_hub's meaning", () => {
  assert.equal(hubSettings({}).cache, join(homedir(), ".cache", "huggingface", "hub"));
  assert.equal(hubSettings({ XDG_CACHE_HOME: "/x" }).cache, join("/x", "huggingface", "hub"));
  assert.equal(hubSettings({ HF_HOME: "/h", XDG_CACHE_HOME: "/x" }).cache, join("/h", "hub"));
  assert.equal(hubSettings({ HF_HUB_CACHE: "/c", HF_HOME: "/h" }).cache, "/c");
  assert.equal(hubSettings({ HF_ENDPOINT: "https://mirror.example/" }).endpoint, "https://mirror.example");
  assert.equal(hubSettings({ HF_HUB_OFFLINE: "0" }).offline, false);
  assert.equal(hubSettings({ TRANSFORMERS_OFFLINE: "ON" }).offline, true);
});

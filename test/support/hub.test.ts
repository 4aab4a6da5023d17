import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, readlinkSync, renameSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cachedHubFile, HubError, hubFile, hubSettings, type HubFile } from "../../lib/support/hub.js";
import { watchLoading } from "../../lib/support/loading.js";
import { commit, lfsHash, withHub } from "./hub-server.js";

const content = new TextEncoder().encode("four rows, say");
const files = { "datasets/owner/name/sub/file.bin": content };
const wanted: HubFile = { type: "dataset", repository: "owner/name", path: "sub/file.bin" };
const large = Uint8Array.from({ length: 200_000 }, (_, i) => i * 31 % 251);
const largeFiles = { "datasets/owner/name/sub/file.bin": large };
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

test("without HF_TOKEN the token is the one that hf auth login wrote, and none where that is switched off", async () => {
  await withHub({ files, token: "hf_written" }, async ({ cache }) => {
    process.env.HF_TOKEN_PATH = join(cache, "mine");
    writeFileSync(process.env.HF_TOKEN_PATH, "hf_written\n");
    process.env.HF_HUB_DISABLE_IMPLICIT_TOKEN = "1";
    await assert.rejects(hubFile(wanted), failsWith(/HTTP 401; .*hf auth login/));
    delete process.env.HF_HUB_DISABLE_IMPLICIT_TOKEN;
    assert.ok(existsSync(await hubFile(wanted)));
    writeFileSync(join(cache, "token"), " hf_in_home\r\n");
    assert.equal(hubSettings({ HF_HOME: cache }).token, "hf_in_home");
    assert.equal(hubSettings({ HF_HOME: cache, HF_TOKEN: "hf_named" }).token, "hf_named");
    assert.equal(hubSettings({ HF_HOME: join(cache, "nobody") }).token, undefined);
  });
});

test("an abort ends a download and a wait at once with its own reason, and what came is kept for the next call", { timeout: 20_000 }, async () => {
  const reason = new Error("stopped by a test");
  const stopped = async (use: (signal: AbortSignal) => Promise<unknown>): Promise<void> => {
    const controller = new AbortController();
    const asked = use(controller.signal);
    setTimeout(() => controller.abort(reason), 200);
    await assert.rejects(asked, (error) => error === reason);
  };
  await withHub({ files: largeFiles, stalls: 60_000 }, async ({ cache }) => {
    await stopped((signal) => hubFile({ ...wanted, signal }));
    const blobs = join(cache, "datasets--owner--name", "blobs");
    assert.deepEqual(readdirSync(blobs), [`${lfsHash(large)}.d90.incomplete`]);
    assert.ok(statSync(join(blobs, readdirSync(blobs)[0]!)).size > 0);
  });
  await withHub({ files, limited: 9, wait: 30 }, () => stopped((signal) => hubFile({ ...wanted, signal })));
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

const contents = (requests: string[]): number => requests.filter((request) => request.startsWith("GET") && request.includes("/resolve/")).length;

test("a download that breaks off goes on where it was, and progress is told", async () => {
  await withHub({ files: largeFiles, cuts: [70_000, 50_000] }, async ({ requests }) => {
    const seen: number[] = [];
    const stop = watchLoading(({ kind, name, done, total }) => {
      assert.deepEqual([kind, name, total], ["download", "owner/name/sub/file.bin", large.length]);
      seen.push(done);
    });
    assert.deepEqual(readFileSync(await hubFile(wanted)), Buffer.from(large));
    stop();
    assert.equal(contents(requests), 3);
    assert.equal(seen.at(-1), large.length);
    assert.deepEqual(seen, seen.toSorted((a, b) => a - b)); // nothing was sent twice
  });
});

test("what a call that gave up has left, the next one goes on from; what a dead process left, too", async () => {
  const options = { files: largeFiles, cuts: [90_000, 0, 0, 0] };
  await withHub(options, async ({ cache }) => {
    await assert.rejects(hubFile(wanted), failsWith(/could not be fetched/));
    const blobs = join(cache, "datasets--owner--name", "blobs");
    const [left, ...others] = readdirSync(blobs);
    assert.deepEqual([left, others], [`${lfsHash(large)}.d90.incomplete`, []]);
    const { size } = statSync(join(blobs, left!));
    assert.ok(size > 0);
    renameSync(join(blobs, left!), join(blobs, `${lfsHash(large)}.99999999.abcd.incomplete`));
    const seen: number[] = [];
    const stop = watchLoading(({ done }) => seen.push(done));
    assert.deepEqual(readFileSync(await hubFile(wanted)), Buffer.from(large));
    stop();
    assert.ok(seen[0]! > size, `went on at ${seen[0]}, ${size} were there`);
    assert.deepEqual(readdirSync(blobs), [lfsHash(large)]);
  });
});

test("a hub that asks to wait is waited for, and a redirection followed", async () => {
  await withHub({ files, limited: 2, redirect: true }, async ({ requests }) => {
    assert.deepEqual(readFileSync(await hubFile(wanted)), Buffer.from(content));
    assert.ok(requests.some((request) => request.startsWith("GET /elsewhere/")));
  });
});

test("an empty file is one, and what is damaged is fetched anew", async () => {
  await withHub({ files: { "datasets/owner/name/sub/file.bin": new Uint8Array(0) } }, async () => assert.equal(readFileSync(await hubFile(wanted)).length, 0));
  await withHub({ files, corrupt: true }, async () => { await assert.rejects(hubFile(wanted), failsWith(/damaged/)); });
});

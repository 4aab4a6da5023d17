import assert from "node:assert/strict";
import test from "node:test";
import { toBundle } from "../../../kernel-ext/display/bundle.js";

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAEklEQVR4nGP4z8DwHwQZGGAMADf+A/1k9lEhAAAAAElFTkSuQmCC", "base64");

test("buffers that hold a picture are shown as one", async () => {
  assert.deepEqual((await toBundle(PNG)).data, { "image/png": PNG.toString("base64"), "text/plain": `PNG image, 2 x 3 pixels, ${PNG.length} bytes` });
  assert.deepEqual(Object.keys((await toBundle(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]))).data), ["image/jpeg", "text/plain"]);
  assert.deepEqual(Object.keys((await toBundle(Buffer.from("GIF89a"))).data), ["image/gif", "text/plain"]);
});

test("other buffers are text", async () => {
  assert.deepEqual(await toBundle(Buffer.from("abc")), { data: { "text/plain": "<Buffer 61 62 63>" }, metadata: {} });
  assert.deepEqual(Object.keys((await toBundle(new Uint8Array(0))).data), ["text/plain"]);
});

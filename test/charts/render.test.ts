import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import type { TopLevelSpec } from "vega-lite";
import { accuracyByDimension } from "../../lib/charts/accuracyByDimension.js";
import { untitled } from "../../lib/charts/frame.js";
import { renderPng, renderSvg } from "../../lib/charts/render.js";
import { searchRecord } from "./records.js";

const spec = accuracyByDimension([searchRecord()]);

/** Pixels of a PNG that differ from its first one. */
function inked(png: Uint8Array): { width: number; height: number; count: number } {
  const [width, height] = [16, 20].map((at) => Buffer.from(png).readUInt32BE(at)) as [number, number];
  const size = `width="${width}" height="${height}"`, href = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  const { pixels } = new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" ${size}><image ${size} href="${href}"/></svg>`).render();
  const words = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.byteLength / 4);
  return { width, height, count: words.filter((word) => word !== words[0]).length };
}

test("a chart is drawn as PNG at the scale asked for, and not blank", async () => {
  const one = inked(await renderPng(spec, { scale: 1 })), two = inked(await renderPng(spec));
  assert.equal(two.width, 2 * one.width);
  assert.equal(two.height, 2 * one.height);
  assert.ok(one.count > 0.01 * one.width * one.height);
});

test("text is drawn with the font that d90 brings, whatever fonts the machine has", async () => {
  const words = { ...spec, title: { text: "WWWWWWWWWWWWWWWW" } } as TopLevelSpec;
  const none = { ...untitled(spec), padding: spec.padding } as TopLevelSpec;
  const more = inked(await renderPng(words, { scale: 1 })).count - inked(await renderPng(none, { scale: 1 })).count;
  assert.ok(more > 500, `a title adds ${more} pixels`);
});

test("the same chart gives the same PNG", async () => {
  assert.deepEqual(await renderPng(spec), await renderPng(spec));
});

test("letters that the font lacks do not fail", async () => {
  const png = await renderPng(accuracyByDimension([searchRecord({ dataSource: "folder /数据/配对 (not GLUE MRPC)" })]));
  assert.ok(inked(png).count > 1000);
});

test("a chart that asks for a file does not get it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "d90-render-"));
  try {
    const path = join(folder, "secret.csv");
    writeFileSync(path, "word\nsecret\n");
    const remote: TopLevelSpec = {
      data: { url: pathToFileURL(path).href }, mark: "text", encoding: { text: { field: "word", type: "nominal" } },
    };
    const svg = await renderSvg(remote).catch((error: unknown) => String(error));
    assert.ok(!svg.includes(">secret<"));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { colorOf, dark, light, shapes, type Palette } from "../../lib/charts/theme.js";
import { METHODS } from "../../lib/records/methods.js";

type Rgb = [number, number, number];

const linear = (color: string): Rgb => {
  const channel = (at: number): number => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
};

const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

/** Contrast by WCAG 2.2, 1 to 21. */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1: protanopia, deuteranopia, tritanopia. */
const deficiencies: Readonly<Record<string, readonly Rgb[]>> = {
  none: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/** CIE 1976 L*a*b* of linear sRGB. */
function lab([r, g, b]: Rgb): Rgb {
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505), y = f(luminance([r, g, b])), z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const seenAs = (color: string, matrix: readonly Rgb[]): Rgb =>
  lab(matrix.map((row) => Math.min(1, Math.max(0, row.reduce((sum, weight, i) => sum + weight * linear(color)[i]!, 0)))) as Rgb);

test("every method has a shape and a colour of its own", () => {
  assert.equal(new Set(METHODS.map((method) => shapes[method])).size, METHODS.length);
  for (const palette of [light, dark]) assert.equal(new Set(METHODS.map((method) => colorOf(method, palette))).size, METHODS.length);
});

for (const [name, palette] of Object.entries<Palette>({ light, dark })) {
  test(`text in the ${name} palette has a contrast of at least 4.5, lines of at least 3`, () => {
    for (const key of ["ink", "muted", "said", "did"] as const) assert.ok(contrast(palette[key], palette.background) >= 4.5, key);
    for (const method of METHODS) assert.ok(contrast(colorOf(method, palette), palette.background) >= 4.5, method);
    assert.ok(contrast(palette.line, palette.background) >= 3);
  });

  for (const [deficiency, matrix] of Object.entries(deficiencies)) {
    test(`the ${name} palette's methods stay apart with ${deficiency === "none" ? "full colour vision" : deficiency}`, () => {
      const [a, b] = [seenAs(palette.said, matrix), seenAs(palette.did, matrix)];
      assert.ok(Math.hypot(...a.map((value, i) => value - b[i]!)) > 30);
    });
  }
}

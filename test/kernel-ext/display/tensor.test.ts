import assert from "node:assert/strict";
import test from "node:test";
import { toBundle } from "../../../kernel-ext/display/bundle.js";

type Values = Float32Array | Int32Array | Uint8Array | string[];

/** What a tensor of TensorFlow.js has; the kernel knows no more of it. */
function tensor(shape: number[], dtype: string, values: Values, more: object = {}): object {
  return { shape, dtype, dataId: {}, isDisposed: false, dataSync: () => values, data: async () => values, ...more };
}
const text = async (value: unknown): Promise<unknown> => (await toBundle(value)).data["text/plain"];

test("a tensor shows shape, type, values and statistics", async () => {
  assert.equal(await text(tensor([2, 3], "float32", new Float32Array([1, 2, 3, 4.5, 5, -6]))),
    "Tensor [2, 3] float32\n[[1, 2, 3],\n [4.5, 5, -6]]\nmin -6, max 5, mean 1.58333");
  assert.equal(await text(tensor([], "float32", new Float32Array([0.1]))), "Tensor [] float32\n0.1");
  assert.equal(await text(tensor([2], "bool", new Uint8Array([0, 1]))), "Tensor [2] bool\n[false, true]");
  assert.equal(await text(tensor([2], "string", ["a", "b"])), "Tensor [2] string\n[\"a\", \"b\"]");
  assert.equal(await text(tensor([0, 2], "float32", new Float32Array(0))), "Tensor [0, 2] float32\n[]");
});

test("a large one shows both ends of each dimension", async () => {
  const shown = String(await text(tensor([100, 10], "int32", Int32Array.from({ length: 1_000 }, (_, index) => index))));
  assert.equal(shown.split("\n")[1], "[[0, 1, 2, ..., 7, 8, 9],");
  assert.equal(shown.split("\n").length, 9);
  assert.match(shown, / \[990, 991, 992, \.\.\., 997, 998, 999\]\]\nmin 0, max 999, mean 499\.5$/);
});

test("NaN is counted and left out of the statistics", async () => {
  assert.match(String(await text(tensor([3], "float32", new Float32Array([NaN, 1, 3])))), /min 1, max 3, mean 2, 1 NaN$/);
  assert.match(String(await text(tensor([2], "float32", new Float32Array([NaN, NaN])))), /all NaN$/);
});

test("a disposed one says so, a variable is named", async () => {
  const gone = tensor([2], "float32", [], { isDisposed: true, dataSync: () => { throw new Error("disposed"); } });
  assert.equal(await text(gone), "Tensor [2] float32, disposed");
  assert.equal(await text(tensor([1], "float32", new Float32Array([1]), { name: "w", assign: () => undefined })), "Variable w [1] float32\n[1]");
});

test("values that can only be read later are awaited", async () => {
  const later = tensor([1], "float32", new Float32Array([7]), { dataSync: () => { throw new Error("asynchronous backend"); } });
  assert.equal(await text(later), "Tensor [1] float32\n[7]");
  const broken = tensor([1], "float32", [], { dataSync: () => { throw new Error("x"); }, data: async () => { throw new Error("lost device"); } });
  assert.equal(await text(broken), "Tensor [1] float32 [its values could not be read: Error: lost device]");
});

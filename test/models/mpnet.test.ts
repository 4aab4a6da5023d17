import assert from "node:assert/strict";
import { test } from "node:test";
import { bucketOf, mpnet } from "../../lib/models/mpnet.js";
import { floats, readGolden } from "./golden.js";

test("the bucket of every distance from -600 to 600 is that of Transformers", async () => {
  const expected = [...floats(await readGolden("architectures/mpnet.safetensors"), "buckets")];
  assert.deepEqual(expected.map((_, i) => bucketOf(i - 600)), expected);
});

test("a number of buckets that Transformers ignores is refused", () => {
  assert.throws(() => mpnet.configure({ model_type: "mpnet", relative_attention_num_buckets: 64 }, "c"), /must be 32: Transformers counts with that many/);
});

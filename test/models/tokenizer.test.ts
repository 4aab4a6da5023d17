import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { findDefaultModel } from "../../lib/models/default-model.js";
import { loadTokenizer, makeTokenizer, padBatch, truncatePair, type Encoding, type Tokenizer } from "../../lib/models/tokenizer.js";
import { UsageError } from "../../lib/support/checks.js";
import { projectRoot } from "../../lib/support/root.js";
import { tinyTokenizer, withFolder } from "./folders.js";
import { oraclePath } from "./golden.js";

interface Case extends Encoding { text: string; text2: string | null; maxLength: number | null }
interface Golden { cases: Case[]; mrpc: { pairs: number; sha256: Record<string, string> } }

const golden = JSON.parse(readFileSync(oraclePath("tokenizer.json"), "utf8")) as Golden;
let tokenizer: Tokenizer;
before(async () => {
  const { folder } = findDefaultModel();
  assert.ok(folder !== null, "the default model is not installed");
  tokenizer = await loadTokenizer(folder, 0);
});

test("ids and types are those of Hugging Face's Rust tokenizers on texts of every kind", () => {
  for (const { text, text2, maxLength, ...expected } of golden.cases) {
    const encoding = tokenizer.encode(text, text2 ?? undefined, maxLength ?? undefined);
    assert.deepEqual(encoding, expected, `${JSON.stringify(text)} ${JSON.stringify(text2)} cut to ${maxLength}`);
  }
});

const mrpc = join(projectRoot, "..", "shared", "data", "glue", "MRPC");
test("ids and types of all of MRPC are those of Hugging Face's Rust tokenizers", { skip: !existsSync(mrpc) && "no ../shared/data" }, () => {
  const pairs = ["train", "dev"].flatMap((split) => readFileSync(join(mrpc, `${split}.tsv`), "utf8").split(/\r?\n/).slice(1))
    .filter((line) => line !== "").map((line) => line.split("\t"));
  assert.equal(pairs.length, golden.mrpc.pairs);
  for (const [length, expected] of Object.entries(golden.mrpc.sha256)) {
    const hash = createHash("sha256");
    for (const [, , , text, text2] of pairs) {
      const { inputIds, tokenTypeIds } = tokenizer.encode(text!, text2!, length === "None" ? undefined : Number(length));
      hash.update(`${inputIds.join()} ${tokenTypeIds.join()}\n`);
    }
    assert.equal(hash.digest("hex"), expected, `cut to ${length}`);
  }
});

test("truncation and padding of tokenizer.json are not applied", () => {
  const tiny = makeTokenizer({ json: tinyTokenizer, config: {}, padId: 0, path: "" });
  assert.deepEqual(tiny.encode("a b c d e f"), { inputIds: [2, 4, 5, 6, 7, 8, 9, 3], tokenTypeIds: new Array(8).fill(0) });
  assert.deepEqual(tiny.encode("a"), { inputIds: [2, 4, 3], tokenTypeIds: [0, 0, 0] });
});

test("lone surrogates and very long texts do no harm", () => {
  assert.deepEqual(tokenizer.encode("a\ud800b\udc00").inputIds, tokenizer.encode("ab").inputIds);
  assert.equal(tokenizer.encode("word ".repeat(20_000), undefined, 512).inputIds.length, 512);
});

test("a pair is cut at its longer text first, like the Rust code", () => {
  const lengths = (first: number, second: number, room: number): number[] =>
    truncatePair(new Array(first).fill(0), new Array(second).fill(0), room).map((tokens) => tokens!.length);
  assert.deepEqual(lengths(3, 9, 12), [3, 9]);
  assert.deepEqual(lengths(3, 9, 8), [3, 5]);
  assert.deepEqual(lengths(9, 3, 8), [5, 3]);
  assert.deepEqual(lengths(9, 9, 7), [3, 4]);
  assert.deepEqual(lengths(9, 8, 7), [4, 3]);
  assert.deepEqual(lengths(5, 0, 2), [2, 0]);
  assert.deepEqual(lengths(5, 5, 0), [0, 0]);
  assert.deepEqual(truncatePair([1, 2, 3], undefined, 2), [[1, 2], undefined]);
});

test("a length without room for the marks is refused", () => {
  assert.deepEqual(tokenizer.encode("a", undefined, 2).inputIds, [101, 102]);
  assert.throws(() => tokenizer.encode("a", undefined, 1), /encode: maxLength must be an integer of at least 2, got 1/);
  assert.throws(() => tokenizer.encode("a", "b", 2), /at least 3, got 2/);
  assert.throws(() => tokenizer.encode("a", "b", 8.5), RangeError);
});

test("a batch is padded at the end, and the mask says where", () => {
  const encodings = [{ inputIds: [2, 5, 3], tokenTypeIds: [0, 0, 1] }, { inputIds: [], tokenTypeIds: [] }];
  const { inputIds, attentionMask, tokenTypeIds } = padBatch(encodings, 4, 9);
  assert.deepEqual([...inputIds], [2, 5, 3, 9, 9, 9, 9, 9]);
  assert.deepEqual([...attentionMask], [1, 1, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual([...tokenTypeIds], [0, 0, 1, 0, 0, 0, 0, 0]);
  assert.throws(() => padBatch(encodings, 2, 0), /padBatch: length must be at least 3, the length of encoding 0, got 2/);
});

test("a missing, broken or unknown tokenizer.json is an error that names it", () => withFolder(async (folder) => {
  const path = join(folder, "tokenizer.json");
  await assert.rejects(loadTokenizer(folder, 0), (error) => error instanceof UsageError && /tokenizer\.json does not exist, .*make it in Python/.test(error.message));
  writeFileSync(path, "{\"model\":");
  await assert.rejects(loadTokenizer(folder, 0), /tokenizer\.json is no JSON/);
  writeFileSync(path, "{}");
  await assert.rejects(loadTokenizer(folder, 0), /tokenizer\.json: no tokenizer that is supported/);
  writeFileSync(path, JSON.stringify({ ...tinyTokenizer, normalizer: { type: "Nobody" } }));
  await assert.rejects(loadTokenizer(folder, 0), /no tokenizer that is supported \(Unknown Normalizer type: Nobody\)/);
  writeFileSync(path, JSON.stringify(tinyTokenizer));
  writeFileSync(join(folder, "tokenizer_config.json"), "{\"truncation_side\":\"left\"}");
  await assert.rejects(loadTokenizer(folder, 0), /truncation_side must be "right", got "left"/);
}));

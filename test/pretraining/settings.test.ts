import assert from "node:assert/strict";
import { test } from "node:test";
import { encoderConfig } from "../../lib/models/config.js";
import { maskedLmShapes } from "../../lib/models/masked-lm.js";
import { pretrainPresets, pretrainSettings } from "../../lib/pretraining/settings.js";
import { configJson, sizeNamed, sizes } from "../../lib/pretraining/sizes.js";
import { totalSize } from "../../lib/support/tensors.js";
import { modelSizeNames, pretrainPresetNames } from "../../lib/cli/pretrain.js";

test("the sizes grow from 0.2 to 8 million parameters, at least five of them", () => {
  const parameters = Object.values(sizes).map((size) => {
    const json = configJson(size, { vocabSize: 4000, positions: 128, padId: 0, dropout: 0 });
    return totalSize(maskedLmShapes(encoderConfig(json, "config.json")));
  });
  assert.deepEqual(parameters.map((count) => (count / 1e6).toFixed(1)), ["0.2", "0.4", "1.3", "2.6", "7.4"]);
});

test("a name that is no size or preset is refused with what is near", () => {
  assert.throws(() => sizeNamed("xxl"), /size must be one of xs, s, m, l, xl, got "xxl"/);
  assert.throws(() => pretrainSettings("quik"), /preset must be one of full, quick, smoke, got "quik"\. Did you mean "quick"\?/);
});

test("settings that make no sense are refused by name; the model has positions for every row", () => {
  assert.throws(() => pretrainSettings("smoke", { heads: 3 }), /hiddenSize must be a multiple of heads 3, got 32/);
  assert.throws(() => pretrainSettings("smoke", { accumulation: 3 }), /batchSize must be a multiple of accumulation 3, got 8/);
  assert.throws(() => pretrainSettings("smoke", { warmup: 2 }), /warmup must be a number in \[0, 0\.999\], got 2/);
  assert.equal(pretrainSettings("smoke", { length: 256 }).positions, 256);
});

test("the deepest size brings a rate at which it learns; a rate that is given goes before it", () => {
  assert.equal(pretrainSettings("full", sizes.l).learningRate, 1e-3);
  assert.equal(pretrainSettings("full", sizes.xl).learningRate, 3e-4);
  assert.equal(pretrainSettings("full", { ...sizes.xl, learningRate: 1e-3 }).learningRate, 1e-3);
});

test("the names in the help are those of the library", () => {
  assert.deepEqual([...modelSizeNames], Object.keys(sizes));
  assert.deepEqual([...pretrainPresetNames].sort(), Object.keys(pretrainPresets).sort());
});

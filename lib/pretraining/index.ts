/** Pre-training by masked language modelling, small enough for two cores. */
export { openCorpus, type Corpus } from "./corpus.js";
export { readPretraining } from "./output.js";
export { pretrain, type PretrainEvent, type PretrainOptions, type PretrainProgress } from "./pretrain.js";
export { pretrainPresets, type PretrainSettings } from "./settings.js";
export { sizeNames, sizes, type ModelSize, type SizeName } from "./sizes.js";

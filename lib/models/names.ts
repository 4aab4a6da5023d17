/** The names of a checkpoint's tensors, which vary with the class it was saved from and with its age, as an architecture's. */

export interface NameRules {
  /** What every parameter but the head's starts with, without the dot. */
  prefix: string;
  /** How the names of the bare encoder start, which lack the prefix. */
  bare: RegExp;
  /** Names, with the prefix, that belong to no classifier: heads of other tasks, buffers. */
  dropped: RegExp;
}

/** Buffers that old versions of Transformers saved. */
const buffers = /\.(position_ids|token_type_ids)$/;

/** Names by `rules`; checkpoints converted from TensorFlow call a layer norm's weights gamma and beta. */
export function canonicalNames({ prefix, bare, dropped }: NameRules): (name: string) => string | null {
  return (name) => {
    const full = bare.test(name) ? `${prefix}.${name}` : name;
    if (buffers.test(full) || dropped.test(full)) return null;
    return full.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");
  };
}

/** The layer of a parameter: "embeddings", "layer.0", ..., or "head" for everything else. */
export function layersBy(embeddings: RegExp, layer: RegExp): (name: string) => string {
  return (name) => {
    const index = layer.exec(name)?.[1];
    return index !== undefined ? `layer.${index}` : embeddings.test(name) ? "embeddings" : "head";
  };
}

/** The methods by name, and what distinguishes them: one table for records, training, charts and the command line. */

/** What is trained in place of all parameters; lib/reparameterisations has a file for each. */
export const METHODS = ["full", "did", "said", "lora", "uni-lora", "ia3", "bitfit", "head", "learned"] as const;
export type Method = (typeof METHODS)[number];

/** Methods with a d to be chosen, and so with a d90. */
export const DIMENSIONED = ["said", "did", "uni-lora", "learned"] as const satisfies readonly Method[];
export type DimensionedMethod = (typeof DIMENSIONED)[number];

/** Whether `method` has a d. */
export const isDimensioned = (method: Method): method is DimensionedMethod =>
  (DIMENSIONED as readonly Method[]).includes(method);

/** What happens to the head, which is random at the start: it moves with what is learned, is trained by itself, or stays. */
export type HeadPolicy = "projected" | "free" | "frozen";

/** What a method can do with the head; the first is its default. */
const HEAD_POLICIES: Readonly<Record<Method, readonly HeadPolicy[]>> = {
  full: ["projected", "free", "frozen"],
  did: ["projected", "free", "frozen"],
  said: ["projected", "free", "frozen"],
  learned: ["projected", "free", "frozen"],
  "uni-lora": ["projected", "free", "frozen"],
  lora: ["free", "frozen"],
  ia3: ["free", "frozen"],
  bitfit: ["free", "frozen"],
  head: ["free"],
};

/** The policies that `method` allows, its default first. */
export const headPoliciesOf = (method: Method): readonly HeadPolicy[] => HEAD_POLICIES[method];

/** Methods that change matrices chosen by `targets`. */
export const hasTargets = (method: Method): method is "lora" | "uni-lora" | "ia3" => ["lora", "uni-lora", "ia3"].includes(method);

/** Methods with a rank and an alpha. */
export const hasRank = (method: Method): method is "lora" | "uni-lora" => method === "lora" || method === "uni-lora";

/** Methods that draw a projection P. */
export const hasProjection = (method: Method): boolean => ["did", "said", "uni-lora"].includes(method);

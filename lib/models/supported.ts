/** What can be loaded, as a table in Markdown: docs/models.md holds it, and a test that it is this. */
import { activationNames, refusedActivations } from "./activations.js";
import { architectures } from "./registry.js";
import { ropeTypes } from "./rope.js";
import type { Architecture } from "./types.js";

/** An example of each architecture's family, and what tells its positions. */
const about: Readonly<Record<string, { examples: string; positions: string }>> = {
  bert: { examples: "BERT, MiniLM, and most sentence encoders", positions: "learned" },
  roberta: { examples: "RoBERTa, DistilRoBERTa", positions: "learned, from the padding id on" },
  "xlm-roberta": { examples: "XLM-R, multilingual E5", positions: "learned, from the padding id on" },
  camembert: { examples: "CamemBERT", positions: "learned, from the padding id on" },
  electra: { examples: "ELECTRA's discriminators", positions: "learned" },
  albert: { examples: "ALBERT v1 and v2: layers of one group count once", positions: "learned" },
  distilbert: { examples: "DistilBERT", positions: "learned" },
  mpnet: { examples: "MPNet, all-mpnet-base-v2", positions: "learned, and a bias for each distance" },
  gpt2: { examples: "GPT-2, DistilGPT-2", positions: "learned" },
  llama: { examples: "Llama 1 to 3, TinyLlama, SmolLM", positions: "rotary" },
  mistral: { examples: "Mistral 7B; texts up to its window", positions: "rotary" },
  qwen2: { examples: "Qwen2, Qwen2.5", positions: "rotary" },
};

function row({ modelType, head }: Architecture): string {
  const { examples = "", positions = "" } = about[modelType] ?? {};
  return `| \`${modelType}\` | ${examples} | ${positions} | ${head} |`;
}

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

/** Architectures, then activations and rotary positions. */
export function supportedModels(): string {
  return [
    "| `model_type` | such as | positions | head |",
    "|---|---|---|---|",
    ...architectures.map(row),
    "",
    `Activations: ${code(Object.keys(activationNames))}.`,
    `Not supported: ${Object.entries(refusedActivations).map(([name, why]) => `\`${name}\` (${why})`).join(", ")}.`,
    "",
    `Rotary positions (\`rope_type\`): ${code(ropeTypes)}; \`dynamic\` up to the length where it changes anything.`,
  ].join("\n");
}

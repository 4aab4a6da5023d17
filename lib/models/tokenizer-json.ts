/** A tokenizer.json as @huggingface/tokenizers needs it, so that pairs come out as by Hugging Face's Rust tokenizers. */

interface Processor { type?: string; processors?: Processor[] }

/** The part of a parsed tokenizer.json that marks texts; undefined where there is none. */
const processorOf = (json: unknown): Processor | undefined => (json as { post_processor?: Processor | null } | null)?.post_processor ?? undefined;

/**
 * `json` without post-processors of type ByteLevel: they only trim offsets, which are not used here, but the library's loses
 * the second text of a pair. A sequence of which one is left becomes it.
 */
export function withoutByteLevel(json: unknown): unknown {
  const processor = processorOf(json);
  if (processor === undefined || typeof json !== "object" || json === null) return json;
  const kept = (processor.type === "Sequence" ? processor.processors ?? [] : [processor]).filter(({ type }) => type !== "ByteLevel");
  return { ...json, post_processor: kept.length > 1 ? { ...processor, processors: kept } : kept[0] ?? null };
}

/** Whether all tokens are of type 0, of the second text too: RoBERTa's processor says so in Rust, not in the library. */
export const hasOneType = (json: unknown): boolean => processorOf(withoutByteLevel(json))?.type === "RobertaProcessing";

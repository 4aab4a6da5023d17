/**
 * Where @huggingface/tokenizers reads text otherwise than Hugging Face's Rust tokenizers, the text is prepared so that
 * both give the same ids. Found by comparing every Unicode code point; what remains are combining marks and punctuation
 * that Unicode added after 2015, which the Rust tables lack.
 */

/** Ideographs beyond the basic plane, around which BERT puts spaces; the ranges are those of bert.rs. */
const rareIdeographs = /[\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/gu;

interface Normalizer { type?: string; handle_chinese_chars?: boolean; lowercase?: boolean; normalizers?: Normalizer[] }

/** JavaScript lowers a sigma at a word's end to another letter, Rust does not. */
const lowered = (text: string): string => text.replaceAll("Σ", "σ");

/** The preparation that a parsed tokenizer.json needs; the identity unless its normalizer is BERT's or lowers letters (ALBERT). */
export function bertText(json: unknown): (text: string) => string {
  const { normalizer } = json as { normalizer?: Normalizer | null };
  if (normalizer?.type !== "BertNormalizer") {
    const parts = normalizer?.type === "Sequence" ? normalizer.normalizers ?? [] : [normalizer];
    return parts.some((part) => part?.type === "Lowercase") ? lowered : (text) => text;
  }
  return (text) => {
    const spaced = normalizer.handle_chinese_chars === false ? text : text.replace(rareIdeographs, " $& ");
    return normalizer.lowercase === false ? spaced : lowered(spaced);
  };
}

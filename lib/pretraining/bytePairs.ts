/**
 * Byte-level byte-pair encoding, learned from word counts: beginning with the 256 bytes, the most frequent pair of neighbours becomes
 * a piece, again and again (Sennrich et al. 2016, arXiv 1508.07909; on bytes: Radford et al. 2019), as Hugging Face's BpeTrainer does it.
 */
import { countPairs } from "./pairs.js";

export interface BytePairs {
  /** Special tokens, the 256 bytes, then joined pieces as they came; the index is the id. */
  pieces: readonly string[];
  /** "left right" of each joined piece, in the order in which they are applied. */
  merges: readonly string[];
}

/** The characters that stand for the bytes 0 to 255: GPT-2's, each printable, none a space. */
const byteCharacters: readonly string[] = (() => {
  const printable = (byte: number): boolean => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let others = 256;
  return Array.from({ length: 256 }, (_unused, byte) => String.fromCodePoint(printable(byte) ? byte : others++));
})();

/**
 * Learns byte pairs. Equal counts are decided by the smaller ids, so that the same words give the same merges in any order.
 * @param counts words, already split, their bytes as GPT-2's characters, to how often they occur.
 * @param options.size pieces at most, the `special` ones, which come first, and the bytes included.
 * @param options.minFrequency a pair that is rarer is not joined; default 2.
 */
export function learnBytePairs(
  counts: ReadonlyMap<string, number>, { size, special, minFrequency = 2 }: { size: number; special: readonly string[]; minFrequency?: number },
): BytePairs {
  const pieces = [...special, ...byteCharacters.toSorted()], ids = new Map(pieces.map((piece, id) => [piece, id]));
  const merges: string[] = [];
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = countPairs(sorted.map(([word, count]) => ({ count, pieces: [...word].map((character) => ids.get(character)!) })));
  while (pieces.length < size) {
    const pair = pairs.best();
    if (pair === null || pair.count < minFrequency) break;
    const left = pieces[pair.left]!, right = pieces[pair.right]!, joined = left + right;
    // Another pair may have made the same piece already.
    const id = ids.get(joined) ?? pieces.push(joined) - 1;
    ids.set(joined, id);
    merges.push(`${left} ${right}`);
    pairs.join(pair, id);
  }
  return { pieces, merges };
}

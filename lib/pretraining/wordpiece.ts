/**
 * A WordPiece vocabulary learned from word counts: beginning with single characters, the most frequent pair of neighbouring
 * pieces becomes a piece, again and again (Sennrich et al. 2016, arXiv 1508.07909), as Hugging Face's WordPieceTrainer does it.
 */
import { countPairs, type Word } from "./pairs.js";

/** Marks the pieces that go on a word. */
export const continuing = "##";

export interface LearnOptions {
  /** Pieces at most, special tokens included. */
  size: number;
  /** The first ids, in this order. */
  special: readonly string[];
  /** Characters at most, the most frequent; default 1,000. */
  alphabet?: number;
  /** A pair that is rarer is not joined; default 2. */
  minFrequency?: number;
}

/**
 * The vocabulary in the order of ids: special tokens, characters, continuing characters, then joined pieces as they came.
 * Equal counts are decided by the smaller ids, so that the same words give the same vocabulary.
 * @param counts words (already normalised and split) to how often they occur.
 */
export function learnWordPieces(counts: ReadonlyMap<string, number>, { size, special, alphabet = 1000, minFrequency = 2 }: LearnOptions): string[] {
  const pieces = [...special], ids = new Map(pieces.map((piece, id) => [piece, id]));
  const idOf = (piece: string): number => {
    const known = ids.get(piece) ?? pieces.length;
    if (known === pieces.length) { pieces.push(piece); ids.set(piece, known); }
    return known;
  };
  const characters = frequentCharacters(counts, alphabet);
  characters.forEach(idOf);
  const words = spelled(counts, new Set(characters), idOf);
  const pairs = countPairs(words);
  while (pieces.length < size) {
    const pair = pairs.best();
    if (pair === null || pair.count < minFrequency) break;
    const joined = idOf(pieces[pair.left]! + pieces[pair.right]!.slice(continuing.length));
    pairs.join(pair, joined);
  }
  return pieces;
}

/** The most frequent characters, sorted. */
function frequentCharacters(counts: ReadonlyMap<string, number>, limit: number): string[] {
  const totals = new Map<string, number>();
  for (const [word, count] of counts) for (const character of word) totals.set(character, (totals.get(character) ?? 0) + count);
  const byCount = [...totals].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return byCount.slice(0, limit).map(([character]) => character).sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
}

/** The words as characters, sorted so that ids do not depend on the order of the map; characters outside the alphabet are left out. */
function spelled(counts: ReadonlyMap<string, number>, known: ReadonlySet<string>, idOf: (piece: string) => number): Word[] {
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([word, count]) => ({
    count,
    pieces: [...word].flatMap((character, i) => (known.has(character) ? [idOf(i === 0 ? character : continuing + character)] : [])),
  }));
}

/** Counts of neighbouring pieces in words, and their joining: what WordPiece and byte-pair encoding learn by. */
import { makeQueue } from "./queue.js";

/** A word as pieces (their ids), with its count. */
export interface Word {
  pieces: number[];
  count: number;
}

interface Pair {
  left: number;
  right: number;
  count: number;
}

const shift = 2 ** 24;
const keyOf = (left: number, right: number): number => left * shift + right;

/** Counts of neighbouring pieces over all words, kept up as pairs are joined; equal counts are decided by the smaller ids. */
export function countPairs(words: readonly Word[]) {
  const counts = new Map<number, number>(), places = new Map<number, Set<number>>();
  const queue = makeQueue((a, b) => b.priority - a.priority || a.key - b.key);

  function add(index: number, sign: 1 | -1, touched?: Set<number>): void {
    const { pieces, count } = words[index]!;
    for (let i = 1; i < pieces.length; i++) {
      const key = keyOf(pieces[i - 1]!, pieces[i]!);
      counts.set(key, (counts.get(key) ?? 0) + sign * count);
      if (sign === 1) (places.get(key) ?? places.set(key, new Set()).get(key)!).add(index);
      touched?.add(key);
    }
  }

  words.forEach((_word, index) => add(index, 1));
  for (const [key, priority] of counts) queue.push({ key, priority });

  return {
    /** The most frequent pair; null where none is left. */
    best(): Pair | null {
      for (let top = queue.pop(); top !== null; top = queue.pop()) {
        const count = counts.get(top.key) ?? 0;
        if (count === top.priority && count > 0) return { left: Math.floor(top.key / shift), right: top.key % shift, count };
        if (count > 0 && count < top.priority) queue.push({ key: top.key, priority: count });
      }
      return null;
    },
    /** Replaces the pair by `joined` in every word. */
    join({ left, right }: Pair, joined: number): void {
      const touched = new Set<number>();
      for (const index of places.get(keyOf(left, right)) ?? []) {
        add(index, -1);
        words[index]!.pieces = joinedPieces(words[index]!.pieces, left, right, joined);
        add(index, 1, touched);
      }
      places.delete(keyOf(left, right));
      for (const key of touched) queue.push({ key, priority: counts.get(key)! });
    },
  };
}

function joinedPieces(pieces: readonly number[], left: number, right: number, joined: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < pieces.length; i++) {
    const both = pieces[i] === left && pieces[i + 1] === right;
    result.push(both ? joined : pieces[i]!);
    if (both) i++;
  }
  return result;
}

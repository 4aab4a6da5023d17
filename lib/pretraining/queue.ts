/** A priority queue (binary heap). */

export interface Entry {
  key: number;
  priority: number;
}

/** An empty queue whose first is the smallest by `compare`. */
export function makeQueue(compare: (a: Entry, b: Entry) => number) {
  const heap: Entry[] = [];
  const swap = (i: number, j: number): void => { [heap[i], heap[j]] = [heap[j]!, heap[i]!]; };
  const before = (i: number, j: number): boolean => compare(heap[i]!, heap[j]!) < 0;

  function sink(i: number): void {
    for (;;) {
      const left = 2 * i + 1;
      let first = i;
      if (left < heap.length && before(left, first)) first = left;
      if (left + 1 < heap.length && before(left + 1, first)) first = left + 1;
      if (first === i) return;
      swap(i, first);
      i = first;
    }
  }

  return {
    push(entry: Entry): void {
      heap.push(entry);
      for (let i = heap.length - 1; i > 0;) {
        const parent = (i - 1) >> 1;
        if (!before(i, parent)) return;
        swap(i, parent);
        i = parent;
      }
    },
    /** The first, taken out; null when empty. */
    pop(): Entry | null {
      if (heap.length === 0) return null;
      swap(0, heap.length - 1);
      const first = heap.pop()!;
      sink(0);
      return first;
    },
  };
}

/** How far it is with what comes before a training, for whoever shows it: files that are downloaded, texts that are tokenised. */

/** Bytes of a file, or rows of texts. */
export interface LoadingProgress {
  kind: "download" | "tokenise";
  /** The file, or which texts. */
  name: string;
  done: number;
  total: number;
}

type Listener = (progress: LoadingProgress) => void;

const listeners = new Set<Listener>();

/** Tells whoever watches. */
export const tellLoading: Listener = (progress) => listeners.forEach((listener) => listener(progress));

/** Calls `listener` while something is loaded, until the function that is returned is called. */
export function watchLoading(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

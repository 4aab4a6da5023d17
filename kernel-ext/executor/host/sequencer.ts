/**
 * Puts the child's three pipes (standard output, standard error, messages) back into one order: a message comes after all
 * text that was written before it, and before all text that was written after it.
 */
import type { FromChild, Sequenced } from "../messages.js";

export type StreamName = "stdout" | "stderr";

export interface SequencerHandlers {
  onText(name: StreamName, cell: number, text: string): void;
  onMessage(message: FromChild): void;
}

export interface Sequencer {
  text(name: StreamName, cell: number, text: string): void;
  /** Message `seq` stands at this place of the stream. */
  mark(name: StreamName, seq: number): void;
  /** No more of this stream: nothing waits for its marks. */
  end(name: StreamName): void;
  message(sequenced: Sequenced): void;
}

/** Milliseconds that a message waits for its marks: user code that has closed a standard stream wrote none. */
const PATIENCE = 5_000;

type Item = { cell: number; text: string } | { seq: number };

interface Stream {
  name: StreamName;
  items: Item[];
  ended: boolean;
}

/** Delivers a stream's text up to the mark of message `seq`. @returns whether the mark has come. */
function advance({ name, items }: Stream, seq: number, onText: SequencerHandlers["onText"]): boolean {
  for (let [first] = items; first !== undefined; [first] = items) {
    if ("seq" in first && first.seq >= seq) return true;
    // A mark without its message (an interrupt came between them) is passed over when a later one is due.
    items.shift();
    if ("text" in first) onText(name, first.cell, first.text);
  }
  return false;
}

/** Delivers text that no message is known to precede. */
function advanceFreely({ name, items }: Stream, onText: SequencerHandlers["onText"]): void {
  for (let [first] = items; first !== undefined && "text" in first; [first] = items) {
    items.shift();
    onText(name, first.cell, first.text);
  }
}

export function createSequencer({ onText, onMessage }: SequencerHandlers): Sequencer {
  const streams: Record<StreamName, Stream> = {
    stdout: { name: "stdout", items: [], ended: false }, stderr: { name: "stderr", items: [], ended: false },
  };
  const both = Object.values(streams);
  const messages: Sequenced[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** Marks up to this one are no longer waited for. */
  let given = 0;

  function pump(): void {
    for (let [next] = messages; next !== undefined; [next] = messages) {
      const { seq, message } = next;
      const ready = both.map((stream) => advance(stream, seq, onText) || stream.ended || seq <= given);
      if (!ready.every(Boolean)) {
        timer ??= setTimeout(giveUp, PATIENCE, seq);
        return;
      }
      messages.shift();
      for (const { items } of both) if (items[0] !== undefined && "seq" in items[0] && items[0].seq === seq) items.shift();
      onMessage(message);
    }
    for (const stream of both) advanceFreely(stream, onText);
    clearTimeout(timer);
    timer = undefined;
  }

  function giveUp(seq: number): void {
    timer = undefined;
    if (messages[0]?.seq === seq) given = seq;
    pump();
  }

  return {
    text(name, cell, text) {
      streams[name].items.push({ cell, text });
      pump();
    },
    mark(name, seq) {
      if (seq > given) streams[name].items.push({ seq });
      pump();
    },
    end(name) {
      streams[name].ended = true;
      pump();
    },
    message(sequenced) {
      if (sequenced.seq === 0) return onMessage(sequenced.message);
      messages.push(sequenced);
      pump();
    },
  };
}

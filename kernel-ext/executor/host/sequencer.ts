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

export function createSequencer({ onText, onMessage }: SequencerHandlers): Sequencer {
  const streams: Stream[] = [{ name: "stdout", items: [], ended: false }, { name: "stderr", items: [], ended: false }];
  const messages: Sequenced[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** Marks up to this one are no longer waited for. */
  let given = 0;

  const streamOf = (name: StreamName): Stream => streams[name === "stdout" ? 0 : 1]!;

  /** Delivers a stream's text up to the mark of message `seq`. @returns whether the mark has come. */
  function advance(stream: Stream, seq: number): boolean {
    for (;;) {
      const [first] = stream.items;
      if (first === undefined) return stream.ended || seq <= given;
      if ("seq" in first) {
        // A mark without its message (an interrupt came between them) is passed over when a later one is due.
        if (first.seq >= seq) return true;
        stream.items.shift();
      } else {
        stream.items.shift();
        onText(stream.name, first.cell, first.text);
      }
    }
  }

  /** Text that no message is known to precede. */
  function advanceFreely(stream: Stream): void {
    for (let [first] = stream.items; first !== undefined && !("seq" in first); [first] = stream.items) {
      stream.items.shift();
      onText(stream.name, first.cell, first.text);
    }
  }

  function pump(): void {
    for (;;) {
      const [next] = messages;
      if (next === undefined) {
        streams.forEach(advanceFreely);
        clearTimeout(timer);
        timer = undefined;
        return;
      }
      if (!streams.map((stream) => advance(stream, next.seq)).every(Boolean)) break;
      messages.shift();
      for (const { items } of streams) {
        const [first] = items;
        if (first !== undefined && "seq" in first && first.seq === next.seq) items.shift();
      }
      onMessage(next.message);
    }
    timer ??= setTimeout(giveUp, PATIENCE, messages[0]?.seq);
  }

  function giveUp(seq: number | undefined): void {
    timer = undefined;
    if (seq !== undefined && messages[0]?.seq === seq) given = seq;
    pump();
  }

  return {
    text(name, cell, text) {
      streamOf(name).items.push({ cell, text });
      pump();
    },
    mark(name, seq) {
      if (seq <= given) return;
      streamOf(name).items.push({ seq });
      pump();
    },
    end(name) {
      streamOf(name).ended = true;
      pump();
    },
    message(sequenced) {
      if (sequenced.seq === 0) return onMessage(sequenced.message);
      messages.push(sequenced);
      pump();
    },
  };
}

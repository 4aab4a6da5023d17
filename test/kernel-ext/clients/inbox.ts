/** Messages as they arrive, and who waits for which. */
import type { Message } from "../../../kernel-ext/protocol/wire.js";

/** How long anything may take on a busy machine before a test gives up. */
export const PATIENCE = 120_000;

export type Matches = (message: Message) => boolean;

export interface Inbox {
  add(channel: string, message: Message): void;
  /** The first message on one of `channels`, past or future, that `matches`. */
  wait(channels: readonly string[], matches: Matches, what: string, patience?: number): Promise<Message>;
  /** Takes the message out, so that the next call finds the next. */
  take(channel: string, matches: Matches, what: string): Promise<Message>;
  /** Forgets what has arrived. */
  clear(): void;
}

interface Waiting {
  fits(channel: string, message: Message): boolean;
  resolve(message: Message): void;
}

/** A message is shown to those that wait when it arrives, not searched for again: thousands come with one cell. */
export function createInbox(): Inbox {
  let messages: { channel: string; message: Message }[] = [];
  const waiting = new Set<Waiting>();

  function wait(channels: readonly string[], matches: Matches, what: string, patience = PATIENCE): Promise<Message> {
    const fits: Waiting["fits"] = (channel, message) => channels.includes(channel) && matches(message);
    const known = messages.find(({ channel, message }) => fits(channel, message));
    if (known !== undefined) return Promise.resolve(known.message);
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        fits,
        resolve(message) {
          clearTimeout(timer);
          waiting.delete(entry);
          resolve(message);
        },
      };
      const timer = setTimeout(() => {
        waiting.delete(entry);
        reject(new Error(`no ${what} within ${patience / 1000} s`));
      }, patience);
      waiting.add(entry);
    });
  }

  return {
    wait,
    add(channel, message) {
      messages.push({ channel, message });
      for (const entry of [...waiting]) if (entry.fits(channel, message)) entry.resolve(message);
    },
    async take(channel, matches, what) {
      const taken = await wait([channel], matches, what);
      messages = messages.filter(({ message }) => message !== taken);
      return taken;
    },
    clear() {
      messages = [];
    },
  };
}

/** Multipart frames <-> messages. What is not signed with the connection's key is not even parsed. */
import { createHmac, createSecretKey, randomUUID, timingSafeEqual } from "node:crypto";
import { z } from "zod";

export const PROTOCOL_VERSION = "5.5";
const DELIMITER = "<IDS|MSG>";
/** Signatures remembered to drop replayed messages; as many as ipykernel keeps. */
const REMEMBERED = 65_536;
/** Bytes of one JSON part; a cell is far below. */
const MAX_PART = 64 * 1024 * 1024;

const headerSchema = z.looseObject({
  msg_id: z.string(),
  msg_type: z.string(),
  session: z.string().default(""),
  username: z.string().default(""),
  date: z.string().optional(),
  version: z.string().optional(),
});
const objectSchema = z.record(z.string(), z.unknown());

export type Header = z.infer<typeof headerSchema>;
export type Json = Record<string, unknown>;

export interface Message {
  identities: Buffer[];
  header: Header;
  parent: Header | Json;
  metadata: Json;
  content: Json;
  buffers: Uint8Array[];
}

/** What goes out; the header is made when it is sent. */
export interface Outgoing {
  /** Its msg_id; by default a new one. */
  id?: string;
  identities: readonly (Buffer | string)[];
  type: string;
  parent: Header | Json;
  content: Json;
  metadata?: Json;
  buffers?: readonly Uint8Array[];
}

/** Why frames were dropped. */
export class WireError extends Error {}

export interface Wire {
  /** @throws {WireError} if the frames are malformed, not signed with the key, or were received before. */
  decode(frames: readonly Buffer[]): Message;
  encode(message: Outgoing): (Buffer | string | Uint8Array)[];
}

/**
 * `key` empty: messages are neither signed nor checked, as the protocol has it.
 * `remembered`: signatures that are kept, to drop what comes again.
 */
export function createWire({ key, scheme, session, username = "d90", remembered = REMEMBERED }: {
  key: string; scheme: string; session: string; username?: string; remembered?: number;
}): Wire {
  const algorithm = scheme.replace("hmac-", "");
  const seen = createReplayGuard(remembered);
  /** Headers as they were received: each goes out again, as its answers' parent. */
  const texts = new WeakMap<object, string>();
  const secret = key === "" ? null : createSecretKey(key, "utf8");

  const sign = (parts: readonly (Buffer | string)[]): string => {
    if (secret === null) return "";
    const hmac = createHmac(algorithm, secret);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  };

  function decode(frames: readonly Buffer[]): Message {
    const at = frames.findIndex((frame) => frame.length === DELIMITER.length && frame.toString("latin1") === DELIMITER);
    if (at < 0 || frames.length < at + 6) throw new WireError("a message without delimiter, signature or one of its four parts");
    const signature = frames[at + 1]!.toString("latin1");
    const parts = frames.slice(at + 2, at + 6);
    if (key !== "") {
      if (!sameText(signature, sign(parts))) throw new WireError("a message whose signature does not fit the connection's key");
      if (!seen(signature)) throw new WireError("a message that was received before (same signature)");
    }
    const [header, parent, metadata, content] = parts.map(parseObject) as [Json, Json, Json, Json];
    const parsed = headerSchema.safeParse(header);
    if (!parsed.success) throw new WireError(`a header with a wrong "${parsed.error.issues[0]?.path.join(".") ?? ""}"`);
    texts.set(parsed.data, textOf(parsed.data));
    return { identities: frames.slice(0, at), header: parsed.data, parent, metadata, content, buffers: frames.slice(at + 6) };
  }

  function encode({ id = randomUUID(), identities, type, parent, content, metadata = {}, buffers = [] }: Outgoing) {
    const header = { msg_id: id, msg_type: type, session, username, date: new Date().toISOString(), version: PROTOCOL_VERSION };
    const parts = [header, parent, metadata, content].map((part) => texts.get(part) ?? JSON.stringify(part));
    return [...identities, DELIMITER, sign(parts), ...parts, ...buffers];
  }

  return { decode, encode };
}

/** What is nested too deeply can be read and not written. */
function textOf(header: Header): string {
  try {
    return JSON.stringify(header);
  } catch {
    throw new WireError("a header that is nested too deeply");
  }
}

/** Compares in constant time; the length is no secret. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, "latin1"), Buffer.from(b, "latin1")];
  return left.length === right.length && timingSafeEqual(left, right);
}

function parseObject(part: Buffer): Json {
  if (part.length > MAX_PART) throw new WireError(`a part of ${part.length} bytes; at most ${MAX_PART} are read`);
  let json: unknown;
  try {
    json = JSON.parse(part.toString("utf8"));
  } catch (error) {
    throw new WireError(`a part that is no JSON (${(error as Error).message.slice(0, 120)})`);
  }
  const parsed = objectSchema.safeParse(json);
  if (!parsed.success) throw new WireError("a part that is no JSON object");
  return parsed.data;
}

/** True the first time it is asked about a signature; forgets the oldest half when it is full. */
function createReplayGuard(remembered: number): (signature: string) => boolean {
  const seen = new Set<string>();
  return (signature) => {
    if (seen.has(signature)) return false;
    seen.add(signature);
    if (seen.size > remembered) {
      for (const old of seen) {
        if (seen.size <= remembered / 2) break;
        seen.delete(old);
      }
    }
    return true;
  };
}

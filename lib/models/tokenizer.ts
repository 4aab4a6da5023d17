/** Text to token ids as the model's tokenizer.json says; the library is @huggingface/tokenizers, checked against the Rust one. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer as Library } from "@huggingface/tokenizers";
import { requireInteger, UsageError } from "../support/checks.js";
import { bertText } from "./bert-text.js";
import { readJson } from "./json.js";
import { tokenizerJson } from "./tokenizer-files.js";
import { hasOneType, withoutByteLevel } from "./tokenizer-json.js";

/** Token ids of one text or pair, without padding. */
export interface Encoding {
  inputIds: number[];
  /** 0 for the first text and its marks, 1 for the second. */
  tokenTypeIds: number[];
}

export interface Tokenizer {
  /** The id that fills up a batch. */
  padId: number;
  /**
   * Token ids of a text, or of a pair, with the model's marks ([CLS] a [SEP] b [SEP]).
   * @param text2 second text of a pair; an empty one still makes a pair.
   * @param maxLength longest result in tokens, marks included; the longer text is cut first, at its end. Default: no limit.
   * @throws {RangeError} if maxLength leaves no room for the marks.
   */
  encode(text: string, text2?: string, maxLength?: number): Encoding;
}

/**
 * The tokenizer in a model's folder. What tokenizer.json says about truncation and padding is not applied: both are explicit here.
 * @param padId id for padding, from the model's configuration.
 * @throws {UsageError} if there is none (tokenizer.json, vocab.txt, or vocab.json with merges.txt), or it is broken or not supported.
 */
export async function loadTokenizer(folder: string, padId: number): Promise<Tokenizer> {
  const configPath = join(folder, "tokenizer_config.json");
  const config = existsSync(configPath) ? await readJson(configPath) : {};
  return makeTokenizer({ ...(await tokenizerJson(folder, config)), config, padId });
}

/** The tokenizer of a parsed tokenizer.json. @throws {UsageError} naming `path`. */
export function makeTokenizer({ json, config, padId, path }: { json: unknown; config: unknown; padId: number; path: string }): Tokenizer {
  const library = construct(withoutByteLevel(json), config, path);
  const prepare = bertText(json), oneType = hasOneType(json);
  const words = (text: string): string[] => library.tokenize(prepare(text));
  const marks = { single: finished(library, [], undefined).tokens.length, pair: finished(library, [], []).tokens.length };
  return {
    padId,
    encode(text, text2, maxLength = Infinity) {
      const reserved = text2 === undefined ? marks.single : marks.pair;
      if (maxLength !== Infinity) requireInteger("encode", "maxLength", maxLength, reserved);
      const [first, second] = truncatePair(words(text), text2 === undefined ? undefined : words(text2), maxLength - reserved);
      const { tokens, types } = finished(library, first, second);
      return { inputIds: tokens.map((token) => idOf(library, token)), tokenTypeIds: oneType ? types.map(() => 0) : types };
    },
  };
}

function construct(json: unknown, config: unknown, path: string): Library {
  const side = (config as { truncation_side?: unknown } | null)?.truncation_side ?? "right";
  if (side !== "right") throw new UsageError(`${path}: truncation_side must be "right", got ${JSON.stringify(side)}.`);
  try {
    return new Library(json as object, config as object);
  } catch (error) {
    throw new UsageError(`${path}: no tokenizer that is supported (${error instanceof Error ? error.message : String(error)}).`);
  }
}

/** Tokens with the model's marks around them, and their types. */
function finished(library: Library, first: string[], second: string[] | undefined): { tokens: string[]; types: number[] } {
  const plain = { tokens: [...first, ...(second ?? [])], token_type_ids: [...first.map(() => 0), ...(second ?? []).map(() => 1)] };
  const { tokens, token_type_ids: types } = library.post_processor?.post_process(first, second ?? null) ?? plain;
  return { tokens, types: types ?? new Array<number>(tokens.length).fill(0) };
}

function idOf(library: Library, token: string): number {
  const id = library.token_to_id(token) ?? library.model?.unk_token_id;
  if (id === undefined) throw new Error(`encode: the vocabulary has neither ${JSON.stringify(token)} nor an unknown token.`);
  return id;
}

/**
 * Cuts a pair to `room` tokens together, the longer one first, as Hugging Face's Rust tokenizers do (truncation.rs,
 * LongestFirst): if both must be cut, each keeps half, and the odd token goes to the one that was longer (to the second if equal).
 */
export function truncatePair<T>(first: T[], second: T[] | undefined, room: number): [T[], T[] | undefined] {
  if (second === undefined) return [first.slice(0, room), undefined];
  if (first.length + second.length <= room) return [first, second];
  const shorter = Math.min(first.length, second.length, Math.floor(room / 2));
  const longer = room - shorter;
  const [room1, room2] = first.length > second.length ? [longer, shorter] : [shorter, longer];
  return [first.slice(0, room1), second.slice(0, room2)];
}

/**
 * One batch of encodings, padded at the end to `length`: row-major [encodings.length, length] each.
 * @param padId fills inputIds; attentionMask and tokenTypeIds are filled with 0.
 * @throws {RangeError} if an encoding is longer than `length`.
 */
export function padBatch(
  encodings: readonly Encoding[], length: number, padId: number,
): { inputIds: Int32Array; attentionMask: Int32Array; tokenTypeIds: Int32Array } {
  const size = encodings.length * length;
  const inputIds = new Int32Array(size).fill(padId), attentionMask = new Int32Array(size), tokenTypeIds = new Int32Array(size);
  encodings.forEach((encoding, row) => {
    const tokens = encoding.inputIds.length, start = row * length;
    if (tokens > length) throw new RangeError(`padBatch: length must be at least ${tokens}, the length of encoding ${row}, got ${length}.`);
    inputIds.set(encoding.inputIds, start);
    tokenTypeIds.set(encoding.tokenTypeIds, start);
    attentionMask.fill(1, start, start + tokens);
  });
  return { inputIds, attentionMask, tokenTypeIds };
}

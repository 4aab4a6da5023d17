/** Bytes out and in, for files that are not trusted. */

/** A model.d90 that cannot be used: not one, cut, altered, or of another version; the message says which and what to do. */
export class CodecError extends Error {
  override name = "CodecError";
}

/** Bytes one after the other, little-endian. */
export interface ByteWriter {
  byte(value: number): void;
  word16(value: number): void;
  word32(value: number): void;
  /** 7 bits a byte, lowest first; the last byte has no high bit. */
  count(value: number): void;
  /** Length as one byte, then ASCII. @throws {RangeError} for other text, or more than 255 characters. */
  text(value: string): void;
  bytes(values: Uint8Array): void;
  finish(): Uint8Array;
}

export function byteWriter(): ByteWriter {
  const out: number[] = [];
  const little = (value: number, bytes: number): void => { for (let i = 0; i < bytes; i++) out.push(Math.floor(value / 2 ** (8 * i)) & 255); };
  return {
    byte: (value) => little(value, 1),
    word16: (value) => little(value, 2),
    word32: (value) => little(value, 4),
    count(value) {
      for (let rest = value; ; rest = Math.floor(rest / 128)) {
        out.push(rest % 128 + (rest >= 128 ? 128 : 0));
        if (rest < 128) return;
      }
    },
    text(value) {
      if (!/^[\x20-\x7e]{0,255}$/.test(value)) throw new RangeError(`model.d90: names must be at most 255 ASCII characters, got ${JSON.stringify(value)}.`);
      little(value.length, 1);
      for (const letter of value) out.push(letter.charCodeAt(0));
    },
    bytes: (values) => { for (const value of values) out.push(value); },
    finish: () => Uint8Array.from(out),
  };
}

/** The same read back. Each method throws {CodecError} where the file ends before what it says. */
export interface ByteReader {
  readonly at: number;
  byte(): number;
  word16(): number;
  word32(): number;
  /** @throws {CodecError} for more than five bytes, or a longer form than needed. */
  count(): number;
  text(): string;
  /** A view, no copy. */
  bytes(length: number): Uint8Array;
  /** Bytes not read yet. */
  left(): number;
}

/** Reads `data`; `where` begins its errors. */
export function byteReader(data: Uint8Array, where: string): ByteReader {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (length > data.length - at) {
      throw new CodecError(`${where}: ends after ${data.length} bytes where ${at + length} were expected: it was cut. Copy it again.`);
    }
    return data.subarray(at, at += length);
  };
  const little = (length: number): number => take(length).reduceRight((value, byte) => value * 256 + byte, 0);
  return {
    get at() { return at; },
    byte: () => little(1),
    word16: () => little(2),
    word32: () => little(4),
    count() {
      for (let value = 0, shift = 0; shift < 5; shift++) {
        const byte = little(1);
        value += (byte & 127) * 2 ** (7 * shift);
        if (byte < 128 && (byte > 0 || shift === 0)) return value;
        if (byte === 0) break;
      }
      throw new CodecError(`${where}: byte ${at - 1} ends no number; the file is damaged.`);
    },
    text() {
      const bytes = take(little(1));
      if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) throw new CodecError(`${where}: a name before byte ${at} is not ASCII; the file is damaged.`);
      return String.fromCharCode(...bytes);
    },
    bytes: take,
    left: () => data.length - at,
  };
}

/** Values that show themselves as one MIME type: Jupyter.html, md, svg, latex, png, jpeg and json. */

/** What the helpers return; display shows `data` as it is. */
export class Shown {
  constructor(readonly data: Record<string, unknown>, readonly metadata: Record<string, unknown> = {}) {}

  [Symbol.for("Jupyter.display")](): Record<string, unknown> {
    return this.data;
  }
}

type Tag = (strings: TemplateStringsArray | string, ...values: unknown[]) => Shown;

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const asBase64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** A value inside markup: escaped, unless it is of the same kind; arrays one after the other. */
function embed(mime: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => embed(mime, one)).join("");
  if (value instanceof Shown && typeof value.data[mime] === "string") return value.data[mime];
  return escapeHtml(String(value));
}

/** @param plain what stands for it in a terminal. */
function tag(mime: string, fill: (value: unknown) => string, plain: (text: string) => string, raw = false): Tag {
  return (strings, ...values) => {
    const text = typeof strings === "string" ? strings : (raw ? strings.raw : strings)
      .map((part, index) => (index < values.length ? `${part}${fill(values[index])}` : part)).join("");
    return new Shown({ [mime]: text, "text/plain": plain(text) });
  };
}

export const html = tag("text/html", (value) => embed("text/html", value), (text) => text);
export const svg = tag("image/svg+xml", (value) => embed("image/svg+xml", value), () => "SVG image");
export const md = tag("text/markdown", String, (text) => text);
export const latex = tag("text/latex", String, (text) => text, true);

const image = (mime: string, name: string) => (picture: Uint8Array | string): Shown =>
  new Shown({ [mime]: typeof picture === "string" ? picture : asBase64(picture), "text/plain": `${name} image` });

export const png = image("image/png", "PNG");
export const jpeg = image("image/jpeg", "JPEG");

/** @throws {TypeError} for what JSON cannot hold: bigints, cycles. */
export function json(value: unknown): Shown {
  const text = JSON.stringify(value, null, 2) ?? "null";
  return new Shown({ "application/json": JSON.parse(text), "text/plain": text });
}

/** The last cell's conversion, for a cell that comes again: a question to another thread takes a tenth of a small cell's time. */
import type { Conversion, Language } from "./types.js";

type Request = Parameters<Language["convert"]>[0];

export interface Standing {
  /** `ask`: how it is converted where nothing is known of it. */
  convert(request: Request, ask: () => Promise<Conversion>): Promise<Conversion>;
  /** What conversions rest on has changed. */
  forget(): void;
}

export function createStanding(): Standing {
  let known: { code: string; conversion: Conversion } | undefined;
  /** Counts what was forgotten: an answer that was asked for before is not kept. */
  let age = 0;

  async function convert({ code, scratch = false }: Request, ask: () => Promise<Conversion>): Promise<Conversion> {
    if (scratch) return ask();
    if (known?.code === code) return known.conversion;
    const asked = age;
    const conversion = await ask();
    const stands = conversion.kind === "code" && conversion.stands === true && asked === age;
    known = stands ? { code, conversion } : undefined;
    return conversion;
  }
  return {
    convert,
    forget() {
      known = undefined;
      age++;
    },
  };
}

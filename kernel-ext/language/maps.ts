/** Source maps (version 3) of cells, by the lines and columns of the cell as typed. */
import { placeOf, toOriginal, type Edit } from "./edits.js";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** [column in the JavaScript, line in the source, column in the source]; alone, the column belongs to no source. */
type Segment = [column: number] | [column: number, line: number, sourceColumn: number];

/** Lines of segments; of several sources or names nothing is kept. */
export function decodeMappings(mappings: string): Segment[][] {
  let [line, column] = [0, 0];
  return mappings.split(";").map((text) => {
    let generated = 0;
    return (text === "" ? [] : text.split(",")).map((part): Segment => {
      const [generatedDelta = 0, , lineDelta, columnDelta = 0] = decodeNumbers(part);
      generated += generatedDelta;
      if (lineDelta === undefined) return [generated];
      line += lineDelta;
      column += columnDelta;
      return [generated, line, column];
    });
  });
}

export function encodeMappings(lines: readonly (readonly Segment[])[]): string {
  let [line, column] = [0, 0];
  return lines.map((segments) => {
    let generated = 0;
    return segments.map(([start, sourceLine, sourceColumn]) => {
      const numbers = [start - generated];
      generated = start;
      if (sourceLine !== undefined && sourceColumn !== undefined) {
        numbers.push(0, sourceLine - line, sourceColumn - column);
        [line, column] = [sourceLine, sourceColumn];
      }
      return numbers.map(encodeNumber).join("");
    }).join(",");
  }).join(";");
}

function decodeNumbers(text: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const character of text) {
    const digit = DIGITS.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

function encodeNumber(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = "";
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

/**
 * The compiler's map of a cell, with the places of the cell as typed: without the line that tslab puts before it and
 * the exports behind it. `code`: as typed; `text`: as edited; `linesBefore`: lines that were put
 * before the JavaScript.
 */
export function toCellMap(map: string, edits: readonly Edit[], { code, text, linesBefore = 0 }: {
  code: string; text: string; linesBefore?: number;
}): string {
  const { mappings }: { mappings: string } = JSON.parse(map);
  const starts = lineStarts(text);
  const place = (segment: Segment): Segment[] => {
    const [column, compiledLine, sourceColumn] = segment;
    if (compiledLine === undefined || sourceColumn === undefined) return [segment];
    const line = compiledLine - 1;
    const start = starts[line];
    if (start === undefined) return [[column]];
    if (edits.length === 0) return [[column, line, sourceColumn]];
    const original = placeOf(code, toOriginal(edits, start + sourceColumn));
    return [[column, original.line, original.column]];
  };
  const lines = decodeMappings(mappings).map((segments) => segments.flatMap(place));
  const shifted = ";".repeat(linesBefore) + encodeMappings(lines);
  return JSON.stringify({ version: 3, sources: ["cell.ts"], names: [], mappings: shifted });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Numbers as charts print them, and where ticks and labels go. */
import { isCorrelation, type MetricName } from "../records/metrics.js";

/** 1389 -> "1,389". */
export const formatCount = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 0 });

/** 0.8113 -> "81.1 %". */
export const formatShare = (value: number, digits = 1): string => `${(100 * value).toFixed(digits)}\u00a0%`;

/** A metric's value: "81.1 %", or "0.613" for a correlation. */
export const formatMetric = (value: number, metric: MetricName, digits = 1): string =>
  isCorrelation(metric) ? value.toFixed(digits + 2) : formatShare(value, digits);

/** A share as it is spoken of: 0.9 -> "90 %", 0.955 -> "95.5 %". */
export const formatRound = (value: number): string => `${Number((100 * value).toFixed(2))}\u00a0%`;

/** 0.0001 -> "1e-4", 0.1 -> "0.1": a learning rate in the shorter of both forms. */
export function formatRate(value: number): string {
  const plain = String(Number(value.toPrecision(3))), scientific = Number(value.toPrecision(3)).toExponential();
  return scientific.length < plain.length ? scientific : plain;
}

/** 75 -> "1 min 15 s"; whole seconds from 10 s on. Spaces do not break. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600), minutes = Math.floor((whole % 3600) / 60), rest = whole % 60;
  const long = hours > 0 ? `${hours} h ${minutes} min` : minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
  return (seconds < 9.95 ? `${seconds.toFixed(1)} s` : long).replaceAll(" ", "\u00a0");
}

/** 1 -> "1 epoch", 3 -> "3 epochs". */
export const counted = (count: number, noun: string): string => `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Ticks of a logarithmic axis: 1, 2, 5 times powers of ten where that gives at most `limit`, else fewer; more digits where it gives one or two. */
export function logTicks(low: number, high: number, limit = 10): number[] {
  const ticks = (steps: readonly number[]): number[] => {
    const values: number[] = [];
    for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
      for (const step of steps) values.push(Number((step * 10 ** power).toPrecision(1)));
    }
    return values.filter((value) => value >= low && value <= high);
  };
  const usual = ticks([1, 2, 5]);
  if (usual.length < 3) return ticks([1, 2, 3, 4, 5, 7]);
  return [usual, ticks([1, 3])].find((values) => values.length <= limit) ?? ticks([1]);
}

/**
 * Moves positions apart until neighbours are at least `gap` apart, each as little as may be: groups that touch are centred
 * on the mean of what they want. The order of `positions` is kept in the result.
 */
export function spread(positions: readonly number[], gap: number): number[] {
  const order = positions.map((_position, index) => index).sort((a, b) => positions[a]! - positions[b]!);
  let groups = order.map((index) => ({ members: [index], centre: positions[index]! }));
  for (let merged = true; merged;) {
    merged = false;
    for (let i = 1; i < groups.length; i++) {
      const below = groups[i - 1]!, above = groups[i]!;
      const reach = (gap * (below.members.length + above.members.length)) / 2;
      if (above.centre - below.centre >= reach - 1e-9) continue;
      const members = [...below.members, ...above.members];
      const wanted = members.map((index, place) => positions[index]! - gap * (place - (members.length - 1) / 2));
      groups = [...groups.slice(0, i - 1), { members, centre: mean(wanted) }, ...groups.slice(i + 1)];
      merged = true;
      break;
    }
  }
  const placed = new Array<number>(positions.length);
  for (const { members, centre } of groups) {
    members.forEach((index, place) => { placed[index] = centre + gap * (place - (members.length - 1) / 2); });
  }
  return placed;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * `text` in lines of at most `width` characters, broken at its "·" where no part is longer, else at spaces where there are any; none is much
 * shorter than the others.
 */
export function wrapped(text: string, width: number): string[] {
  const parts = text.split(SEPARATOR), whole = parts.every(({ length }) => length <= width);
  const fill = (limit: number): string[] => (whole ? filled(parts, limit) : linesOf(text, limit));
  const lines = fill(width);
  for (let limit = Math.ceil(text.length / lines.length); limit < width; limit++) {
    const even = fill(limit);
    if (even.length === lines.length && even.every(({ length }) => length <= limit)) return even;
  }
  return lines;
}

const SEPARATOR = " · ";

/** As many parts a line as fit. */
function filled(parts: readonly string[], width: number): string[] {
  return parts.reduce<string[]>((lines, part) => {
    const longer = lines.length === 0 ? part : `${lines.at(-1)}${SEPARATOR}${part}`;
    return longer.length <= width || lines.length === 0 ? [...lines.slice(0, -1), longer] : [...lines, part];
  }, []);
}

/** Each line as full as it gets. */
function linesOf(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const end = space > 0 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

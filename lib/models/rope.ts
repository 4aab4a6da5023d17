/** Rotary positions (Su et al. 2021, arXiv 2104.09864) as config.json names them, stretched for longer texts or not. */
import * as z from "zod";
import { UsageError } from "../support/checks.js";
import { checkedFields } from "./config.js";
import type { Rope } from "./types.js";

const positive = z.number().positive();
const nested = z.looseObject({ rope_theta: positive.optional(), rope_type: z.string().optional(), type: z.string().optional(), partial_rotary_factor: z.number().optional() });
/** Transformers 5 has rope_parameters; before it was rope_theta, and rope_scaling where it is not the default. */
const outer = z.object({ rope_parameters: nested.nullish(), rope_scaling: nested.nullish(), rope_theta: positive.nullish(), partial_rotary_factor: z.number().nullish() });

interface Setting { base: number; size: number; maxPositions: number; fields: Record<string, unknown>; path: string }

const plain = ({ base, size }: Setting): number[] => Array.from({ length: size / 2 }, (_, i) => base ** (-2 * i / size));

/** All positions pressed together (Chen et al. 2023, arXiv 2306.15595). */
function linear(setting: Setting): Rope {
  const { factor } = checkedFields(z.object({ factor: positive }), setting.fields, setting.path);
  return { frequencies: plain(setting).map((frequency) => frequency / factor), scale: 1 };
}

/** Slow turns pressed together, fast ones left, those between mixed (Llama 3.1, Dubey et al. 2024, arXiv 2407.21783). */
function llama3(setting: Setting): Rope {
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original = setting.maxPositions } = checkedFields(
    z.object({ factor: positive, low_freq_factor: positive, high_freq_factor: positive, original_max_position_embeddings: positive.optional() }), setting.fields, setting.path);
  const frequencies = plain(setting).map((frequency) => {
    const turns = original * frequency / (2 * Math.PI); // over the length that it was trained on
    const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
    return (1 - kept) * frequency / factor + kept * frequency;
  });
  return { frequencies, scale: 1 };
}

const yarnFields = z.object({
  factor: positive.nullish(), original_max_position_embeddings: positive.nullish(), attention_factor: positive.nullish(),
  mscale: z.number().nullish(), mscale_all_dim: z.number().nullish(), beta_fast: positive.nullish(), beta_slow: positive.nullish(), truncate: z.boolean().nullish(),
});

/** YaRN (Peng et al. 2023, arXiv 2309.00071). */
function yarn(setting: Setting): Rope {
  const { base, size, maxPositions } = setting;
  const fields = checkedFields(yarnFields, setting.fields, setting.path);
  const original = fields.original_max_position_embeddings ?? maxPositions, factor = fields.factor ?? maxPositions / original;
  const growth = (scale: number): number => (factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1);
  const { mscale, mscale_all_dim: all } = fields;
  const scale = fields.attention_factor ?? (mscale && all ? growth(mscale) / growth(all) : growth(1));
  const dimension = (turns: number): number => size * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(base));
  const whole = fields.truncate !== false, fast = dimension(fields.beta_fast ?? 32), slow = dimension(fields.beta_slow ?? 1);
  const low = Math.max(whole ? Math.floor(fast) : fast, 0), high = Math.min(whole ? Math.ceil(slow) : slow, size - 1);
  const frequencies = plain(setting).map((frequency, i) => {
    const pressed = Math.min(1, Math.max(0, (i - low) / (high === low ? 0.001 : high - low)));
    return pressed * frequency / factor + (1 - pressed) * frequency;
  });
  return { frequencies, scale };
}

/** By rope_type. "dynamic" changes only texts that are longer than max_position_embeddings, which are refused here. */
const kinds: Readonly<Record<string, (setting: Setting) => Rope>> = {
  default: (setting) => ({ frequencies: plain(setting), scale: 1 }),
  dynamic: (setting) => ({ frequencies: plain(setting), scale: 1 }),
  linear, llama3, yarn,
};

/** The rope_types that are supported. */
export const ropeTypes: readonly string[] = Object.keys(kinds);

/**
 * Rotary positions of heads of width `size`.
 * @throws {UsageError} if config.json names a kind that is not supported, or lacks a field of its kind.
 */
export function ropeOf(json: unknown, path: string, { size, maxPositions }: { size: number; maxPositions: number }): Rope {
  const given = checkedFields(outer, json, path);
  const fields = given.rope_parameters ?? given.rope_scaling ?? {};
  const type = fields.rope_type ?? fields.type ?? "default", kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (kind === undefined) throw new UsageError(`${path}: rope_type must be one of ${ropeTypes.join(", ")}, got ${JSON.stringify(type)}.`);
  if ((fields.partial_rotary_factor ?? given.partial_rotary_factor ?? 1) !== 1) throw new UsageError(`${path}: partial_rotary_factor must be 1: all of a head is turned.`);
  if (size % 2 !== 0) throw new UsageError(`${path}: head_dim must be even, for its halves are turned together, got ${size}.`);
  return kind({ base: fields.rope_theta ?? given.rope_theta ?? 10_000, size, maxPositions, fields, path });
}

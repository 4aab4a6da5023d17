/** From a theorem to a bound with all its terms: the part that all of them share. */
import { requireInteger, requireNumber } from "../support/checks.js";
import { choiceCharges, natsOf, prefixFreeBits, sumBits } from "./charges.js";
import type { Bound, Charge, Situation, Term } from "./situation.js";

/** A situation with its confidence filled in. */
export type Given = Situation & { delta: number };

/** A theorem about one situation: a bound as a function of what the description costs. */
export interface Theorem {
  /** Rows that it rests on, and the share of errors among them: the bound without any cost. */
  rows: number;
  error: number;
  /** What describes the classifier; the searched choices are charged beside it. */
  description: Charge[];
  /** Nats beside those of the description: ln(1/delta) and its like. */
  confidenceNats: number;
  /** The bound when all costs are `nats`. Must not fall as nats grow. */
  at: (nats: number) => number;
  /** Added to the bound whatever the description costs. */
  extra?: Term[];
}

/** A bound by its name: one a file. */
export interface BoundDefinition {
  name: string;
  title: string;
  source: string;
  /** null where the situation lacks what the theorem needs (a split, a subsample, norms). */
  theorem: (given: Given) => Theorem | null;
}

/** The file's data-dependent part, with a code for its length: what the PAC-Bayes bounds charge, as they are published for codes of any kind. */
export function codeCharges(codeBits: number): Charge[] {
  return [{ what: "z and codebook", bits: codeBits }, { what: "length of the code", bits: prefixFreeBits(codeBits) - codeBits }];
}

/** Evaluates a bound; null where the situation lacks what it needs. @throws {RangeError} for a situation out of range. */
export function evaluateBound({ name, title, source, theorem }: BoundDefinition, situation: Situation): Bound | null {
  const given = checked(situation);
  const found = theorem(given);
  if (found === null) return null;
  const choices = choiceCharges(given.choices);
  const charged = [...found.description, ...choices];
  const terms = [...termsOf(found, natsOf(sumBits(choices)), natsOf(sumBits(found.description))), ...(found.extra ?? [])];
  const value = terms.reduce((sum, term) => sum + term.value, 0);
  return {
    name, title, source, value, vacuous: !(value < given.chance), confidence: 1 - given.delta, rows: found.rows, terms, charged,
    chargedBits: sumBits(charged),
  };
}

/** What confidence, choices and description each add to what stands before it. */
function termsOf({ error, at, confidenceNats }: Theorem, choices: number, description: number): Term[] {
  const sure = at(confidenceNats), chosen = at(confidenceNats + choices), all = at(confidenceNats + choices + description);
  return [
    { name: "training error", value: error }, { name: "confidence", value: sure - error },
    { name: "searched choices", value: chosen - sure }, { name: "description", value: all - chosen },
  ];
}

function checked(situation: Situation): Given {
  const delta = situation.delta ?? 0.05, where = "evaluateBound";
  requireInteger(where, "rows", situation.rows, 1);
  requireNumber(where, "error", situation.error, 0, 1);
  requireNumber(where, "delta", delta, Number.MIN_VALUE, 1);
  requireInteger(where, "dimension", situation.dimension, 1);
  requireInteger(where, "levels", situation.levels, 1);
  requireNumber(where, "codebookBits", situation.codebookBits, 0);
  requireNumber(where, "codeBits", situation.codeBits, situation.codebookBits);
  requireInteger(where, "parameters", situation.parameters, 1);
  requireNumber(where, "chance", situation.chance, 0, 1);
  return { ...situation, delta };
}

/** Rounds: in each, every process does one step after the other, so that all meet the same machine; who is asked first differs. */
import type { Process, Step } from "./processes.js";

/** A process that takes part. */
export interface Participant {
  process: Process;
  /** Rounds before the timed ones. */
  warmUps: number;
  /** Timed rounds at most; those of slow peers are few. */
  rounds: number;
}

/** What a participant did. */
export interface Trace {
  warmUps: Step[];
  steps: Step[];
}

/** Runs the rounds. @param onRound is told before each of them: number from 1, and how many. */
export async function interleave(participants: Participant[], onRound: (round: number, of: number) => void): Promise<Map<string, Trace>> {
  const warmUps = Math.max(...participants.map((participant) => participant.warmUps));
  const rounds = Math.max(...participants.map((participant) => participant.rounds));
  const traces = new Map<string, Trace>(participants.map(({ process }) => [process.name, { warmUps: [], steps: [] }]));
  for (let round = -warmUps; round < rounds; round++) {
    onRound(round + warmUps + 1, warmUps + rounds);
    for (const participant of inTurn(participants, round)) {
      if (round < -participant.warmUps || round >= participant.rounds) continue;
      const trace = traces.get(participant.process.name)!;
      (round < 0 ? trace.warmUps : trace.steps).push(await participant.process.step());
    }
  }
  return traces;
}

/** `all`, from its end in every other round: whoever follows a larger process may meet a slower machine. */
export const inTurn = <T>(all: readonly T[], round: number): readonly T[] => (round % 2 === 0 ? all : all.toReversed());

/** The median; of an even number of values, the mean of the middle two. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median over the rounds of ours / peer, each of one round: what slows the machine for a while slows both. */
export function ratioByRound(ours: readonly number[], peer: readonly number[]): number {
  return median(ours.slice(0, peer.length).map((value, i) => value / peer[i]!));
}

/** The peer with the lowest median. */
export function bestOf<T extends { ms: readonly number[] }>(peers: readonly T[]): T {
  return peers.reduce((best, peer) => (median(peer.ms) < median(best.ms) ? peer : best));
}

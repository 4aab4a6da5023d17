/** The steps, the memory and the evaluation of processes that are there at once. */
import { cast, type Role } from "./participants.js";
import type { Options } from "./options.js";
import type { Pass, Process } from "./processes.js";
import { inTurn, interleave, type Trace } from "./rounds.js";

/** Rounds before the timed ones: the first records, the second and third fill caches. */
const WARM_UPS = 3;
/** Rounds of a slow participant. */
const FEW = 3;
/** Passes of an evaluation. */
const PASSES = 5;
const EVALUATED = ["did", "didBf16", "torch", "torchBf16"] as const;

/** By role. */
export interface StepMeasurements {
  traces: Map<Role, Trace>;
  passes: Map<Role, Pass[]>;
  peakBytes: Map<Role, number | null>;
  loadMs: Map<Role, number>;
  versions: Map<Role, Record<string, string>>;
}

/** Starts a process for each of `roles` and asks them in turn: steps, then memory, then evaluation, which may use more of it. All have ended afterwards. */
export async function measureSteps(
  roles: readonly Role[], start: (role: Role) => Promise<Process>, { rounds, quick }: Pick<Options, "rounds" | "quick">, say: (text: string) => void,
): Promise<StepMeasurements> {
  const processes = new Map<Role, Process>();
  try {
    for (const role of roles) {
      say(`starting ${cast[role].name}`);
      processes.set(role, await start(role));
    }
    const participants = [...processes].map(([role, process]) =>
      ({ process, warmUps: cast[role].slow ? 0 : WARM_UPS, rounds: cast[role].slow ? Math.min(rounds, quick ? 1 : FEW) : rounds }));
    const byName = await interleave(participants, (round, of) => say(`steps: round ${round} of ${of}`));
    const peakBytes = new Map<Role, number | null>();
    for (const [role, process] of processes) peakBytes.set(role, await process.memory());
    const passes = await evaluate(new Map(EVALUATED.flatMap((role) => (processes.has(role) ? [[role, processes.get(role)!]] : []))), Math.min(rounds, PASSES), say);
    return {
      traces: mapped(processes, ({ name }) => byName.get(name)!), passes, peakBytes,
      loadMs: mapped(processes, ({ ready }) => ready.loadMs), versions: mapped(processes, ({ ready }) => ready.versions),
    };
  } finally {
    await Promise.all([...processes.values()].map((process) => process.close()));
  }
}

async function evaluate(processes: ReadonlyMap<Role, Process>, rounds: number, say: (text: string) => void): Promise<Map<Role, Pass[]>> {
  const passes = new Map<Role, Pass[]>([...processes.keys()].map((role) => [role, []]));
  for (let round = 1; round <= rounds && processes.size > 0; round++) {
    say(`evaluation: round ${round}`);
    for (const [role, process] of inTurn([...processes], round)) passes.get(role)!.push(await process.evaluate());
  }
  return passes;
}

const mapped = <T>(processes: ReadonlyMap<Role, Process>, f: (process: Process) => T): Map<Role, T> =>
  new Map([...processes].map(([role, process]) => [role, f(process)]));

/** What `parts`, of different roles, hold together. */
export const merged = (parts: readonly StepMeasurements[]): StepMeasurements => ({
  traces: new Map(parts.flatMap(({ traces }) => [...traces])), passes: new Map(parts.flatMap(({ passes }) => [...passes])),
  peakBytes: new Map(parts.flatMap(({ peakBytes }) => [...peakBytes])), loadMs: new Map(parts.flatMap(({ loadMs }) => [...loadMs])),
  versions: new Map(parts.flatMap(({ versions }) => [...versions])),
});

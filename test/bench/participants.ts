/** Who takes part: our step in its modes, and PyTorch's ways of doing the same. */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { hasBf16 } from "../../lib/engine/index.js";
import { UsageError } from "../../lib/support/checks.js";
import { projectRoot } from "../../lib/support/root.js";
import type { Options } from "./options.js";
import type { Command } from "./processes.js";

export const roles = [
  "did", "torch", "full", "didEager", "didBf16", "fullBf16", "torchBf16", "torchCompiled", "fastfood", "oneHot", "oneHotBf16",
  "maskedLm", "maskedLmBf16", "torchMaskedLm", "torchMaskedPositions", "torchMaskedLmBf16", "torchMaskedPositionsBf16",
] as const;
export type Role = (typeof roles)[number];

interface Cast {
  /** How tables and messages call it. */
  name: string;
  side: "d90" | "PyTorch";
  /** What ours.ts and peer.py take. */
  kind: string;
  precision: "fp32" | "bf16" | "compiled";
  env?: Record<string, string>;
  /** Takes tens of seconds a step: a few rounds, and no warm-up. */
  slow?: boolean;
}

export const cast: Record<Role, Cast> = {
  did: { name: "d90 DID", side: "d90", kind: "did", precision: "fp32" },
  didEager: { name: "d90 DID, eager", side: "d90", kind: "did", precision: "fp32", env: { D90_ENGINE: "eager" } },
  full: { name: "d90 full", side: "d90", kind: "full", precision: "fp32" },
  didBf16: { name: "d90 DID, bf16", side: "d90", kind: "did", precision: "bf16" },
  fullBf16: { name: "d90 full, bf16", side: "d90", kind: "full", precision: "bf16" },
  torch: { name: "PyTorch full", side: "PyTorch", kind: "full", precision: "fp32" },
  torchBf16: { name: "PyTorch full, bf16 autocast", side: "PyTorch", kind: "full", precision: "bf16" },
  torchCompiled: { name: "PyTorch full, torch.compile", side: "PyTorch", kind: "full", precision: "compiled" },
  fastfood: { name: "PyTorch DID, global Fastfood", side: "PyTorch", kind: "fastfood", precision: "fp32", slow: true },
  oneHot: { name: "PyTorch DID, one-hot", side: "PyTorch", kind: "one-hot", precision: "fp32" },
  oneHotBf16: { name: "PyTorch DID, one-hot, bf16 autocast", side: "PyTorch", kind: "one-hot", precision: "bf16" },
  maskedLm: { name: "d90 masked LM", side: "d90", kind: "masked-lm", precision: "fp32" },
  maskedLmBf16: { name: "d90 masked LM, bf16", side: "d90", kind: "masked-lm", precision: "bf16" },
  torchMaskedLm: { name: "PyTorch masked LM", side: "PyTorch", kind: "masked-lm", precision: "fp32" },
  torchMaskedPositions: { name: "PyTorch masked LM at masked positions", side: "PyTorch", kind: "masked-positions", precision: "fp32" },
  torchMaskedLmBf16: { name: "PyTorch masked LM, bf16 autocast", side: "PyTorch", kind: "masked-lm", precision: "bf16" },
  torchMaskedPositionsBf16: { name: "PyTorch masked LM at masked positions, bf16 autocast", side: "PyTorch", kind: "masked-positions", precision: "bf16" },
};

/** Whether a role pre-trains; its losses are then those of another problem. */
export const isMasked = (role: Role): boolean => cast[role].kind.startsWith("masked");

/** Who takes part under `options`, in the order of a round. Without bfloat16 instructions bf16 is only emulated, by both sides. */
export function rolesFor({ quick, bf16, compile, fastfood }: Options): Role[] {
  const enough: readonly Role[] = bf16 ? ["torch", "didBf16", "fullBf16", "torchBf16", "oneHotBf16"] : ["did", "torch", "full", "didEager", "fastfood"];
  return roles.filter((role) => (role === "torchCompiled" ? compile : !(quick || bf16) || enough.includes(role)))
    .filter((role) => cast[role].precision !== "bf16" || hasBf16())
    .filter((role) => role !== "fastfood" || fastfood);
}

/** The command that starts `role` on the problem in the file `problem`; PyTorch's with `pytorch` in its environment. */
export function commandOf(role: Role, problem: string, pytorch: Record<string, string> = {}): Command {
  const { name, side, kind, precision, env = {} } = cast[role];
  if (isMasked(role) && side === "d90") return { name, ...node("oursMaskedLm.js", [problem, precision]), env: { D90_ENGINE: "" } };
  if (side === "d90") return { name, ...node("ours.js", [problem, kind, precision]), env: { D90_ENGINE: "", ...env } };
  return { name, command: python(), args: [join(projectRoot, "test", "bench", "peer.py"), problem, kind, precision], env: pytorch };
}

/** The process that measures projections. */
export const projectionsCommand = (problem: string): Command => ({ name: "d90 projections", ...node("projections.js", [problem]) });

const node = (file: string, args: string[]): Pick<Command, "command" | "args"> =>
  ({ command: process.execPath, args: [fileURLToPath(new URL(file, import.meta.url)), ...args] });

/** The Python that has PyTorch and Transformers. @throws {UsageError} when it is not named. */
function python(): string {
  const path = process.env["D90_BENCH_PYTHON"];
  if (path !== undefined && path !== "") return path;
  throw new UsageError("bench: D90_BENCH_PYTHON must name a Python with PyTorch and Transformers: `npm run bench` sets one up and names it.");
}

/** `d90 doctor`: what a run would use here, and what to do about what is broken. */
import type { Command } from "commander";
import { bf16Check, dataCheck, engineChecks, kernelCheck, messageOf, probeEngine, setupChecks, type Check } from "./doctor-checks.js";

export type { Check } from "./doctor-checks.js";

export interface DoctorReport {
  /** Whether every check is. */
  ok: boolean;
  checks: Check[];
}

/** Looks at the set-up, starts the engine in a process of its own, and finds the data. Takes 2 to 4 s; asks no network. */
export async function doctorReport(): Promise<DoctorReport> {
  const [setup, probe, bf16, data, kernel] = await Promise.all([
    setupChecks().catch(brokenSetup), probeEngine(), bf16Check(), dataCheck(), kernelCheck(),
  ]);
  const installed = setup.find(({ name }) => name === "TensorFlow");
  const origin = /\((.*)\)$/.exec(installed?.value ?? "")?.[1] ?? "elsewhere";
  // Told by the engine itself, which has loaded it.
  const steps = setup.filter((check) => check !== installed || !check.ok);
  const checks = [...steps, ...engineChecks(probe, origin, setup.find(({ ok }) => !ok)?.remedy), bf16, data, kernel];
  return { ok: checks.every(({ ok }) => ok), checks };
}

const brokenSetup = (error: unknown): Check[] =>
  [{ name: "Set-up", value: messageOf(error), ok: false, remedy: "git checkout -- setup" }];

/** The report as lines for a person: a mark, the name, the value; a broken one's remedy below it. */
export function formatReport({ checks }: DoctorReport): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.flatMap(({ name, value, ok, remedy }) => [
    `${ok ? "✓" : "✗"} ${name.padEnd(width)}  ${value}`,
    ...(remedy === undefined ? [] : [`  ${"".padEnd(width)}  do: ${remedy}`]),
  ]).join("\n");
}

/** Adds `doctor [--json]` to the command line. Exit status 1 when a check fails. */
export function doctorCommand(program: Command): void {
  program.command("doctor")
    .description("tell what a run would use here: Node, engine, model, data; and the remedy for what is broken")
    .option("--json", "print one JSON object: { ok, checks: [{ name, value, ok, remedy? }] }")
    .action(async ({ json = false }: { json?: boolean }) => {
      const report = await doctorReport();
      console.log(json ? JSON.stringify(report, null, 2) : formatReport(report));
      if (!report.ok) process.exitCode = 1;
    });
}

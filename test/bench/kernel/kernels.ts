/** The kernels that take part: how each is started and interrupted, and what language its cells are in. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../lib/support/root.js";
import { ourCommand, type Launch } from "../../kernel-ext/clients/start.js";
import { python, typescript, type Code } from "./code.js";

export const kernelNames = ["d90", "ipykernel", "tslab", "Deno"] as const;
export type KernelName = (typeof kernelNames)[number];

export interface Kernel {
  name: KernelName;
  /** As its kernelspec has it; the environment keeps it from what the user has. */
  launch: Required<Pick<Launch, "command" | "env">>;
  /** What its kernelspec says. */
  interrupt: "message" | "signal";
  code: Code;
}

/** `name`'s kernel, with its files in `folder`; null where it is not installed. */
export function kernelOf(name: KernelName, folder: string): Kernel | null {
  const python3 = join(projectRoot, ".venv", "bin", "python");
  const deno = process.env["D90_BENCH_DENO"] ?? "";
  switch (name) {
    case "d90":
      return { name, launch: { command: ourCommand, env: {} }, interrupt: "message", code: typescript };
    case "ipykernel": {
      const command = (file: string) => [python3, "-m", "ipykernel_launcher", "-f", file];
      return installed(python3, { name, launch: { command, env: { IPYTHONDIR: folder } }, interrupt: "signal", code: python });
    }
    case "tslab": {
      const script = join(projectRoot, "node_modules", "tslab", "bin", "tslab");
      const command = (file: string) => [process.execPath, script, "kernel", "--config-path", file];
      return installed(script, { name, launch: { command, env: {} }, interrupt: "signal", code: typescript });
    }
    case "Deno": {
      const command = (file: string) => [deno, "jupyter", "--kernel", "--conn", file];
      const env = { DENO_DIR: folder, DENO_NO_UPDATE_CHECK: "1" };
      return installed(deno, { name, launch: { command, env }, interrupt: "signal", code: typescript });
    }
  }
}

const installed = (file: string, kernel: Kernel): Kernel | null => (existsSync(file) ? kernel : null);

/** The connection file: where a client expects the kernel's sockets, and the keys. */
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const port = z.number().int().min(0).max(65535);

const connectionSchema = z.object({
  transport: z.enum(["tcp", "ipc"]).default("tcp"),
  ip: z.string().default("127.0.0.1"),
  shell_port: port,
  iopub_port: port,
  stdin_port: port,
  control_port: port,
  hb_port: port,
  key: z.string().default(""),
  signature_scheme: z.enum(["hmac-sha256", "hmac-sha512", "hmac-sha384", "hmac-sha1", "hmac-md5"]).default("hmac-sha256"),
  /** CurveZMQ keys of the kernel (Z85); jupyter_client writes them for kernels whose kernelspec says that they support it. */
  curve_publickey: z.string().length(40).optional(),
  curve_secretkey: z.string().length(40).optional(),
});

export type Connection = z.infer<typeof connectionSchema>;
export type ChannelName = "shell" | "iopub" | "stdin" | "control" | "hb";

/**
 * Reads a connection file.
 * @throws {Error} that names the file and the field if it cannot be read or is no connection file.
 */
export function readConnection(file: string): Connection {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`kernel: the connection file ${file} cannot be read (${(error as Error).message}). Jupyter writes it before it starts a kernel.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`kernel: the connection file ${file} is no JSON: ${(error as Error).message}`);
  }
  const parsed = connectionSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`kernel: the connection file ${file} has a wrong "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "unknown"}`);
}

/** Writes the ports that were chosen for those that the file left at 0, so that clients find them. */
export function writePorts(file: string, ports: Partial<Record<`${ChannelName}_port`, number>>): void {
  if (Object.keys(ports).length === 0) return;
  const json = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...json, ...ports }, null, 1), { mode: 0o600 });
}

/** The address of a channel: tcp://ip:port, or ipc://ip-port as jupyter_client has it. */
export function addressOf(connection: Connection, channel: ChannelName): string {
  const number = connection[`${channel}_port`];
  if (connection.transport === "ipc") return `ipc://${connection.ip}-${number}`;
  const host = connection.ip.includes(":") ? `[${connection.ip}]` : connection.ip;
  return `tcp://${host}:${number === 0 ? "*" : number}`;
}

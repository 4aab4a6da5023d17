/** Ports for servers that are told theirs before they start. */
import { createServer } from "node:net";

/** Below those that a system gives to who asks for any: one of these another process could get before its server has it. */
const [FIRST, LAST] = [15_000, 30_000];

/** Where this process looks first: test files run at the same time. */
let next = FIRST + (process.pid * 7) % (LAST - FIRST);

/** Ports of this computer's that nobody listens on, and none twice. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (; ports.length < count; next = next < LAST ? next + 1 : FIRST) if (await isFree(next)) ports.push(next);
  return ports;
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0]!;

const isFree = (port: number): Promise<boolean> => new Promise((resolve) => {
  const server = createServer();
  server.on("error", () => resolve(false)).listen(port, "127.0.0.1", () => void server.close(() => resolve(true)));
});

/** The heartbeat in a thread of its own: whatever the kernel does, it echoes. */
import { parentPort, workerData } from "node:worker_threads";
import { Router } from "zeromq";

/** What the thread is started with. */
export interface HeartbeatData {
  address: string;
  curve: { curveServer: true; curveSecretKey: string } | null;
}

const { address, curve } = workerData as HeartbeatData;
const socket = new Router({ linger: 0, ...curve });
parentPort!.on("message", () => {
  socket.close();
  parentPort!.close();
});
await socket.bind(address);
parentPort!.postMessage(socket.lastEndpoint);
try {
  for await (const frames of socket) await socket.send(frames);
} catch (error) {
  if (!socket.closed) throw error;
}

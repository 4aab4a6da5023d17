/** A network that can be cut and slowed: a proxy on loopback before the tests' server. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Proxy {
  url: string;
  /** Ends all connections, and every new one at once, until `mend`. */
  cut(): void;
  mend(): void;
  /** Milliseconds that every piece waits in both directions. */
  slow(milliseconds: number): void;
  connections(): number;
  close(): void;
}

export async function startProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isCut = false, delay = 0, made = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
  };
  /** Pieces keep their order: all wait alike. */
  const pass = (from: Socket, to: Socket): void => {
    from.on("data", (data) => { setTimeout(() => { if (!to.destroyed) to.write(data); }, delay); });
    from.on("close", () => to.destroy());
  };
  const server = createServer((client) => {
    if (isCut) return void client.destroy();
    made++;
    keep(client);
    const upstream = keep(connect(port, "127.0.0.1"));
    pass(client, upstream);
    pass(upstream, client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const end = (): void => { for (const socket of sockets) socket.destroy(); };
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() { isCut = true; end(); },
    mend() { isCut = false; },
    slow(milliseconds) { delay = milliseconds; },
    connections: () => made,
    close() { end(); server.close(); },
  };
}

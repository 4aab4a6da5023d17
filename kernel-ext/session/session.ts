/** The kernel's session: every request finds its answer here, whatever it contains. */
import type { CommMessage, Executor, ExecutorEvent } from "../executor/types.js";
import type { History } from "../history/history.js";
import type { Language } from "../language/types.js";
import { isRequestType, parseContent, type Content, type RequestType } from "../protocol/requests.js";
import { pointPosition, unitOffset } from "../protocol/positions.js";
import type { Json, Message } from "../protocol/wire.js";
import type { Channels, RequestChannel } from "../sockets/channels.js";
import { relayEvents } from "./events.js";
import { createExecutions } from "./executions.js";
import { kernelInfo } from "./kernelInfo.js";
import { createParents } from "./parents.js";
import { createPublisher } from "./publisher.js";

export interface SessionOptions {
  channels: Pick<Channels, "send">;
  kernelId: string;
  language: Language;
  history: History;
  /** Starts the executor with this listener. */
  startExecutor(onEvent: (event: ExecutorEvent) => void): Executor;
  /** The kernel shall end; called after the reply was sent. */
  onShutdown(restart: boolean): void;
  log(text: string): void;
}

export interface Session {
  handle(channel: RequestChannel, message: Message): void;
  /** Somebody subscribed to iopub. */
  welcome(topic: string): void;
  executor: Executor;
}

/** Requests that are not in the protocol's list are answered by nothing but busy and idle. */
export function createSession({ channels, kernelId, language, history, startExecutor, onShutdown, log }: SessionOptions): Session {
  const publisher = createPublisher(channels, kernelId);
  const parents = createParents();
  const relay = relayEvents({ channels, publisher, parents, log, onLost: () => void language.reset() });
  const executor = startExecutor(relay.onEvent);
  relay.refuseWith((reason) => executor.refuseInput(reason));
  const executions = createExecutions({ language, executor, history, publisher, parents });

  type Handler<T extends RequestType> = (content: Content<T>, message: Message, channel: RequestChannel) => Promise<Json | null> | Json | null;
  const handlers: { [T in Exclude<RequestType, "execute_request" | "input_reply">]: Handler<T> } = {
    kernel_info_request: () => kernelInfo(language.name),
    connect_request: () => ({ status: "ok" }),
    async complete_request({ code, cursor_pos }) {
      const offset = unitOffset(code, cursor_pos ?? Infinity);
      const { start, end, items } = await language.complete({ code, offset });
      const [cursor_start, cursor_end] = [pointPosition(code, start), pointPosition(code, end)];
      const types = items.map(({ text, type, signature }) => ({ start: cursor_start, end: cursor_end, text, type, ...(signature ? { signature } : {}) }));
      return { status: "ok", matches: items.map(({ text }) => text), cursor_start, cursor_end, metadata: { _jupyter_types_experimental: types } };
    },
    async inspect_request({ code, cursor_pos, detail_level }) {
      const data = await language.inspect({ code, offset: unitOffset(code, cursor_pos ?? Infinity), detail: detail_level });
      return { status: "ok", found: data !== null, data: data ?? {}, metadata: {} };
    },
    is_complete_request: async ({ code }) => ({ ...(await language.isComplete({ code })) }),
    history_request: (content) => ({ status: "ok", history: history.query(content) }),
    comm_info_request({ target_name }) {
      const open = executor.comms().filter(({ target }) => target_name == null || target === target_name);
      return { status: "ok", comms: Object.fromEntries(open.map(({ commId, target }) => [commId, { target_name: target }])) };
    },
    comm_open: (content, message) => deliver({ type: "comm_open", commId: content.comm_id, target: content.target_name, ...bodyOf(content, message) }, message),
    comm_msg: (content, message) => deliver({ type: "comm_msg", commId: content.comm_id, ...bodyOf(content, message) }, message),
    comm_close: (content, message) => deliver({ type: "comm_close", commId: content.comm_id, ...bodyOf(content, message) }, message),
    interrupt_request() {
      executions.interrupt();
      return { status: "ok" };
    },
    shutdown_request: ({ restart }) => ({ status: "ok", restart }),
  };

  const bodyOf = ({ data }: { data?: unknown }, { metadata, buffers }: Message) => ({ data: data ?? {}, metadata, buffers });

  async function deliver(comm: CommMessage, { header, identities }: Message): Promise<null> {
    await executor.sendComm(comm, parents.open({ header, identities, silent: false }));
    return null;
  }

  const replyTo = (channel: RequestChannel, { identities, header }: Message) => (content: Json, metadata: Json = {}): void =>
    channels.send(channel, { identities, type: header.msg_type.replace(/_request$/, "_reply"), parent: header, content, metadata });

  /** Any request but execute_request: busy, its answer, idle; they do not wait for cells. */
  async function answer<T extends keyof typeof handlers>(type: T, content: Content<T>, message: Message, channel: RequestChannel): Promise<void> {
    publisher.status("busy", message.header);
    try {
      const handler = handlers[type] as Handler<T>;
      const reply = await handler(content, message, channel);
      if (reply) replyTo(channel, message)(reply);
      if (type === "shutdown_request") publisher.publish("shutdown_reply", reply!, message.header);
    } catch (error) {
      log(`${type}: ${(error as Error).stack ?? String(error)}`);
      replyTo(channel, message)(errorContent((error as Error).name, (error as Error).message));
    } finally {
      publisher.status("idle", message.header);
    }
    if (type === "shutdown_request") onShutdown((content as Content<"shutdown_request">).restart);
  }

  /** Nobody has heard of the kernel or asked it anything. */
  let fresh = true;

  function handle(channel: RequestChannel, message: Message): void {
    fresh = false;
    const { msg_type: type } = message.header;
    if (!isRequestType(type)) return ignoreUnknown(message, channel);
    const parsed = parseContent(type, message.content);
    if ("problem" in parsed) return rejectContent(parsed.problem, message, channel);
    if (type === "input_reply") {
      if (relay.isStale(message.parent)) return log("an answer to a question that nobody asks any more");
      return executor.answerInput((parsed.content as Content<"input_reply">).value);
    }
    if (type === "execute_request") {
      const content = parsed.content as Content<"execute_request">;
      void executions.enqueue({ message, content, reply: replyTo(channel, message) });
      return;
    }
    void answer(type, parsed.content as never, message, channel);
  }

  function ignoreUnknown(message: Message, channel: RequestChannel): void {
    log(`${channel}: unknown message type ${JSON.stringify(message.header.msg_type.slice(0, 80))}`);
    publisher.status("busy", message.header);
    publisher.status("idle", message.header);
  }

  function rejectContent(problem: string, message: Message, channel: RequestChannel): void {
    log(`${channel}: ${problem}`);
    publisher.status("busy", message.header);
    if (message.header.msg_type.endsWith("_request")) replyTo(channel, message)(errorContent("ProtocolError", problem));
    publisher.status("idle", message.header);
  }

  /** The first subscriber hears that the kernel starts, after its welcome: sent before, it would reach nobody, or come before the welcome. */
  function welcome(topic: string): void {
    channels.send("iopub", { identities: [topic], type: "iopub_welcome", parent: {}, content: { subscription: topic } });
    if (fresh) publisher.status("starting", {});
    fresh = false;
  }

  return { handle, executor, welcome };
}

const errorContent = (ename: string, evalue: string): Json => ({ status: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] });

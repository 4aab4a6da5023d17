/** A session whose compiler and executor are the test's: what goes in and out of it, without a process or a socket. */
import { setImmediate as turn } from "node:timers/promises";
import type { CommMessage, Executor, ExecutorEvent, RunOutcome, RunRequest } from "../../../kernel-ext/executor/types.js";
import { openHistory } from "../../../kernel-ext/history/history.js";
import type { ConvertedCell, Conversion, Language } from "../../../kernel-ext/language/types.js";
import type { Json, Message, Outgoing } from "../../../kernel-ext/protocol/wire.js";
import { createSession, type Session } from "../../../kernel-ext/session/session.js";
import type { RequestChannel } from "../../../kernel-ext/sockets/channels.js";

export interface Sent extends Outgoing {
  channel: RequestChannel | "iopub";
}

export interface Fakes {
  session: Session;
  sent: Sent[];
  /** What compiler and executor were asked, in order. */
  asked: string[];
  comms: { message: CommMessage; cell: number }[];
  logged: string[];
  shutdowns: boolean[];
  /** Something that happens in the executor. */
  happen(event: ExecutorEvent): void;
  /** Hands a message in; its msg_id. */
  send(type: string, content: Json, more?: Partial<Message> & { channel?: RequestChannel }): string;
  /** What was sent for a message once it is idle. */
  answersTo(id: string): Promise<Sent[]>;
}

export interface Behaviour {
  convert?(request: Parameters<Language["convert"]>[0]): Promise<Conversion> | Conversion;
  run?(request: RunRequest): Promise<RunOutcome> | RunOutcome;
  language?: Partial<Language>;
}

export const cellOf = (code: string): ConvertedCell => ({
  kind: "code", js: code, map: "", isAsync: false, lastExpression: null, names: [], modules: [], timed: false,
});

export const rejected = (message: string): Conversion => {
  const start = { offset: 0, line: 0, column: 0 };
  return { kind: "rejected", diagnostics: [{ start, end: start, message, code: 1 }] };
};

export const textResult = (text: string): RunOutcome =>
  ({ status: "ok", result: { data: { "text/plain": text }, metadata: {} }, names: [], payload: [] });

export const failure = (ename: string, more: Partial<Extract<RunOutcome, { status: "error" }>> = {}): RunOutcome =>
  ({ status: "error", error: { ename, evalue: "value", traceback: [ename] }, names: [], lost: false, payload: [], ...more });

/** Turns of the event loop until a message must have been dealt with. */
const TURNS = 200;

/** By default every cell is converted, and its result is its code. */
export function startSession({ convert = ({ code }) => cellOf(code), run = ({ source }) => textResult(source), language = {} }: Behaviour = {}): Fakes {
  const [sent, asked, comms, logged, shutdowns]: [Sent[], string[], Fakes["comms"], string[], boolean[]] = [[], [], [], [], []];
  let happen: Fakes["happen"] = () => undefined;
  const session = createSession({
    channels: { send: (channel, message) => void sent.push({ channel, ...message }) }, kernelId: "k",
    history: openHistory(null, (text) => logged.push(text)),
    language: { ...fakeLanguage(asked, convert), ...language },
    startExecutor(onEvent) {
      happen = onEvent;
      return fakeExecutor(asked, comms, run);
    },
    onShutdown: (restart) => void shutdowns.push(restart), log: (text) => void logged.push(text),
  });
  let count = 0;
  return {
    session, sent, asked, comms, logged, shutdowns, happen: (event) => happen(event),
    send(type, content, { channel = "shell", ...more } = {}) {
      const header = { msg_id: `m${++count}`, msg_type: type, session: "c", username: "u" };
      session.handle(channel, { identities: [Buffer.from("client")], header, parent: {}, metadata: {}, content, buffers: [], ...more });
      return header.msg_id;
    },
    async answersTo(id) {
      const own = () => sent.filter(({ parent }) => parent.msg_id === id);
      for (let i = 0; i < TURNS && !own().some(({ content }) => content.execution_state === "idle"); i++) await turn();
      return own();
    },
  };
}

function fakeLanguage(asked: string[], convert: NonNullable<Behaviour["convert"]>): Language {
  const note = async (text: string): Promise<void> => void asked.push(text);
  return {
    name: "typescript",
    ready: Promise.resolve(),
    async convert(request) {
      await note(`convert ${request.code}${request.scratch === true ? " (scratch)" : ""}`);
      return convert(request);
    },
    keep: ({ names }) => note(names === undefined ? "keep" : `keep ${names.join()}`),
    reset: () => note("reset"),
    complete: async ({ offset }) => ({ start: offset, end: offset, items: [] }),
    inspect: async () => null,
    isComplete: async () => ({ status: "complete" }),
    close: () => note("close"),
  };
}

function fakeExecutor(asked: string[], comms: Fakes["comms"], run: NonNullable<Behaviour["run"]>): Executor {
  const note = (text: string): void => void asked.push(text);
  return {
    async run(request) {
      note(`run ${request.label} ${request.source} ${request.allowStdin}`);
      return run(request);
    },
    async evaluate(request) {
      note(`evaluate ${request.label} ${request.source}`);
      return run(request);
    },
    interrupt: () => note("interrupt"),
    answerInput: (value) => note(`answer ${value}`),
    refuseInput: (reason) => note(`refuse ${reason}`),
    sendComm: async (message, cell) => void comms.push({ message, cell }),
    comms: () => [{ commId: "1", target: "a" }, { commId: "2", target: "b" }],
    close: async () => note("close executor"),
  };
}

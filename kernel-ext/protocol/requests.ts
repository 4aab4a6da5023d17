/** The contents of requests, as the protocol 5.5 has them: https://jupyter-client.readthedocs.io/en/stable/messaging.html */
import { z } from "zod";

const json = z.record(z.string(), z.unknown());

export const requestSchemas = {
  kernel_info_request: z.looseObject({}),
  connect_request: z.looseObject({}),
  execute_request: z.looseObject({
    code: z.string(),
    silent: z.boolean().default(false),
    store_history: z.boolean().optional(),
    user_expressions: z.record(z.string(), z.string()).nullish().transform((value) => value ?? {}),
    allow_stdin: z.boolean().default(false),
    stop_on_error: z.boolean().default(true),
  }),
  complete_request: z.looseObject({ code: z.string(), cursor_pos: z.number().int().nonnegative().optional() }),
  inspect_request: z.looseObject({
    code: z.string(),
    cursor_pos: z.number().int().nonnegative().optional(),
    detail_level: z.union([z.literal(0), z.literal(1)]).default(0),
  }),
  is_complete_request: z.looseObject({ code: z.string() }),
  history_request: z.looseObject({
    hist_access_type: z.enum(["tail", "range", "search"]),
    output: z.boolean().default(false),
    raw: z.boolean().default(true),
    session: z.number().int().default(0),
    start: z.number().int().nullish(),
    stop: z.number().int().nullish(),
    n: z.number().int().nonnegative().nullish(),
    pattern: z.string().default("*"),
    unique: z.boolean().default(false),
  }),
  comm_info_request: z.looseObject({ target_name: z.string().nullish() }),
  comm_open: z.looseObject({ comm_id: z.string(), target_name: z.string(), data: z.unknown() }),
  comm_msg: z.looseObject({ comm_id: z.string(), data: z.unknown() }),
  comm_close: z.looseObject({ comm_id: z.string(), data: z.unknown() }),
  interrupt_request: z.looseObject({}),
  shutdown_request: z.looseObject({ restart: z.boolean().default(false) }),
  input_reply: z.looseObject({ value: z.string(), status: z.string().optional() }),
} satisfies Record<string, z.ZodType<unknown>>;

export type RequestType = keyof typeof requestSchemas;
export type Content<T extends RequestType> = z.output<(typeof requestSchemas)[T]>;
export type HistoryRequest = Content<"history_request">;

export const isRequestType = (type: string): type is RequestType => Object.hasOwn(requestSchemas, type);

/** What is wrong with a content, or the content with its defaults. */
export function parseContent<T extends RequestType>(type: T, content: unknown): { content: Content<T> } | { problem: string } {
  const parsed = requestSchemas[type].safeParse(content);
  if (parsed.success) return { content: parsed.data as Content<T> };
  const [issue] = parsed.error.issues;
  return { problem: `${type}: "${json.safeParse(content).success ? issue?.path.join(".") : "content"}": ${issue?.message ?? "malformed"}` };
}

import assert from "node:assert/strict";
import test from "node:test";
import { isRequestType, parseContent } from "../../../kernel-ext/protocol/requests.js";

test("missing fields of a request have the protocol's defaults", () => {
  assert.deepEqual(parseContent("execute_request", { code: "1" }), {
    content: { code: "1", silent: false, user_expressions: {}, allow_stdin: false, stop_on_error: true },
  });
  assert.deepEqual(parseContent("inspect_request", { code: "x", cursor_pos: 1 }), { content: { code: "x", cursor_pos: 1, detail_level: 0 } });
});

test("a malformed content says which field and why", () => {
  const problem = (type: Parameters<typeof parseContent>[0], content: unknown) => (parseContent(type, content) as { problem: string }).problem;
  assert.match(problem("execute_request", { code: 3 }), /execute_request: "code"/);
  assert.match(problem("complete_request", { code: "", cursor_pos: -1 }), /"cursor_pos"/);
  assert.match(problem("history_request", { hist_access_type: "all" }), /"hist_access_type"/);
});

test("only the protocol's own names are requests", () => {
  assert.ok(isRequestType("comm_info_request"));
  for (const type of ["constructor", "__proto__", "toString", "debug_request", ""]) assert.ok(!isRequestType(type), type);
});

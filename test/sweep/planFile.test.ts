import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readPlan } from "../../lib/sweep/planFile.js";
import { withFolder } from "../models/folders.js";

/** Writes `text` to a file and reads it as a plan. */
const read = (folder: string, name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return readPlan(join(folder, name));
};

test("JSON, JavaScript and TypeScript give the same plan, named after the file", () => withFolder(async (folder) => {
  const json = await read(folder, "table1.json", '{"methods": ["did"], "d": [200, 400]}');
  assert.equal(json.name, "table1");
  writeFileSync(join(folder, "dims.mjs"), "export const dims = [200, 400];");
  for (const [name, text] of [
    ["table1.mjs", 'export default { methods: ["did"], d: [200, 400] };'],
    ["table1.ts", 'import { dims } from "./dims.mjs";\ninterface Plan { methods: string[]; d: number[] }\nconst plan: Plan = { methods: ["did"], d: dims };\nexport default plan;'],
  ] as const) assert.deepEqual(await read(folder, name, text), json, name);
  assert.deepEqual(readdirSync(folder).sort(), ["dims.mjs", "table1.json", "table1.mjs", "table1.ts"], "nothing is left behind");
}));

test("what does not load, or is no plan, is told with its file", () => withFolder(async (folder) => {
  await assert.rejects(read(folder, "a.json", "{"), /a\.json: not JSON: /);
  await assert.rejects(read(folder, "a.txt", ""), /a plan must be a file \.json, \.ts, \.mts, \.js or \.mjs, got ".*a\.txt"/);
  await assert.rejects(read(folder, "a.mjs", "export const plan = 1;"), /a\.mjs: must have the plan as its default export: export default/);
  await assert.rejects(read(folder, "b.mjs", "throw new Error('no luck')"), /b\.mjs: does not load: no luck\./);
  await assert.rejects(read(folder, "a.ts", "\nconst x: = 1;"), /a\.ts:2: Type expected/);
  await assert.rejects(read(folder, "c.json", '{"methods": ["did"], "d": [0]}'), /c\.json: d\[0\]: must be/);
  await assert.rejects(readPlan(join(folder, "gone.json")), /there is no plan .*gone\.json/);
}));

/** Packages as a notebook of this repository has them. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { projectRoot } from "../../../lib/support/root.js";
import { openNotebook } from "./notebook.js";

const notebook = openNotebook(join(projectRoot, "notebooks"));
after(() => notebook.close());

test("vega-lite, typed by an exports map", async () => {
  assert.deepEqual(await notebook.errors("import * as vl from 'vega-lite';\n"
    + "const spec: vl.TopLevelSpec = {mark: 'bar', data: {values: []}};\nvl.compile(spec).spec.marks"), []);
  assert.equal((await notebook.errors("import {TopLevelSpec} from 'vega-lite';\n"
    + "const spec: TopLevelSpec = {mark: 'no such mark'};")).length, 1);
});

test("arquero: typed, completed, and run by require", async () => {
  assert.equal(await notebook.run("import {table} from 'arquero';\nconst t = table({a: [1, 2]});\nt.numRows()"), 2);
  const { items } = await notebook.language.complete({ code: "t.numR", offset: 6 });
  assert.deepEqual(items.map(({ text, type }) => [text, type]), [["numRows", "method"]]);
});

test("tslab's own display has its types", async () => {
  assert.deepEqual(await notebook.errors("import {display, newDisplay} from 'tslab';\ndisplay.html('<b>b</b>');\n"
    + "newDisplay().text('a');"), []);
});

const errorsOfD90 = (opened: typeof notebook): Promise<string[]> =>
  opened.errors("import * as d90 from 'd90';\nconst n: number = Object.keys(d90).length;\nd90.noSuchExport");

test("d90 resolves inside the repository", async () => {
  assert.match((await errorsOfD90(notebook)).join("\n"),
    /^2:4 2339 Property 'noSuchExport' does not exist on type 'typeof import\(".*index"\)'\.$/);
});

test("d90 resolves outside of it, installed", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "d90-outside-")));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(projectRoot, join(folder, "node_modules", "d90"));
  const outside = openNotebook(folder);
  try {
    assert.match((await errorsOfD90(outside)).join("\n"), /^2:4 2339 /);
  } finally {
    await outside.close();
    rmSync(folder, { recursive: true });
  }
});

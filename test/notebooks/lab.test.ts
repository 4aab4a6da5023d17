/**
 * Every notebook in JupyterLab in headless Chromium, with the parameters of its smoke run: minutes, so for those alone who ask for them, as
 * .ci/run does: `D90_LAB=1 npm test notebooks/lab`. The pictures are in out/lab.
 */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { findNotebooks, ownNotebooks, smokeOf, withParameters, type Notebook } from "../../lib/cli/notebookFile.js";
import {
  attached, drawings, ended, endKernels, failure, openBook, openLab, picture, places, seeChart, setTheme, unfolded, wait, watch, type OpenedLab,
} from "./inLab.js";

const { D90_LAB: asked } = process.env;
const skip = asked === undefined ? "minutes: D90_LAB=1 npm test notebooks/lab, or D90_LAB=03,04 for some" : false;
const chosen = asked === undefined || asked === "1" ? ownNotebooks() : findNotebooks(asked.split(","));
const books = Object.fromEntries(chosen.map((file) => [file.name, unfolded(withParameters(file, smokeOf(file)))]));

/** Runs all cells, watching those that train. */
async function runThrough(opened: OpenedLab, name: string, { notebook, dark }: { notebook: Notebook; dark: boolean }): Promise<void> {
  await setTheme(opened.lab, dark ? "JupyterLab Dark" : "JupyterLab Light");
  const { page, runAll, idle } = await openBook(opened, name);
  const live = places(notebook, "live"), charts = places(notebook, "chart");
  try {
    await wait(page, `document.body.dataset.jpThemeLight === '${!dark}' && ${attached(notebook)}`);
    for (const cell of live) await page.evaluate(watch(cell));
    await runAll();
    for (const cell of live.slice(0, 1)) {
      await wait(page, `window.drawings[${cell}] >= 2 || ${ended(notebook)}`);
      await picture(page, `${name}-${cell}-moving`, cell);
    }
    await wait(page, ended(notebook));
    await idle();
    assert.equal(await failure(page), "");
    const drawn = await Promise.all(live.map((cell) => drawings(page, cell)));
    const trained = live.filter((_cell, index) => drawn[index]! > 0); // what is only taken up from a run before has nothing to draw
    for (const cell of [...trained, ...charts]) await seeChart(page, cell, `${name}-${cell}`);
    assert.ok(live.length === 0 || drawn.some((count) => count >= 2), `no chart moved: ${drawn.join(", ")} drawings`);
  } finally {
    await picture(page, name);
    await page.close();
    await endKernels(opened.lab);
    for (const kept of ["runs", "pretrained"]) rmSync(join(opened.folder, kept), { recursive: true, force: true }); // the next one trains anew
  }
}

test("every notebook runs in JupyterLab: each chart is drawn there, and moves while something trains", { skip }, async (t) => {
  const opened = await openLab(t, books), names = Object.keys(books);
  for (const name of names) {
    const dark = name === names.at(-1); // one on a dark page, on which its charts are to be read as on a light one
    await t.test(`${name}${dark ? " on a dark page" : ""}`, () => runThrough(opened, name, { notebook: books[name]!, dark }));
  }
});

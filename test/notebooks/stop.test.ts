/** A notebook's training in JupyterLab in headless Chromium: the moving chart, the stop button, and what is wrong or half written behind it. */
import assert from "node:assert/strict";
import test from "node:test";
import { findNotebooks, withParameters, type Notebook } from "../../lib/cli/notebookFile.js";
import { cellAt } from "../kernel-ext/jupyter/notebookPage.js";
import { openBook, openLab, picture, places, wait, watch } from "./inLab.js";

/** Three trainings of 194 steps: the chart moves, and is stopped long before they end, however busy the machine is. Behind it a cell that is wrong, and one that asks whether the kernel is alive. */
const [tour] = findNotebooks(["00-tour"]);
const training = withParameters(tour!, [["rows", "776"], ["task", "paraphrases"]]);
const cellOf = (id: string, source: string) => ({ cell_type: "code", id, metadata: {}, execution_count: null, outputs: [], source });
const stopped: Notebook = {
  ...training, cells: [
    ...training.cells.slice(0, places(training, "live")[0]! + 1), cellOf("asking", "rows + 1"), cellOf("wrong", "const tokens: number = \"many\";"), cellOf("empty", ""),
  ],
};

test("the chart of a training moves; stop ends the training and what waits behind it; the next cells run, show a mistake, and complete", async (t) => {
  const { page, runAll, button, run, see, write, press, idle, prompt } = await openBook(await openLab(t, { stopped }), "stopped");
  const live = places(stopped, "live")[0]!, asking = stopped.cells.length - 3;
  const done = `document.querySelector('${cellAt(live)} progress')?.value`;
  await page.waitForSelector(cellAt(asking));
  await page.evaluate(watch(live));
  await runAll();
  await wait(page, `${done} > 1`);
  const first = await page.evaluate(done) as number;
  await wait(page, `window.drawings[${live}] >= 2 && ${done} > ${first}`);
  await picture(page, "moving");
  await button("notebook:interrupt-kernel");
  await wait(page, `document.querySelector('${cellAt(live)} .jp-OutputArea').innerText.includes("run the cell again to go on")`);
  await idle();
  assert.equal(await prompt(asking), "[ ]:");
  await run(asking);
  await see(`${cellAt(asking)} .jp-OutputArea`, "777");
  await picture(page, "stopped");
  await run(asking + 1);
  await see(`${cellAt(asking + 1)} .jp-OutputArea`, "Type 'string' is not assignable to type 'number'");
  await write(asking + 2, "measureD");
  await press("Tab");
  await wait(page, `document.querySelector('${cellAt(asking + 2)} .cm-content').innerText.includes("measureD90") || document.querySelector(".jp-Completer-item") !== null`);
  await picture(page, "mistake");
});

/** A notebook's training in JupyterLab in headless Chromium: the moving chart, the stop button, and what is wrong or half written behind it. */
import test from "node:test";
import { findNotebooks, withParameters, type Notebook } from "../../lib/cli/notebookFile.js";
import { cellAt } from "../kernel-ext/jupyter/notebookPage.js";
import { openBook, openLab, picture, places, wait, watch } from "./inLab.js";

/** Enough steps for the chart to move, and to be stopped; behind it a cell that is wrong, and one that asks whether the kernel is alive. */
const [tour] = findNotebooks(["00-tour"]);
const training = withParameters(tour!, [["rows", "96"], ["task", "paraphrases"]]);
const cellOf = (id: string, source: string) => ({ cell_type: "code", id, metadata: {}, execution_count: null, outputs: [], source });
const stopped: Notebook = {
  ...training, cells: [
    ...training.cells.slice(0, places(training, "live")[0]! + 1), cellOf("asking", "rows + 1"), cellOf("wrong", "const tokens: number = \"many\";"), cellOf("empty", ""),
  ],
};

test("the chart of a training moves; stop ends the training; the next cells run, show a mistake, and complete", async (t) => {
  const { page, runAll, button, run, see, write, press, idle } = await openBook(await openLab(t, { stopped }), "stopped");
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
  await idle(); // the stopped cell ended well, with what was finished: those behind it run, up to the wrong one
  await run(asking);
  await see(`${cellAt(asking)} .jp-OutputArea`, "97");
  await picture(page, "stopped");
  await run(asking + 1);
  await see(`${cellAt(asking + 1)} .jp-OutputArea`, "Type 'string' is not assignable to type 'number'");
  await write(asking + 2, "measureD");
  await press("Tab");
  await wait(page, `document.querySelector('${cellAt(asking + 2)} .cm-content').innerText.includes("measureD90") || document.querySelector(".jp-Completer-item") !== null`);
  await picture(page, "mistake");
});

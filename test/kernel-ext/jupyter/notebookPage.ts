/** A notebook in JupyterLab as a person handles it: clicks, keys, and what is on the page. */
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, KeyInput, Page } from "puppeteer-core";

/** Milliseconds to wait for anything on a busy machine. */
const PATIENCE = 90_000;

/** Where pictures of the page go: of every step into D90_SCREENSHOTS, else of failed ones into the temporary folder. */
const pictures = process.env.D90_SCREENSHOTS;

export interface NotebookPage {
  page: Page;
  /** Clicks into a cell and runs it; does not wait for it. */
  run(cell: number): Promise<void>;
  /** Run > Run All Cells. */
  runAll(): Promise<void>;
  /** Clicks a button of the notebook's toolbar. */
  button(command: string): Promise<void>;
  /** Replaces a cell's text. */
  write(cell: number, text: string): Promise<void>;
  press(...keys: KeyInput[]): Promise<void>;
  /** Waits until something is on the page. @returns its text. */
  see(selector: string, text?: string): Promise<string>;
  /** Waits until a cell's output has `text`. @returns the whole output's text. */
  output(cell: number, text: string): Promise<string>;
  /** Waits until a JavaScript expression is true on the page. */
  until(expression: string): Promise<void>;
  /** Waits until the kernel shows as idle. */
  idle(): Promise<void>;
  /** The prompt left of a cell: "[3]:", "[*]:", "[ ]:". */
  prompt(cell: number): Promise<string>;
  picture(name: string, failed: boolean): Promise<string>;
}

export const cellAt = (cell: number): string => `.jp-Notebook .jp-Cell[data-windowed-list-index="${cell}"]`;
const quoted = (text: string): string => JSON.stringify(text);

/** Opens a notebook, once it is there and its kernel is ready. */
export async function openNotebook(browser: Browser, url: string): Promise<NotebookPage> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1200, height: 1600 });
  page.on("dialog", (dialog) => void dialog.accept());
  page.setDefaultTimeout(PATIENCE);
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.waitForSelector(cellAt(0));
  const notebook = handle(page);
  await notebook.idle();
  return notebook;
}

function handle(page: Page): NotebookPage {
  const until = async (expression: string): Promise<void> => void await page.waitForFunction(expression, { timeout: PATIENCE });
  const textOf = async (selector: string): Promise<string> =>
    await page.evaluate(`[...document.querySelectorAll(${quoted(selector)})].map((one) => one.innerText).join("\\n")`) as string;

  async function press(...keys: KeyInput[]): Promise<void> {
    for (const key of keys) await page.keyboard.down(key);
    for (const key of keys.toReversed()) await page.keyboard.up(key);
  }

  async function see(selector: string, text = ""): Promise<string> {
    const expression = `[...document.querySelectorAll(${quoted(selector)})].some((one) => one.innerText.includes(${quoted(text)}))`;
    await until(expression).catch(async () => {
      throw new Error(`"${text}" did not come up in ${selector}, which shows: ${await textOf(selector) || "nothing"}`);
    });
    return textOf(selector);
  }

  return {
    page, until, press, see,
    async run(cell) {
      await page.click(`${cellAt(cell)} .cm-content`);
      await press("Control", "Enter");
    },
    async runAll() {
      await page.click(".lm-MenuBar-item ::-p-text(Run)");
      await (await page.waitForSelector(".lm-Menu-item[data-command=\"runmenu:run-all\"]"))?.click();
    },
    button: (command) => page.click(`.jp-NotebookPanel-toolbar jp-button[data-command="${command}"]`),
    async write(cell, text) {
      await page.click(`${cellAt(cell)} .cm-content`);
      await press("Control", "a");
      await page.keyboard.press("Delete");
      await page.keyboard.type(text);
    },
    output: (cell, text) => see(`${cellAt(cell)} .jp-OutputArea`, text),
    idle: () => until("document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"),
    prompt: (cell) => textOf(`${cellAt(cell)} .jp-InputPrompt`),
    async picture(name, failed) {
      if (!failed && pictures === undefined) return "";
      const folder = pictures ?? tmpdir();
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `d90-lab-${name.replaceAll(/\W+/g, "-").slice(0, 40)}.png`) as `${string}.png`;
      await page.screenshot({ path });
      return path;
    },
  };
}

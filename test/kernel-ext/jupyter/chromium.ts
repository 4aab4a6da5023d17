/** A headless Chromium from the project's own packages, as `d90 notebook --pdf` finds it (lib/cli/chromium.ts), to be driven by puppeteer. */
import puppeteer, { type Browser } from "puppeteer-core";
import { chromiumArguments, findChromium } from "../../../lib/cli/chromium.js";

/**
 * Starts the browser.
 * @throws {Error} that says what is missing and what to do.
 */
export async function startChromium(): Promise<Browser> {
  const { executable, env } = await findChromium();
  try {
    return await puppeteer.launch({ executablePath: executable, env, headless: "shell", args: chromiumArguments, timeout: 60_000 });
  } catch (error) {
    throw new Error(`Chromium does not start: ${(error as Error).message.trim().split("\n").slice(0, 4).join(" ")}`, { cause: error });
  }
}

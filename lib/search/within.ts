/** What every run is given, and the session that it works in. */
import { cellSignal } from "../support/notebook.js";
import { openSession, type Session, type SessionOptions } from "../training/session.js";
import { resolveSettings, type Settings } from "./settings.js";

export interface RunOptions extends SessionOptions {
  /** "quick" (default), "full" or "smoke". */
  preset?: string;
  /** Settings other than the preset's. */
  settings?: Partial<Settings>;
  /** Folder of the runs; default "runs". */
  out?: string;
  /** Stops what is loaded, or at the next step, keeping a checkpoint; default in a notebook: the cell's stop button. */
  signal?: AbortSignal;
}

/** Opens a session with the settings' part of it (rows and lengths). Dispose it when done. */
export async function openSessionFor(options: RunOptions): Promise<{ session: Session; settings: Settings; preset: string }> {
  const preset = options.preset ?? "quick";
  const settings = resolveSettings(preset, options.settings);
  const { trainRows, devRows, maxLength } = settings, { signal = cellSignal() } = options;
  const task = options.task ?? defaultTask(preset, options.data);
  return { session: await openSession({ ...options, task, trainRows, devRows, maxLength, signal }), settings, preset };
}

/** Smoke runs on the embedded paraphrases, unless there is data of one's own. */
export const defaultTask = (preset: string, data?: string): string | undefined =>
  (preset === "smoke" && data === undefined ? "paraphrases" : undefined);

/** Runs `body` in the session given, or in one of its own. */
export async function within<T>(options: RunOptions, given: Session | undefined,
  body: (session: Session, settings: Settings, preset: string) => Promise<T>): Promise<T> {
  if (given) {
    const preset = options.preset ?? "quick";
    return body(given, resolveSettings(preset, options.settings), preset);
  }
  const { session, settings, preset } = await openSessionFor(options);
  try {
    return await body(session, settings, preset);
  } finally {
    session.dispose();
  }
}


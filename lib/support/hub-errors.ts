/** Why something of the hub cannot be had, in one line with the remedy. */
import { HubApiError } from "@huggingface/hub";

/** A hub file cannot be had: no network, offline, not found, gated, corrupt. The message is one line with the remedy. */
export class HubError extends Error {
  override name = "HubError";
}

/** The repository has no such file. */
export class HubFileMissing extends HubError {
  override name = "HubFileMissing";
}

/** The hub answered with an error's status. */
export class HubStatus extends Error {
  constructor(readonly statusCode: number) {
    super(`HTTP ${statusCode}`);
  }
}

/** Runs `ask`; an error becomes a HubError of one line that says what could not be had, why, and what helps; an abort stays one. */
export async function explained<T>(ask: () => Promise<T>, { what, endpoint, signal }: { what: string; endpoint: string; signal?: AbortSignal }): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof HubError) throw error;
    throw new HubError(`${what} could not be fetched from ${endpoint}${reason(error)}.`, { cause: error });
  }
}

const remedies: Readonly<Record<number, string>> = {
  401: "; it is private or gated: set HF_TOKEN or run hf auth login; or its name is mistyped",
  403: "; your token has no access to it: accept the model's terms on its page",
  404: "; check the repository's name",
  429: "; the hub asks to wait: try again later, or set HF_TOKEN or run hf auth login",
};

function reason(error: unknown): string {
  if (error instanceof HubApiError || error instanceof HubStatus) return `: HTTP ${error.statusCode}${remedies[error.statusCode] ?? ""}`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `: ${cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause)}`;
}

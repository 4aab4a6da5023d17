/**
 * What cells find as globals besides those of Node (and `require`). The language checks cells against this file with
 * TypeScript 5.0, so nothing newer may stand here; executor/child/globals.ts implements it.
 */

/** Asks for a line of text in the notebook: `const name = await input("Name: ")`. Throws where the frontend cannot ask. */
declare function input(prompt?: string): Promise<string>;

/** As input, without showing what is typed. */
declare function password(prompt?: string): Promise<string>;

/** The notebook: output, comms, shell, the cell's signal. */
declare namespace Jupyter {
  /** MIME type -> text, JSON, or bytes (binary types; also base64 text). */
  type MimeData = Record<string, unknown>;

  /** An object that shows itself as one MIME type: the last expression of a cell, or an argument of display. */
  interface Shown {
    readonly data: MimeData;
    readonly metadata: Record<string, unknown>;
  }

  interface DisplayOptions {
    /** `value` is a MIME bundle ({"text/html": "<b>...</b>"}) and goes out as it is. Default false. */
    raw?: boolean;
    /** Names this output, so that it can be replaced later. */
    displayId?: string;
    /** Replaces the outputs that have `displayId`. Default false. */
    update?: boolean;
    /** By MIME type, for example {"image/png": {width: 300}}. */
    metadata?: Record<string, unknown>;
  }

  /** An output that can be replaced. */
  interface Display {
    readonly id: string;
    /** Shows `value` here: first as a new output, then in its place. */
    update(value: unknown, options?: { raw?: boolean; metadata?: Record<string, unknown> }): Promise<void>;
  }

  /** Shows a value now, as the last expression of a cell is shown at its end. */
  function display(value: unknown, options?: DisplayOptions): Promise<void>;

  /** A place for output: `const d = Jupyter.newDisplay(); await d.update("1 of 3")`. */
  function newDisplay(id?: string): Display;

  /** Removes what the cell has output so far; `wait`: only when the next output comes. */
  function clearOutput(options?: { wait?: boolean }): void;

  /** HTML, as a template tag (values are escaped) or a function (text goes in as it is). */
  function html(strings: TemplateStringsArray, ...values: unknown[]): Shown;
  function html(text: string): Shown;

  /** Markdown. */
  function md(strings: TemplateStringsArray, ...values: unknown[]): Shown;
  function md(text: string): Shown;

  /** An SVG image. */
  function svg(strings: TemplateStringsArray, ...values: unknown[]): Shown;
  function svg(text: string): Shown;

  /** LaTeX: String.raw is implied in a template, so Jupyter.latex`$\frac{1}{2}$` needs no doubled backslashes. */
  function latex(strings: TemplateStringsArray, ...values: unknown[]): Shown;
  function latex(text: string): Shown;

  /** A PNG image: its bytes, or base64. */
  function png(image: Uint8Array | string): Shown;

  /** A JPEG image: its bytes, or base64. */
  function jpeg(image: Uint8Array | string): Shown;

  /** A value as a JSON tree that unfolds. */
  function json(value: unknown): Shown;

  /** Shows text in the frontend's pager when the cell ends. */
  function page(text: string): void;

  /** Aborts when the running cell is interrupted. Give it to fetch, timers and other functions that take a signal. */
  const signal: AbortSignal;

  /**
   * Runs a shell command; its output goes to the cell. A `!` line in a cell becomes `await Jupyter.sh(...)`.
   * @returns the exit code (128 + signal number after a signal). A failure prints its status and does not throw.
   */
  function sh(command: string): Promise<number>;

  interface CommOptions {
    metadata?: Record<string, unknown>;
    /** Binary attachments. */
    buffers?: readonly (ArrayBufferView | ArrayBuffer)[];
  }

  interface CommMessage {
    data: unknown;
    metadata: Record<string, unknown>;
    buffers: Uint8Array[];
  }

  /** A channel to a widget in the frontend. */
  interface Comm {
    readonly id: string;
    readonly target: string;
    send(data: unknown, options?: CommOptions): void;
    close(data?: unknown, options?: CommOptions): void;
    /** One handler: a new one replaces the last. `T` is what the handler expects; nothing checks it. */
    onMessage<T = unknown>(handler: (data: T, message: CommMessage) => unknown): void;
    onClose<T = unknown>(handler: (data: T, message: CommMessage) => unknown): void;
  }

  const comms: {
    /** Opens a comm; the frontend must know `target`. */
    open(target: string, data?: unknown, options?: CommOptions): Comm;
    /** Called when the frontend opens a comm of this target; comms of unknown targets are closed at once. */
    onOpen<T = unknown>(target: string, handler: (comm: Comm, data: T, buffers: Uint8Array[]) => unknown): void;
  };
}

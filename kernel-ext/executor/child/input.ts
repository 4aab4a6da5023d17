/** input() and password(): a question to the frontend, one at a time. */
import { Interrupted, owner, type CellContext } from "./cells.js";
import { emit } from "./events.js";

/** Why input() may not ask. */
export class StdinNotAllowed extends Error {
  override readonly name = "StdinNotAllowed";
}

interface Question {
  context: CellContext;
  prompt: string;
  password: boolean;
  resolve(value: string): void;
  reject(reason: Error): void;
}

/** The first has been asked. */
let questions: Question[] = [];

function askFirst(): void {
  const [first] = questions;
  if (first !== undefined) emit({ type: "input", prompt: first.prompt, password: first.password });
}

function ask(prompt: string, password: boolean): Promise<string> {
  const name = password ? "password" : "input";
  const context = owner();
  if (context?.allowStdin !== true) {
    return Promise.reject(new StdinNotAllowed(`${name}(): this frontend cannot ask for input (the request's allow_stdin is false).`));
  }
  if (context.settled) return Promise.reject(new StdinNotAllowed(`${name}(): its cell has ended; only a running cell may ask.`));
  return new Promise((resolve, reject) => {
    questions.push({ context, prompt, password, resolve, reject });
    if (questions.length === 1) askFirst();
  });
}

export const input = (prompt = ""): Promise<string> => ask(String(prompt), false);
export const password = (prompt = ""): Promise<string> => ask(String(prompt), true);

/** The frontend's answer to the question that was asked first. */
export function answer(value: string): void {
  questions.shift()?.resolve(value);
  askFirst();
}

export function refuse(reason: string): void {
  questions.shift()?.reject(new StdinNotAllowed(reason));
  askFirst();
}

/** A cell has ended: nobody waits for its questions. */
export function dropQuestions(context: CellContext): void {
  const dropped = questions.filter((question) => question.context === context);
  questions = questions.filter((question) => question.context !== context);
  for (const { reject } of dropped) reject(new Interrupted());
}

/** What the set-up has, as checks `{ name, value, ok, remedy? }`: `d90 doctor` begins with them. Changes nothing. */
import { nodeProblem } from "../node-version.mjs";
import { mainSteps } from "../steps/index.mjs";
import { setupCommandOf } from "./project.mjs";

/** Node and every step, in order. Never throws: what cannot be looked at is a failed check. */
export function inspectSetup(project) {
  const ok = nodeProblem(process.versions.node) === "";
  const node = { name: "Node", value: process.versions.node, ok, ...(ok ? {} : { remedy: "install Node 24" }) };
  try {
    return [node, ...mainSteps(project).map((step) => inspectStep(step, setupCommandOf(project)))];
  } catch (error) {
    return [node, { name: "Platform", value: `${process.platform} ${process.arch}`, ok: false, remedy: error.message }];
  }
}

function inspectStep(step, command) {
  try {
    const { name } = step;
    const { todo, detail, remedy, stale = false } = step.state();
    if (remedy !== undefined) return { name, value: detail, ok: false, remedy };
    if (todo === "" || stale) return { name, value: todo === "" ? detail : `${todo}; ${command} takes them up`, ok: true };
    return { name, value: todo, ok: false, remedy: command };
  } catch (error) {
    return { name: step.name, value: error.message, ok: false, remedy: `delete .d90, then ${command}` };
  }
}

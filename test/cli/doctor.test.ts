import assert from "node:assert/strict";
import test from "node:test";
import { bf16Instructions, describeKernels, engineChecks, kernelCheck, messageOf } from "../../lib/cli/doctor-checks.js";
import { doctorReport, formatReport } from "../../lib/cli/doctor.js";
import type { EngineInfo } from "../../lib/engine/index.js";

const tensorflow: EngineInfo = { backend: "tensorflow", tensorflow: "2.21.0", device: "CPU", threads: 2, bf16: false, bf16Emulated: false, mode: "recorded" };
const fallback: EngineInfo = { ...tensorflow, backend: "wasm", tensorflow: null, mode: "eager" };

test("the report covers Node, set-up, backend, TensorFlow, device, bf16, threads, model, data and kernel", async () => {
  const { checks } = await doctorReport();
  const names = checks.map(({ name }) => name);
  for (const name of ["Node", "Node packages", "TypeScript build", "Python environment", "TensorFlow binding", "Default model", "Backend",
    "TensorFlow", "Device", "Threads", "bf16", "Data", "Kernel"]) assert.ok(names.includes(name), name);
  assert.equal(new Set(names).size, names.length);
  for (const { ok, remedy } of checks) assert.ok(ok || remedy !== undefined, "what is broken has its remedy");
});

test("a running engine is told with TensorFlow's origin", () => {
  const checks = engineChecks({ ...tensorflow, works: true, warning: "" }, ".venv, cpu");
  assert.ok(checks.every(({ ok }) => ok));
  assert.deepEqual(checks.slice(0, 3).map(({ name, value }) => [name, value]),
    [["Backend", "tensorflow, recorded steps"], ["TensorFlow", "2.21.0, from .venv, cpu"], ["Device", "CPU"]]);
});

test("a fallback backend, a crash and a wrong product are broken, each with a remedy", () => {
  const broken = [
    engineChecks({ ...fallback, works: true, warning: "the binding is missing" }, ""),
    engineChecks({ problem: "libtensorflow_cc.so.2: cannot open (SIGSEGV)" }, ""),
    engineChecks({ ...tensorflow, works: false, warning: "" }, ".venv"),
  ].map(([first]) => first);
  assert.deepEqual(broken.map((check) => check?.ok), [false, false, false]);
  assert.match(broken[0]?.value ?? "", /wasm, for toy sizes: the binding is missing/);
  assert.match(broken[1]?.value ?? "", /does not start: libtensorflow_cc.*SIGSEGV/);
  assert.match(broken[2]?.value ?? "", /multiplies two matrices wrongly/);
  for (const check of broken) assert.match(check?.remedy ?? "", /npm start/);
});

test("bf16 instructions are read from a processor's description", () => {
  assert.deepEqual(bf16Instructions("flags : fpu avx512_bf16 amx_bf16 amx_tile"), ["amx_bf16", "avx512_bf16"]);
  assert.deepEqual(bf16Instructions("Features : fp asimd bf16 svebf16"), ["bf16", "svebf16"]);
  assert.deepEqual(bf16Instructions("FEAT_BF16: 1"), ["feat_bf16"]);
  assert.deepEqual(bf16Instructions("FEAT_BF16: 0\nflags : avx2 fma"), []);
});

test("a missing kernel is no fault, since only notebooks need it; one that would not start is", () => {
  assert.equal(describeKernels([]).ok, true);
  const sound = { name: "d90", folder: "/home/ada/kernels/d90", language: "typescript", problem: null };
  assert.deepEqual(describeKernels([sound]), { name: "Kernel", value: "/home/ada/kernels/d90", ok: true });
  const { ok, value, remedy } = describeKernels([sound, { ...sound, name: "ts", folder: "/usr/kernels/ts", problem: "node is gone" }]);
  assert.deepEqual([ok, value], [false, "/home/ada/kernels/d90, /usr/kernels/ts (broken: node is gone)"]);
  assert.match(remedy ?? "", /^npx d90 kernel install --name ts/);
  const javascript = describeKernels([{ name: "d90-js", folder: "/usr/kernels/d90-js", language: "javascript", problem: "node is gone" }]);
  assert.match(javascript.ok ? "" : javascript.remedy ?? "", /^npx d90 kernel install --javascript --name d90-js/);
});

test("the kernel's own program is asked where it is installed", async () => {
  const { name, value } = await kernelCheck();
  assert.equal(name, "Kernel");
  assert.match(value, /kernels|not installed/);
});

test("for a person a broken check is followed by its remedy", () => {
  const checks = [{ name: "Node", value: "24.1.0", ok: true }, { name: "Backend", value: "none", ok: false, remedy: "npm start" }];
  const text = formatReport({ ok: false, checks });
  assert.equal(text, "✓ Node     24.1.0\n✗ Backend  none\n           do: npm start");
});

test("of a long error the report keeps the first line", () => {
  assert.equal(messageOf(new Error("one\ntwo")), "one");
  assert.equal(messageOf("text"), "text");
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";
import { findCompiler } from "../../setup/steps/binding.mjs";
import { thisProject } from "../../setup/support/project.mjs";
import { put, temporaryProject } from "./project.mjs";

/** A TensorFlow that keeps one tensor, and what deletes it. */
const HEADER = `#pragma once
#include <cstddef>
#include <cstdint>
typedef int TF_DataType;
struct TF_Tensor { void* data; size_t bytes; void (*release)(void*, size_t, void*); void* argument; };
inline TF_Tensor* TF_NewTensor(TF_DataType, const int64_t*, int, void* data, size_t bytes, void (*release)(void*, size_t, void*), void* argument) {
  return new TF_Tensor{data, bytes, release, argument};
}
inline void TF_DeleteTensor(TF_Tensor* tensor) { tensor->release(tensor->data, tensor->bytes, tensor->argument); delete tensor; }
`;

/** Prints, for each array that is given back, its number, its size, and whether that happened on the thread that lent it. */
const PROGRAM = `#include <cstdio>
static std::thread::id lender;
static void Back(void* data, size_t bytes, void* argument) {
  printf("%d:%zu:%s ", *static_cast<int*>(argument), bytes, std::this_thread::get_id() == lender && data == argument ? "here" : "elsewhere");
}
static int numbers[] = {0, 1, 2, 3};
static TF_Tensor* Lend(int i) { return TF_NewTensor(1, nullptr, 0, &numbers[i], 10 + i, Back, &numbers[i]); }
int main() {
  lender = std::this_thread::get_id();
  TF_DeleteTensor(Lend(0));
  TF_Tensor *one = Lend(1), *two = Lend(2);
  std::thread([&] { TF_DeleteTensor(one); TF_DeleteTensor(two); }).join();
  printf("| ");
  std::thread([] { Lend(3); }).join();
  printf("| ");
  Lend(3);
}
`;

test("an array that TensorFlow lets go of on a thread of its own is given back on the thread that lent it, at its next loan", (t) => {
  const compiler = findCompiler();
  if (compiler === "") return t.skip("no compiler here");
  const project = temporaryProject(t);
  put(project, "tensorflow/c/tf_tensor.h", HEADER);
  put(project, "main.cc", PROGRAM);
  const program = join(project.root, "main"), header = join(thisProject.root, "setup", "native", "lending.h");
  const { status, stderr } = spawnSync(compiler, ["-std=c++17", "-pthread", "-I", project.root, "-include", header, join(project.root, "main.cc"), "-o", program], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal(spawnSync(program, { encoding: "utf8" }).stdout, "0:10:here | | 1:11:here 2:12:here ");
});

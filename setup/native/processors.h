// The kernels for each kind of processor, and which of them this one takes.
#ifndef D90_PROCESSORS_H_
#define D90_PROCESSORS_H_
#include <cstdlib>
#include <cstring>

#include "kernels-interface.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define D90_X86
#if __GNUC__ >= 10
#define D90_PRODUCTS
#include <cpuid.h>
#include <immintrin.h>
#endif
#endif

namespace any {
#define LANES 4
#include "vectors.h"
#include "tiles.h"
#include "attention.h"
#include "kernels.h"
#undef LANES
}  // namespace any

#ifdef D90_X86
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
#define LANES 8
#include "vectors.h"
#include "tiles.h"
#include "attention.h"
#include "kernels.h"
#undef LANES
}  // namespace avx2
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,fma")
namespace avx512 {
#define LANES 16
#include "vectors.h"
#include "tiles.h"
#include "attention.h"
#include "kernels.h"
#undef LANES
}  // namespace avx512
#pragma GCC pop_options
#endif

#ifdef D90_PRODUCTS
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,fma")
namespace avx512bf16 {
#define LANES 16
#define ROUNDS
#include "vectors.h"
#include "tiles.h"
#include "attention.h"
#include "kernels.h"
#include "product.h"
#undef ROUNDS
#undef LANES
}  // namespace avx512bf16
#pragma GCC pop_options
#endif

namespace processors {

// The most lanes that this processor has kernels for, and that D90_LANES allows, by which tests try the others.
inline int Lanes() {
  const char* most = std::getenv("D90_LANES");
  const int allowed = most == nullptr ? 16 : std::atoi(most);
#ifdef D90_X86
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (allowed >= 16 && wide) return 16;
  if (allowed >= 8 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 8;
#endif
  return 4;
}

// Whether it rounds to bfloat16, and multiplies pairs of such numbers.
inline bool HasPairs() {
#ifdef D90_PRODUCTS
  static const bool has = Lanes() == 16 && __builtin_cpu_supports("avx512bf16");
  return has;
#else
  return false;
#endif
}

// The kernels for this processor.
inline const Kernels& Best() {
#ifdef D90_PRODUCTS
  if (HasPairs()) return avx512bf16::kernels;
#endif
#ifdef D90_X86
  static const int lanes = Lanes();
  if (lanes != 4) return lanes == 16 ? avx512::kernels : avx2::kernels;
#endif
  return any::kernels;
}

#ifdef D90_PRODUCTS
// Whether this processor multiplies whole tiles by one instruction (AMX): TensorFlow's products use it, and are then faster than those here.
inline bool HasTiles() {
  unsigned a, b, c, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (d >> 22 & 1);
}
#endif

// Products of bfloat16 for this processor, null for none.
inline const Products* BestProducts() {
#ifdef D90_PRODUCTS
  static const bool use = HasPairs() && !HasTiles();
  if (use) return &avx512bf16::products;
#endif
  return nullptr;
}

}  // namespace processors
#endif

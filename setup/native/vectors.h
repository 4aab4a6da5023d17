// Vectors of LANES floats, for the kernels that operations.cc includes once for each kind of processor: no headers of its own, as it is inside a
// namespace there, and with the instructions of 8 and 16 lanes, AVX2 and AVX-512, where LANES is that. What is computed depends on LANES in its last bits.
// With ROUNDS the processor rounds 16 lanes to bfloat16 (and what is less than a float's normal numbers, 1e-38, to 0).

typedef float Vector __attribute__((vector_size(LANES * 4)));
typedef int32_t Integers __attribute__((vector_size(LANES * 4)));
typedef uint32_t Words __attribute__((vector_size(LANES * 4)));
typedef int16_t Shorts __attribute__((vector_size(LANES * 2)));
typedef uint16_t Halves __attribute__((vector_size(LANES * 2)));
typedef uint8_t Bytes __attribute__((vector_size(LANES)));

#define INLINE static inline __attribute__((always_inline))

INLINE Vector Load(const float* from) {
  Vector x;
  memcpy(&x, from, sizeof x);
  return x;
}

// From bfloat16: the upper half of a float.
INLINE Vector Lengthened(Halves halves) { return (Vector)(__builtin_convertvector(halves, Words) << 16); }

INLINE Vector Load(const Bfloat16* from) {
  Halves halves;
  memcpy(&halves, from, sizeof halves);
  return Lengthened(halves);
}

INLINE void Store(float* to, Vector x) { memcpy(to, &x, sizeof x); }

// To bfloat16: the nearest, of two as near the even one; NaN stays one.
#ifdef ROUNDS
INLINE Halves Shortened(Vector x) { return (Halves)_mm512_cvtneps_pbh((__m512)x); }
#else
INLINE Halves Shortened(Vector x) {
  const Words bits = (Words)x;
  const Words rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  return __builtin_convertvector(x == x ? rounded : (bits >> 16) | 0x40, Halves);
}
#endif

INLINE void Store(Bfloat16* to, Vector x) {
  const Halves halves = Shortened(x);
  memcpy(to, &halves, sizeof halves);
}

INLINE bool AtVector(const float* at) { return (uintptr_t)at % sizeof(Vector) == 0; }

// To memory past the caches, for numbers that are read much later: memory is then not fetched to be overwritten. Only AtVector(to).
INLINE void StorePast(float* to, Vector x) {
#if LANES == 16
  __builtin_ia32_movntps512(to, x);
#elif LANES == 8
  __builtin_ia32_movntps256(to, x);
#else
  Store(to, x);
#endif
}

// After StorePast, before others may read.
INLINE void EndStoresPast() {
#if LANES > 4
  __builtin_ia32_sfence();
#endif
}

INLINE Vector Splat(float value) { return value - Vector{}; }

// Copies fewer than LANES numbers, in pieces of constant sizes: faster than memcpy's loop for so few.
template <int PIECE = LANES / 2, typename T>
INLINE void CopySome(T* to, const T* from, int count) {
  if (count & PIECE) {
    memcpy(to, from, PIECE * sizeof(T));
    to += PIECE;
    from += PIECE;
  }
  if constexpr (PIECE > 1) CopySome<PIECE / 2>(to, from, count);
}

// The first `count` of LANES numbers, zeros after them.
template <typename T>
INLINE Vector LoadSome(const T* from, int count) {
  T some[LANES] = {};
  CopySome(some, from, count);
  return Load(some);
}

template <typename T>
INLINE void StoreSome(T* to, Vector x, int count) {
  T some[LANES];
  Store(some, x);
  CopySome(to, some, count);
}

// A processor with masks needs no copy for that: with one, what follows waits for it.
#if LANES == 16
INLINE Vector LoadSome(const float* from, int count) { return __builtin_ia32_loadups512_mask(from, Vector{}, (uint16_t)((1 << count) - 1)); }
INLINE void StoreSome(float* to, Vector x, int count) { __builtin_ia32_storeups512_mask(to, x, (uint16_t)((1 << count) - 1)); }
INLINE Vector LoadSome(const Bfloat16* from, int count) {
  return Lengthened((Halves)__builtin_ia32_loaddquhi256_mask((const short*)from, (Shorts){}, (uint16_t)((1 << count) - 1)));
}
INLINE void StoreSome(Bfloat16* to, Vector x, int count) {
  __builtin_ia32_storedquhi256_mask((short*)to, (Shorts)Shortened(x), (uint16_t)((1 << count) - 1));
}
#elif LANES == 8
INLINE Integers FirstLanes(int count) { return Integers{0, 1, 2, 3, 4, 5, 6, 7} < count; }
INLINE Vector LoadSome(const float* from, int count) { return __builtin_ia32_maskloadps256((const Vector*)from, FirstLanes(count)); }
INLINE void StoreSome(float* to, Vector x, int count) { __builtin_ia32_maskstoreps256((Vector*)to, FirstLanes(count), x); }
#endif

// The second where they cannot be compared.
#if LANES == 16
INLINE Vector Max(Vector a, Vector b) { return __builtin_ia32_maxps512_mask(a, b, Vector{}, 0xffff, 4); }
INLINE Vector Min(Vector a, Vector b) { return __builtin_ia32_minps512_mask(a, b, Vector{}, 0xffff, 4); }
#elif LANES == 8
INLINE Vector Max(Vector a, Vector b) { return __builtin_ia32_maxps256(a, b); }
INLINE Vector Min(Vector a, Vector b) { return __builtin_ia32_minps256(a, b); }
#else
INLINE Vector Max(Vector a, Vector b) { return a > b ? a : b; }
INLINE Vector Min(Vector a, Vector b) { return a < b ? a : b; }
#endif

// 0, 1, 2, ... : the number of each lane.
INLINE Integers Lanes() {
#if LANES == 4
  return Integers{0, 1, 2, 3};
#elif LANES == 8
  return Integers{0, 1, 2, 3, 4, 5, 6, 7};
#else
  return Integers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#endif
}

// The numbers of a and b, one after the other, that `places` says.
INLINE Vector Shuffle(Vector a, Vector b, Integers places) {
#ifdef __clang__
  Vector x;
  for (int i = 0; i < LANES; i++) x[i] = places[i] < LANES ? a[places[i]] : b[places[i] - LANES];
  return x;
#else
  return __builtin_shuffle(a, b, places);
#endif
}

// Sum and Largest halve the distance each step: LANES steps one after another would take longer than the loops that they end.
template <int STEP = LANES / 2>
INLINE float Sum(Vector x) {
  if constexpr (STEP == 0) return x[0];
  else return Sum<STEP / 2>(x + Shuffle(x, x, Lanes() ^ STEP));
}

template <int STEP = LANES / 2>
INLINE float Largest(Vector x) {
  if constexpr (STEP == 0) return x[0];
  else return Largest<STEP / 2>(Max(x, Shuffle(x, x, Lanes() ^ STEP)));
}

// Of `left` numbers up to LANES: what is left at the end of a row may be fewer.
template <typename T>
INLINE Vector LoadUpTo(const T* from, int64_t left) { return left >= LANES ? Load(from) : LoadSome(from, (int)left); }

template <typename T>
INLINE void StoreUpTo(T* to, Vector x, int64_t left) {
  if (left >= LANES) Store(to, x);
  else StoreSome(to, x, (int)left);
}

// x + SHIFT, less than 2^22, is rounded to an integer: its lowest 8 bits, moved to the exponent, are 2^n for the integer n nearest to x, and 0 for -127.
constexpr float SHIFT = 12582912.0f + 127;  // 1.5 2^23, and what exponents begin at
INLINE Vector PowerOfTwo(Vector shifted) { return (Vector)((Words)shifted << 23); }

// 2^x for x from -127 on, up to where it is too large.
INLINE Vector Exp2(Vector x) {
  const Vector shifted = x + SHIFT, f = x - (shifted - SHIFT);
  Vector p = Splat(1.53458110e-4f);  // closest for |f| <= 0.5: to 2e-9 of 2^f
  p = p * f + 1.33999309e-3f;
  p = p * f + 9.61848907e-3f;
  p = p * f + 5.55032864e-2f;
  p = p * f + 2.40226462e-1f;
  p = p * f + 6.93147182e-1f;
  p = p * f + 1.0f;
  return p * PowerOfTwo(shifted);
}

// e^x, to a unit in the last place; 0 below -87.7, and from 88 on what e^88 is. Clamped so that NaN stays one.
INLINE Vector Exp(Vector x) {
  const Vector in = Min(Splat(88.0f), Max(Splat(-88.0f), x));
  const Vector shifted = in * 1.44269504088896341f + SHIFT, n = shifted - SHIFT;
  const Vector r = (in - n * 0.693359375f) + n * 2.12194440e-4f;
  Vector p = Splat(1.3814433e-3f);  // of e^r = 1 + r + r^2 p(r), p closest for |r| < 0.347: to 3e-9 of e^r
  p = p * r + 8.3687967e-3f;
  p = p * r + 4.1668396e-2f;
  p = p * r + 0.1666652f;
  p = p * r + 0.49999994f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  return p * PowerOfTwo(shifted);
}

// Calls f with the array as what it is: of floats or bfloat16s.
template <typename F>
INLINE void ByType(const Array& array, F f) {
  if (array.half) f(static_cast<Bfloat16*>(array.data));
  else f(static_cast<float*>(array.data));
}

// Numbers i and after of a row, `left` of them there still, and of what is added to it, if anything is.
template <typename T>
INLINE Vector Biased(const T* row, const float* bias, int64_t i, int64_t left) {
  return bias == nullptr ? LoadUpTo(row + i, left) : LoadUpTo(row + i, left) + LoadUpTo(bias + i, left);
}

// What the operations compute, on one thread: included by operations.cc after vectors.h, once for each kind of processor. `from` and `to` are
// the part that one call computes.

// Of the normal distribution beyond a = |x|: the share Phi(-a), and a phi(a) with its density. Phi(-a) = e^(-a^2/2) erfcx(a / sqrt(2)) / 2 with a
// polynomial in 1 / (1 + 0.3 a / sqrt(2)) for erfcx / 2, fitted to 2e-8 of its value over [0, 10]. All is 0 from 13.27 on.
struct Tail {
  Vector a, share, slope;
};

INLINE Tail TailOf(Vector x) {
  const Vector a = Min(Splat(13.27f), (Vector)((Words)x & 0x7fffffff)), e = Exp2(a * a * -0.72134752044448f);
  const Vector t = 1.0f / (1.0f + 0.21213203435596426f * a);
  Vector half = Splat(-6.47607820e-2f);
  half = half * t + 2.4277835550e-1f;
  half = half * t - 2.5613231415e-1f;
  half = half * t + 2.7385224610e-1f;
  half = half * t - 4.7319904655e-2f;
  half = half * t + 1.0746064135e-1f;
  half = half * t + 7.417021970e-2f;
  half = half * t + 8.535751990e-2f;
  half = half * t + 8.459400845e-2f;
  return {a, e * (half * t), a * (e * 0.3989422804014327f)};
}

// GELU and its slope: x Phi(x) = max(x, 0) - a Phi(-a), and Phi(x) + x phi(x), for x < 0 what a has of it and otherwise what that leaves of 1.
struct GeluOf {
  INLINE Vector Value(Vector x) {
    const Tail tail = TailOf(x);
    return Max(Vector{}, x) - tail.a * tail.share;
  }
  INLINE Vector Slope(Vector x) {
    const Tail tail = TailOf(x);
    const Vector beyond = tail.share - tail.slope;
    return x < 0 ? beyond : 1.0f - beyond;
  }
};

// sigmoid(x) = 1 / (1 + e^-x), and the rest to 1, which would lose its digits as a difference.
struct Shares {
  Vector share, rest;
};

INLINE Shares SharesOf(Vector x) {
  const Vector e = Exp(-x), share = 1.0f / (1.0f + e);
  return {share, e * share};
}

// GELU's approximation x (1 + tanh u) / 2 = x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3); from 30 on the share is 0 or 1.
struct GeluTanhOf {
  INLINE Vector Within(Vector x) { return Min(Splat(30.0f), Max(Splat(-30.0f), x)); }
  INLINE Shares Of(Vector x) { return SharesOf(x * (1.5957691216057308f + 0.07135481282553495f * (x * x))); }
  INLINE Vector Value(Vector x) { return x * Of(Within(x)).share; }
  INLINE Vector Slope(Vector x) {
    const Vector in = Within(x), change = 1.5957691216057308f + 0.21406443847660486f * (in * in);
    const Shares of = Of(in);
    return of.share + in * change * (of.share * of.rest);
  }
};

// Calls f(i, count) for every LANES numbers of [from, to), and for what is left.
template <typename F>
INLINE void EachVector(int64_t from, int64_t to, F f) {
  int64_t i = from;
  for (; i + LANES <= to; i += LANES) f(i, LANES);
  if (i < to) f(i, static_cast<int>(to - i));
}

// The first `count` numbers of x, zeros after them.
INLINE Vector First(Vector x, int count) { return Lanes() < count ? x : Vector{}; }

template <typename Of>
static void Activate(const Array& x, const float* bias, const Array& y, int64_t width, int64_t from, int64_t to) {
  ByType(x, [&](auto* in) {
    ByType(y, [&](auto* out) {
      for (int64_t row = from * width; row < to * width; row += width) {
        EachVector(0, width, [&](int64_t i, int count) { StoreUpTo(out + row + i, Of::Value(Biased(in + row, bias, i, count)), count); });
      }
    });
  });
}

template <typename Of>
static void ActivateGradient(const Array& dy, const Array& x, const float* bias, const Array& dx, int64_t width, int64_t from, int64_t to) {
  ByType(dy, [&](auto* gradient) {
    ByType(x, [&](auto* in) {
      ByType(dx, [&](auto* out) {
        for (int64_t row = from * width; row < to * width; row += width) {
          EachVector(0, width, [&](int64_t i, int count) {
            StoreUpTo(out + row + i, LoadUpTo(gradient + row + i, count) * Of::Slope(Biased(in + row, bias, i, count)), count);
          });
        }
      });
    });
  });
}

// y = x + bias + residual for the rows [from, to).
static void AddBias(const Array& x, const float* bias, const float* residual, float* y, int64_t width, int64_t from, int64_t to) {
  ByType(x, [&](auto* in) {
    for (int64_t row = from * width; row < to * width; row += width) {
      EachVector(0, width, [&](int64_t i, int count) {
        const Vector sum = LoadUpTo(in + row + i, count) + LoadUpTo(bias + i, count);
        StoreUpTo(y + row + i, residual == nullptr ? sum : sum + LoadUpTo(residual + row + i, count), count);
      });
    }
  });
}

// The sums over the rows [from, to), row after row as they lie in memory, four at a time so that the sums are seldom read and written.
static void ColumnSum(const Array& x, float* sums, int64_t width, int64_t from, int64_t to) {
  for (int64_t i = 0; i < width; i++) sums[i] = 0;
  ByType(x, [&](auto* in) {
    int64_t row = from;
    for (; row + 4 <= to; row += 4) {
      const auto* at = in + row * width;
      EachVector(0, width, [&](int64_t i, int count) {
        const Vector pair = LoadUpTo(at + i, count) + LoadUpTo(at + width + i, count), other = LoadUpTo(at + 2 * width + i, count) + LoadUpTo(at + 3 * width + i, count);
        StoreUpTo(sums + i, LoadUpTo(sums + i, count) + (pair + other), count);
      });
    }
    for (; row < to; row++) {
      EachVector(0, width, [&](int64_t i, int count) { StoreUpTo(sums + i, LoadUpTo(sums + i, count) + LoadUpTo(in + row * width + i, count), count); });
    }
  });
}

static double SquareSum(const Array& x, int64_t from, int64_t to) {
  double sum = 0;
  ByType(x, [&](auto* in) {
    Vector part = {};
    EachVector(from, to, [&](int64_t i, int count) {
      const Vector value = LoadUpTo(in + i, count);
      part += value * value;
    });
    sum = Sum(part);
  });
  return sum;
}

static void RowSum(const Array& x, const int32_t* rows, int64_t count, float* sums, int64_t width) {
  for (int64_t i = 0; i < width; i++) sums[i] = 0;
  ByType(x, [&](auto* in) {
    for (int64_t row = 0; row < count; row++) {
      EachVector(0, width, [&](int64_t i, int n) { StoreUpTo(sums + i, LoadUpTo(sums + i, n) + LoadUpTo(in + rows[row] * width + i, n), n); });
    }
  });
}

// y = gamma (x - mean) / sqrt(variance + epsilon) + beta for the rows [from, to); stats: mean and 1 / sqrt(variance + epsilon) of each. Without beta, of
// the mean square instead of the variance, and with 0 instead of the mean.
static void LayerNorm(const NormArguments& a, int64_t from, int64_t to) {
  const int64_t width = a.width;
  const bool centred = a.beta != nullptr;
  for (int64_t row = from; row < to; row++) {
    const float* x = a.x + row * width;
    Vector sum = {}, squares = {};
    if (centred) EachVector(0, width, [&](int64_t i, int count) { sum += LoadUpTo(x + i, count); });
    const float mean = Sum(sum) / width;
    EachVector(0, width, [&](int64_t i, int count) {
      const Vector difference = LoadUpTo(x + i, count) - mean;
      squares += First(difference * difference, count);
    });
    const float inverse = 1 / __builtin_sqrtf(Sum(squares) / width + a.epsilon);
    EachVector(0, width, [&](int64_t i, int count) {
      const Vector scaled = (LoadUpTo(x + i, count) - mean) * inverse * LoadUpTo(a.gamma + i, count), y = centred ? scaled + LoadUpTo(a.beta + i, count) : scaled;
      StoreUpTo(a.y + row * width + i, y, count);
      if (a.narrow != nullptr) StoreUpTo(a.narrow + row * width + i, y, count);
    });
    if (centred) a.stats[2 * row] = mean;
    a.stats[centred ? 2 * row + 1 : row] = inverse;
  }
}

// The numbers [from, from + width) of what `parts` add up to: in `sums`, or where they lie if one part of floats is all.
INLINE const float* SumOf(const Array* parts, int count, int64_t from, int64_t width, float* sums) {
  if (count == 1 && !parts->half) return static_cast<const float*>(parts->data) + from;
  for (int part = 0; part < count; part++) {
    ByType(parts[part], [&](auto* in) {
      EachVector(0, width, [&](int64_t i, int n) {
        const Vector x = LoadUpTo(in + from + i, n);
        StoreUpTo(sums + i, part == 0 ? x : x + LoadUpTo(sums + i, n), n);
      });
    });
  }
  return sums;
}

// The gradients of LayerNorm for the rows [from, to); sums [2 width]: what these rows give to gamma's gradient and to beta's.
static void LayerNormGradient(const NormGradientArguments& a, float* sums, int64_t from, int64_t to, float* scratch) {
  const int64_t width = a.width;
  for (int64_t i = 0; i < 2 * width; i++) sums[i] = 0;
  for (int64_t row = from; row < to; row++) {
    const float *x = a.x + row * width, *dy = SumOf(a.dy, a.parts, row * width, width, scratch);
    const float mean = a.centred ? a.stats[2 * row] : 0, inverse = a.stats[a.centred ? 2 * row + 1 : row];
    Vector total = {}, along = {};
    EachVector(0, width, [&](int64_t i, int count) {
      const Vector dNormal = LoadUpTo(dy + i, count) * LoadUpTo(a.gamma + i, count);  // 0 beyond the row
      total += dNormal;
      along += dNormal * ((LoadUpTo(x + i, count) - mean) * inverse);
    });
    const float meanTotal = a.centred ? Sum(total) / width : 0, meanAlong = Sum(along) / width;
    EachVector(0, width, [&](int64_t i, int count) {
      const Vector in = LoadUpTo(dy + i, count), normal = (LoadUpTo(x + i, count) - mean) * inverse;
      const Vector dx = (in * LoadUpTo(a.gamma + i, count) - meanTotal - normal * meanAlong) * inverse;
      StoreUpTo(a.dx + row * width + i, dx, count);
      if (a.narrow != nullptr) StoreUpTo(a.narrow + row * width + i, dx, count);
      StoreUpTo(sums + i, LoadUpTo(sums + i, count) + in * normal, count);
      StoreUpTo(sums + width + i, LoadUpTo(sums + width + i, count) + in, count);
    });
  }
}

// One update of the weights [from, to) (Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2).
static void AdamW(const AdamArguments& a, int64_t from, int64_t to) {
  const float kept = 1 - a.rate * a.decay, stepSize = a.rate / a.correction1, scale2 = 1 / a.correction2;
  const bool past = AtVector(a.nextValue + from) && AtVector(a.nextM + from) && AtVector(a.nextV + from);
  const auto store = [past](float* to, Vector x, int count) {
    if (past && count == LANES) StorePast(to, x);
    else StoreUpTo(to, x, count);
  };
  ByType(a.gradient, [&](auto* gradients) {
    EachVector(from, to, [&](int64_t i, int count) {
      const Vector gradient = gradients == nullptr ? Vector{} : LoadUpTo(gradients + (i - a.first), count);
      const Vector value = LoadUpTo(a.value + i, count), g = gradient * a.clip + value * a.coupled;
      const Vector m = LoadUpTo(a.m + i, count) * a.beta1 + g * (1 - a.beta1);
      const Vector v = LoadUpTo(a.v + i, count) * a.beta2 + g * g * (1 - a.beta2);
      Vector root = v * scale2;
      for (int lane = 0; lane < LANES; lane++) root[lane] = __builtin_sqrtf(root[lane]);
      store(a.nextValue + i, value * kept - m * stepSize / (root + a.epsilon), count);
      store(a.nextM + i, m, count);
      store(a.nextV + i, v, count);
    });
  });
  EndStoresPast();
}

// x, negated where `negative` is 1 and not where it is 0.
INLINE Vector Signed(Vector x, const uint8_t* negative, int count) {
  Bytes signs = {};
  memcpy(&signs, negative, count);
  return (Vector)((Words)x ^ (__builtin_convertvector(signs, Words) << 31));
}

INLINE Vector SignedUpTo(Vector x, const uint8_t* negative, int count) {
  return count == LANES ? Signed(x, negative, LANES) : Signed(x, negative, count);  // copying LANES bytes is one instruction
}

// theta = start + scale T y for the weights [from, to): T and y as SpreadArguments says.
static void Spread(const SpreadArguments& a, int64_t from, int64_t to) {
  while (from < to) {
    const int64_t at = (a.offset + from) % a.period, end = to - from < a.period - at ? to : from + a.period - at;
    const float *y = a.y + at - from, *start = a.start;
    const uint8_t* T = a.T + a.offset;
    EachVector(from, end, [&](int64_t i, int count) {
      const Vector theta = LoadUpTo(start + i, count) + SignedUpTo(LoadUpTo(y + i, count) * a.scale, T + i, count);
      StoreUpTo(a.theta + i, theta, count);
      if (a.narrow != nullptr) StoreUpTo(a.narrow + i, theta, count);
    });
    from = end;
  }
}

// Adds to fold [period] what T times a gradient, whose first weight is number `offset` of all, gives to [from, to) of it.
static void Fold(const Array& gradient, int64_t size, int64_t offset, const uint8_t* T, float* fold, int64_t period, int64_t from, int64_t to) {
  ByType(gradient, [&](auto* values) {
    for (int64_t first = offset / period * period; first < offset + size; first += period) {  // the weights first + [0, period)
      const int64_t begin = first + from > offset ? first + from : offset, end = first + to < offset + size ? first + to : offset + size;
      EachVector(begin, end, [&](int64_t i, int count) {
        float* sum = fold + (i - first);
        StoreUpTo(sum, LoadUpTo(sum, count) + SignedUpTo(LoadUpTo(values + i - offset, count), T + i, count), count);
      });
    }
  });
}

#include "decoders.h"

static const Kernels kernels = {{Activate<GeluOf>, ActivateGradient<GeluOf>}, {Activate<GeluTanhOf>, ActivateGradient<GeluTanhOf>}, AddBias, ColumnSum, SquareSum, RowSum, LayerNorm, LayerNormGradient, GatedSilu, GatedSiluGradient, Rotate, AdamW, Spread, Fold, Attention, AttentionGradient, AttentionScratch};

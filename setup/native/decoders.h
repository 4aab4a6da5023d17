// What decoders compute beside what encoders do too, on one thread: included by kernels.h, whose vectors and shares it uses.

// Calls f(i, count, gate, up) for vectors of both.
template <typename F>
INLINE void EachPairOf(const Array& gate, const Array& up, int64_t from, int64_t to, F f) {
  ByType(gate, [&](auto* gates) {
    ByType(up, [&](auto* ups) { EachVector(from, to, [&](int64_t i, int count) { f(i, count, LoadUpTo(gates + i, count), LoadUpTo(ups + i, count)); }); });
  });
}

// y = gate sigmoid(gate) up for the numbers [from, to).
static void GatedSilu(const Array& gate, const Array& up, const Array& y, int64_t from, int64_t to) {
  ByType(y, [&](auto* out) {
    EachPairOf(gate, up, from, to, [&](int64_t i, int count, Vector g, Vector u) { StoreUpTo(out + i, g * SharesOf(g).share * u, count); });
  });
}

// Its gradients.
static void GatedSiluGradient(const GatedGradientArguments& a, int64_t from, int64_t to) {
  ByType(a.dGate, [&](auto* dGate) {
    auto* const dUp = static_cast<decltype(dGate)>(a.dUp);
    ByType(a.dy, [&](auto* gradients) {
      EachPairOf(a.gate, a.up, from, to, [&](int64_t i, int count, Vector g, Vector u) {
        const Shares of = SharesOf(g);
        const Vector silu = g * of.share, dy = LoadUpTo(gradients + i, count);
        StoreUpTo(dGate + i, dy * u * (of.share + silu * of.rest), count);
        StoreUpTo(dUp + i, dy * silu, count);
      });
    });
  });
}

// The rows [from, to): of each head's halves x1 and x2, x1 cos - x2 sin and x2 cos + x1 sin.
static void Rotate(const RotateArguments& a, int64_t from, int64_t to) {
  const int64_t half = a.size / 2;
  ByType(a.x, [&](auto* in) {
    ByType(a.y, [&](auto* out) {
      for (int64_t row = from; row < to; row++) {
        const float *cos = a.cos + row % a.angles * a.size, *sin = a.sin + row % a.angles * a.size;
        for (int64_t first = 0; first < a.width; first += a.size) {
          const auto* x = in + row * a.width;
          auto* y = out + row * a.width + first;
          EachVector(0, half, [&](int64_t i, int count) {
            const Vector x1 = Biased(x, a.bias, first + i, count), x2 = Biased(x, a.bias, first + half + i, count);
            StoreUpTo(y + i, x1 * LoadUpTo(cos + i, count) - x2 * LoadUpTo(sin + i, count) * a.sign, count);
            StoreUpTo(y + half + i, x2 * LoadUpTo(cos + half + i, count) + x1 * LoadUpTo(sin + half + i, count) * a.sign, count);
          });
        }
      }
    });
  });
}

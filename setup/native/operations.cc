// TensorFlow operations of the project's own, on a CPU: what a training step would otherwise do in several passes over memory, each with threads of its
// own to wake. An addon, so that Node can load it; it registers them with the TensorFlow that is loaded already (its C interface, tensorflow/c/ops.h and
// kernels.h). lib/engine/operations.ts calls them, and says what each computes; D90Product lib/engine/bfloat16.ts puts in the place of TensorFlow's own.
#include <node_api.h>

#include <algorithm>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "parallel.h"
#include "processors.h"
#include "run.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

namespace {

using processors::Best;
using processors::BestProducts;

// Numbers, and multiplications, that are worth a thread's waking.
constexpr int64_t kPiece = 1 << 15, kProducts = 1 << 22;

// Rows of `width` numbers that are worth a thread's waking.
int64_t RowsOf(int64_t width) { return std::max<int64_t>(1, kPiece / std::max<int64_t>(1, width)); }

// Room for numbers, from the start of a line of the cache on.
class Room {
 public:
  float* ForAtLeast(int64_t count) {
    if (count > size_) memory_.reset(new float[(size_ = count) + 16]);
    return reinterpret_cast<float*>((reinterpret_cast<uintptr_t>(memory_.get()) + 63) / 64 * 64);
  }

 private:
  int64_t size_ = 0;
  std::unique_ptr<float[]> memory_;
};

// This thread's, that of the call before: so it is in its cache.
float* Scratch(int64_t count) {
  static thread_local Room room;
  return room.ForAtLeast(count);
}

// A row that is added to those of x, or null for none.
const float* BiasOf(Run& run, const Tensor& bias, const Tensor& x) {
  run.Require(bias.none() || bias.size() == x.width(), "D90Gelu, D90Attention, D90Rotate: what is added to rows must be as long as one, or empty.");
  return bias.none() ? nullptr : bias.floats();
}

template <Activation Kernels::*kActivation>
void Activate(Run& run) {
  const Tensor x = run.Input(0), bias = run.Input(1), y = run.Output(0, x.shape());
  const Array from = x.array(), to = y.array();
  const float* row = BiasOf(run, bias, x);
  parallel::RunPieces(x.rows(), RowsOf(x.width()), [&](int64_t first, int64_t last) { (Best().*kActivation).value(from, row, to, x.width(), first, last); });
}

template <Activation Kernels::*kActivation>
void ActivateGradient(Run& run) {
  const Tensor dy = run.Input(0), x = run.Input(1), bias = run.Input(2), dx = run.Output(0, x.shape());
  run.Require(dy.size() == x.size(), "D90GeluGradient, D90GeluTanhGradient: dy and x must have one size.");
  const Array gradient = dy.array(), in = x.array(), out = dx.array();
  const float* row = BiasOf(run, bias, x);
  parallel::RunPieces(x.rows(), RowsOf(x.width()), [&](int64_t first, int64_t last) { (Best().*kActivation).gradient(gradient, in, row, out, x.width(), first, last); });
}

void AddBias(Run& run) {
  const Tensor x = run.Input(0), bias = run.Input(1), residual = run.Input(2), y = run.Output(0, x.shape());
  run.Require(bias.size() == x.width() && (residual.none() || residual.size() == x.size()), "D90AddBias: bias must be as long as a row, and what is added besides as large as x.");
  const Array in = x.array();
  const float* more = residual.none() ? nullptr : residual.floats();
  parallel::RunPieces(x.rows(), RowsOf(x.width()), [&](int64_t first, int64_t last) { Best().addBias(in, bias.floats(), more, y.floats(), x.width(), first, last); });
}

// Adds up `parts`, one after the other, each of `width` numbers.
void AddParts(const std::vector<float>& parts, int64_t first, int64_t step, int64_t width, float* sums) {
  std::fill_n(sums, width, 0.0f);
  for (size_t part = first; part < parts.size(); part += step) {
    for (int64_t i = 0; i < width; i++) sums[i] += parts[part + i];
  }
}

void ColumnSum(Run& run) {
  const Tensor x = run.Input(0), sums = run.Output(0, {x.width()});
  const Array in = x.array();
  const int64_t width = x.width(), piece = 4 * RowsOf(width);
  std::vector<float> parts((x.rows() + piece - 1) / piece * width);
  parallel::RunPieces(x.rows(), piece, [&](int64_t first, int64_t last) { Best().columnSum(in, &parts[first / piece * width], width, first, last); });
  AddParts(parts, 0, width, width, sums.floats());
}

// What was looked up in a table, by row of it: its gradient is a sum for each row, of most nothing.
class Lookups {
 public:
  // A scalar stands for none.
  static bool Given(const Tensor& ids) { return !ids.shape().empty(); }

  // @param ids the rows that were looked up, one after the other.
  Lookups(Run& run, const Tensor& ids, int64_t rows) : first_(rows + 1), places_(ids.size()) {
    const int32_t* const id = ids.integers();
    for (int64_t i = 0; i < ids.size(); i++) run.Require(id[i] >= 0 && id[i] < rows, "D90SquareSum, D90AdamW: ids must be rows of the table.");
    for (int64_t i = 0; i < ids.size(); i++) first_[id[i] + 1]++;
    for (int64_t row = 0; row < rows; row++) first_[row + 1] += first_[row];
    std::vector<int32_t> next(first_);
    for (int64_t i = 0; i < ids.size(); i++) places_[next[id[i]]++] = static_cast<int32_t>(i);
  }

  bool Has(int64_t row) const { return first_[row] < first_[row + 1]; }

  // The sum of the rows of x that belong to `row` of the table.
  void Sum(const Array& x, int64_t row, int64_t width, float* sums) const {
    Best().rowSum(x, &places_[first_[row]], first_[row + 1] - first_[row], sums, width);
  }

 private:
  std::vector<int32_t> first_, places_;  // of a row, where in the second its places among the ids begin
};

// Of x, or where there are ids of what its rows add up to by id.
void SquareSum(Run& run) {
  const Tensor x = run.Input(0), ids = run.Input(1), sum = run.Output(0, {});
  const Array in = x.array();
  std::vector<double> parts;
  if (!Lookups::Given(ids)) {
    parts.resize((x.size() + kPiece - 1) / kPiece);
    parallel::RunPieces(x.size(), kPiece, [&](int64_t first, int64_t last) { parts[first / kPiece] = Best().squareSum(in, first, last); });
  } else {
    const int64_t width = x.width(), rows = ids.size() == 0 ? 0 : *std::max_element(ids.integers(), ids.integers() + ids.size()) + 1, piece = RowsOf(width);
    run.Require(x.rows() == ids.size(), "D90SquareSum: there must be an id for every row.");
    const Lookups lookups(run, ids, rows);
    parts.resize((rows + piece - 1) / piece);
    parallel::RunPieces(rows, piece, [&](int64_t first, int64_t last) {
      float* const sums = Scratch(width);
      for (int64_t row = first; row < last; row++) {
        if (!lookups.Has(row)) continue;
        lookups.Sum(in, row, width, sums);
        parts[first / piece] += Best().squareSum({sums, false}, 0, width);
      }
    });
  }
  double total = 0;
  for (double part : parts) total += part;
  *sum.floats() = static_cast<float>(total);
}

void LayerNorm(Run& run) {
  const Tensor x = run.Input(0), gamma = run.Input(1), beta = run.Input(2), epsilon = run.Input(3);
  run.Require(gamma.size() == x.width() && (beta.none() || beta.size() == x.width()), "D90LayerNorm: gamma and beta must be as long as a row.");
  const Tensor y = run.Output(0, x.shape()), stats = run.Output(1, {x.rows(), beta.none() ? 1 : 2}), narrow = run.Narrow(2, x.shape());
  const NormArguments arguments{x.floats(), gamma.floats(), beta.none() ? nullptr : beta.floats(), *epsilon.floats(), y.floats(), stats.floats(), narrow.halves(), x.width()};
  parallel::RunPieces(x.rows(), RowsOf(x.width()), [&](int64_t first, int64_t last) { Best().layerNorm(arguments, first, last); });
}

// dy's parts: the first input, and those from the fifth on that are given.
void LayerNormGradient(Run& run) {
  const Tensor dy = run.Input(0), x = run.Input(1), stats = run.Input(2), gamma = run.Input(3);
  const Tensor more[3] = {Tensor(run.InputTensor(4)), Tensor(run.InputTensor(5)), Tensor(run.InputTensor(6))};
  const int64_t width = x.width(), rows = x.rows(), piece = RowsOf(width);
  const bool centred = stats.width() == 2;
  NormGradientArguments arguments{{dy.array()}, 1, centred, x.floats(), stats.floats(), gamma.floats(), nullptr, nullptr, width};
  run.Require(dy.size() == x.size() && gamma.size() == width && stats.rows() == rows, "D90LayerNormGradient: shapes must fit x.");
  for (const Tensor& part : more) {
    if (part.none()) continue;
    run.Require(part.size() == x.size(), "D90LayerNormGradient: all parts of dy must have x's size.");
    arguments.dy[arguments.parts++] = part.array();
  }
  const Tensor dx = run.Output(0, x.shape()), dGamma = run.Output(1, {width}), dBeta = run.Output(2, {centred ? width : 0}), narrow = run.Narrow(3, x.shape());
  arguments.dx = dx.floats();
  arguments.narrow = narrow.halves();
  std::vector<float> parts((rows + piece - 1) / piece * 2 * width);
  parallel::RunPieces(rows, piece, [&](int64_t first, int64_t last) {
    Best().layerNormGradient(arguments, &parts[first / piece * 2 * width], first, last, Scratch(width));
  });
  AddParts(parts, 0, 2 * width, width, dGamma.floats());
  if (centred) AddParts(parts, width, 2 * width, width, dBeta.floats());
}

void GatedSilu(Run& run) {
  const Tensor gate = run.Input(0), up = run.Input(1), y = run.Output(0, gate.shape());
  run.Require(gate.size() == up.size(), "D90GatedSilu: both must have one size.");
  const Array gates = gate.array(), ups = up.array(), out = y.array();
  parallel::RunPieces(gate.size(), kPiece, [&](int64_t first, int64_t last) { Best().gatedSilu(gates, ups, out, first, last); });
}

void GatedSiluGradient(Run& run) {
  const Tensor dy = run.Input(0), gate = run.Input(1), up = run.Input(2), dGate = run.Output(0, gate.shape()), dUp = run.Output(1, gate.shape());
  run.Require(gate.size() == up.size() && gate.size() == dy.size(), "D90GatedSiluGradient: all must have one size.");
  const GatedGradientArguments arguments{dy.array(), gate.array(), up.array(), dGate.array(), dUp.array().data};
  parallel::RunPieces(gate.size(), kPiece, [&](int64_t first, int64_t last) { Best().gatedSiluGradient(arguments, first, last); });
}

void Rotate(Run& run) {
  const Tensor x = run.Input(0), cos = run.Input(1), sin = run.Input(2), sign = run.Input(3), bias = run.Input(4), y = run.Output(0, x.shape());
  const int64_t size = cos.width(), width = x.width();
  run.Require(cos.shape() == sin.shape() && cos.rows() > 0 && size % 2 == 0 && width % size == 0 && sign.size() == 1, "D90Rotate: a row must be heads of as many numbers as there are cosines and sines.");
  const RotateArguments arguments{x.array(), y.array(), BiasOf(run, bias, x), cos.floats(), sin.floats(), *sign.floats(), width, size, cos.rows()};
  parallel::RunPieces(x.rows(), RowsOf(width), [&](int64_t first, int64_t last) { Best().rotate(arguments, first, last); });
}

// Of weights of which those of the rows `ids` have a gradient: each the sum of what `arguments` has for it.
void AdamWByRow(AdamArguments arguments, const Lookups& lookups, int64_t rows, int64_t width) {
  const Array gradients = arguments.gradient;
  parallel::RunPieces(rows, RowsOf(width), [=, &lookups](int64_t first, int64_t last) {
    float* const sums = Scratch(width);
    AdamArguments of = arguments;
    for (int64_t row = first, end; row < last; row = end) {
      const bool has = lookups.Has(row);
      for (end = row + 1; !has && end < last && !lookups.Has(end);) end++;
      if (has) lookups.Sum(gradients, row, width, sums);
      of.gradient = {has ? sums : nullptr, false};
      of.first = row * width;
      Best().adamW(of, row * width, end * width);
    }
  });
}

void AdamW(Run& run) {
  const Tensor value = run.Input(0), gradient = run.Input(1), m = run.Input(2), v = run.Input(3), scalars = run.Input(4), settings = run.Input(5), ids = run.Input(6);
  run.Require(m.size() == value.size() && v.size() == value.size(), "D90AdamW: all must have the value's size.");
  run.Require(scalars.size() == 4 && settings.size() == 5, "D90AdamW: there must be 4 scalars and 5 settings.");
  const Tensor nextValue = run.Output(0, value.shape()), nextM = run.Output(1, value.shape()), nextV = run.Output(2, value.shape());
  const float *s = scalars.floats(), *t = settings.floats();
  const AdamArguments arguments{value.floats(), gradient.array(), 0, m.floats(), v.floats(), nextValue.floats(), nextM.floats(), nextV.floats(),
                                s[0], s[1], s[2], s[3], t[0], t[1], t[2], t[3], t[4]};
  if (!Lookups::Given(ids)) {
    run.Require(gradient.size() == value.size(), "D90AdamW: all must have the value's size.");
    parallel::RunPieces(value.size(), kPiece, [&](int64_t first, int64_t last) { Best().adamW(arguments, first, last); });
  } else {
    run.Require(value.shape().size() == 2 && gradient.size() == ids.size() * value.width(), "D90AdamW: there must be a row of the gradient for each of the ids.");
    AdamWByRow(arguments, Lookups(run, ids, value.rows()), value.rows(), value.width());
  }
}

void Spread(Run& run) {
  const Tensor start = run.Input(0), T = run.Input(1), y = run.Input(2), scale = run.Input(3), offset = run.Input(4);
  run.Require(scale.size() == 1 && offset.size() == 1, "D90Spread: scale and offset must be one number each.");
  const int64_t first = *offset.integers();
  run.Require(first >= 0 && y.size() > 0 && first + start.size() <= T.size(), "D90Spread: T must have a sign for every weight.");
  const Tensor theta = run.Output(0, start.shape()), narrow = run.Narrow(1, start.shape());
  const SpreadArguments arguments{start.floats(), y.floats(), T.bytes(), theta.floats(), narrow.halves(), *scale.floats(), first, y.size()};
  parallel::RunPieces(start.size(), kPiece, [&](int64_t from, int64_t to) { Best().spread(arguments, from, to); });
}

// Inputs: T, period, the offsets, and as many gradients.
void Fold(Run& run) {
  const Tensor T = run.Input(0), period = run.Input(1), offsets = run.Input(2);
  constexpr int kFirst = 3;
  run.Require(period.size() == 1 && *period.integers() > 0 && offsets.size() == run.Inputs() - kFirst, "D90Fold: there must be a period, and an offset for each gradient.");
  const int64_t Q = *period.integers();
  std::list<Tensor> gradients;
  for (int64_t i = 0; i < offsets.size(); i++) {
    gradients.emplace_back(run.InputTensor(kFirst + i));
    run.Require(offsets.integers()[i] >= 0 && offsets.integers()[i] + gradients.back().size() <= T.size(), "D90Fold: T must have a sign for every weight.");
  }
  const Tensor fold = run.Output(0, {Q});
  parallel::RunPieces(Q, kPiece, [&](int64_t from, int64_t to) {
    std::fill(fold.floats() + from, fold.floats() + to, 0.0f);
    const int32_t* offset = offsets.integers();
    for (const Tensor& gradient : gradients) Best().fold(gradient.array(), gradient.size(), *offset++, T.bytes(), fold.floats(), Q, from, to);
  });
}

// A factor of a product: [others, k], or transposed.
Factor FactorOf(const Tensor& tensor, bool transposed) {
  const Shape& shape = tensor.shape();
  return {tensor.array(), shape[1], shape[transposed], shape[!transposed], !transposed};
}

// a b, of factors rounded to bfloat16: a is [m, k], b [k, n], or the other way round where the third input says that they are transposed.
void Product(Run& run) {
  const Tensor a = run.Input(0), b = run.Input(1), transposed = run.Input(2);
  const Products* products = BestProducts();
  run.Require(products != nullptr && transposed.size() == 2 && a.shape().size() == 2 && b.shape().size() == 2, "D90Product: two matrices are multiplied where the processor can.");
  ProductArguments arguments{FactorOf(a, transposed.integers()[0]), FactorOf(b, !transposed.integers()[1]), nullptr, nullptr};
  run.Require(arguments.left.k == arguments.right.k && arguments.left.k > 0, "D90Product: the factors must have one k, of 1 or more.");
  const int64_t M = arguments.left.others, N = arguments.right.others, K = arguments.left.k;
  const Tensor c = run.Output(0, {M, N});
  if (M == 0 || N == 0) return;
  Room packed;
  arguments.packed = packed.ForAtLeast(products->packedSize(arguments));
  arguments.c = static_cast<Bfloat16*>(c.array().data);

  const int64_t pieces = products->packPieces(arguments), each = std::max<int64_t>(1, kPiece / (products->packedSize(arguments) / pieces));
  parallel::RunPieces(pieces, each, [&](int64_t from, int64_t to) { products->pack(arguments, from, to); });

  // A task is a block of rows, or where there are few of them some of its columns.
  const int64_t tiles = products->tiles(arguments), blocks = (M - 1) / products->blockRows + 1, wanted = (2 * parallel::Threads() - 1) / blocks + 1;
  const int64_t width = (tiles - 1) / std::clamp<int64_t>(M * N * K / kProducts, 1, std::min(wanted, tiles)) + 1, parts = (tiles - 1) / width + 1;
  parallel::Run(blocks * parts, [&](int64_t task) {
    const int64_t from = task % parts * width;
    products->multiply(arguments, task / parts, from, std::min(tiles, from + width), Scratch(products->scratch(arguments, width)));
  });
}

// Calls work(from, to, scratch) for pieces of the pairs of a text and a group of heads.
template <typename F>
void EachPair(const AttentionShape& shape, F work) {
  const int64_t share = shape.heads / shape.groups, each = std::max<int64_t>(1, share * shape.asking * shape.length * shape.size);
  parallel::RunPieces(shape.batch * shape.groups, std::max<int64_t>(1, kProducts / each), [&](int64_t from, int64_t to) {
    work(from, to, Scratch(Best().attentionScratch(shape)));
  });
}

// Queries, keys and values, in this order.
struct Attended {
  AttentionShape shape;
  Heads heads[3];
  int inputs[3];  // of the three, the one in whose rows each of them lies
};

// What is not given lies behind what is before it, in the same rows.
// @param biases what is added to the rows of each. @param sizes batch, heads, groups and whether the last output is wanted.
Attended AttendedOf(Run& run, const Tensor* const (&of)[3], const Tensor* const (&biases)[3], const Tensor& sizes, const Tensor& scale) {
  run.Require(sizes.size() == 4 && scale.size() == 1, "D90Attention: there must be 4 sizes and a scale.");
  const int32_t* given = sizes.integers();
  const int64_t batch = given[0], heads = given[1], groups = given[2];
  run.Require(batch > 0 && groups > 0 && heads % groups == 0, "D90Attention: sizes must divide queries and keys.");
  int64_t numbers = 0;  // of all heads
  for (const Tensor* tensor : of) numbers += tensor->none() ? 0 : tensor->width();
  const int64_t size = numbers / (heads + 2 * groups), widths[3] = {heads * size, groups * size, groups * size};
  Attended attended{};
  int64_t rows[3];
  int64_t column = 0;
  for (int i = 0, input = 0; i < 3; i++) {
    if (!of[i]->none()) input = i, column = 0;
    const Tensor &tensor = *of[input], &bias = *biases[input];
    run.Require(tensor.shape().size() == 2 && tensor.rows() % batch == 0, "D90Attention: sizes must divide queries and keys.");
    attended.heads[i] = {tensor.array(), tensor.width(), column, BiasOf(run, bias, tensor)};
    attended.inputs[i] = input;
    rows[i] = tensor.rows() / batch;
    column += widths[i];
    const bool ends = i == 2 || !of[i + 1]->none();
    run.Require(ends ? column == tensor.width() : column < tensor.width(), "D90Attention: keys and values must have groups of the queries' size.");
  }
  run.Require(rows[1] == rows[2], "D90Attention: there must be a value for every key.");
  attended.shape = {batch, heads, groups, rows[0], rows[1], size, 0, 0, 0, *scale.floats()};
  return attended;
}

void SetBias(Run& run, const Tensor& bias, AttentionShape* shape) {
  const Shape& sizes = bias.shape();
  const Shape full{shape->batch, shape->heads, shape->asking, shape->length};
  run.Require(sizes.size() == 4 && sizes[3] == shape->length, "D90Attention: bias must be [batch, heads, asking, length].");
  for (int i = 0; i < 3; i++) run.Require(sizes[i] == 1 || sizes[i] == full[i], "D90Attention: bias must be [batch, heads, asking, length].");
  shape->biasRow = sizes[2] == 1 ? 0 : sizes[3];
  shape->biasHead = sizes[1] == 1 ? 0 : sizes[2] * sizes[3];
  shape->biasBatch = sizes[0] == 1 ? 0 : sizes[1] * sizes[2] * sizes[3];
}

Shape ScoresOf(const AttentionShape& shape) { return {shape.batch, shape.heads, shape.asking, shape.length}; }

// The mask's numbers, or null for an empty one.
const float* MaskOf(Run& run, const Tensor& mask, const AttentionShape& shape) {
  if (mask.none()) return nullptr;
  run.Require(mask.shape() == ScoresOf(shape), "D90Attention: mask must be [batch, heads, asking, length].");
  return mask.floats();
}

void Attention(Run& run) {
  const Tensor q = run.Input(0), k = run.Input(1), v = run.Input(2), bias = run.Input(3), mask = run.Input(4), sizes = run.Input(5), scale = run.Input(6);
  const Tensor qBias = run.Input(7), kBias = run.Input(8), vBias = run.Input(9);
  Attended of = AttendedOf(run, {&q, &k, &v}, {&qBias, &kBias, &vBias}, sizes, scale);
  AttentionShape& shape = of.shape;
  SetBias(run, bias, &shape);
  const bool keeping = sizes.integers()[3] != 0;
  const int64_t width = shape.heads * shape.size;
  const Tensor context = run.Output(0, {shape.batch * shape.asking, width}), weights = run.Output(1, keeping ? ScoresOf(shape) : Shape{0});
  const AttentionArguments arguments{shape, of.heads[0], of.heads[1], of.heads[2], bias.floats(), MaskOf(run, mask, shape), {context.array(), width, 0, nullptr},
                                     keeping ? weights.floats() : nullptr};
  EachPair(shape, [&](int64_t from, int64_t to, float* scratch) { Best().attention(arguments, from, to, scratch); });
}

void AttentionGradient(Run& run) {
  const Tensor dContext = run.Input(0), q = run.Input(1), k = run.Input(2), v = run.Input(3), weights = run.Input(4), mask = run.Input(5);
  const Tensor sizes = run.Input(6), scale = run.Input(7), qBias = run.Input(8), kBias = run.Input(9), vBias = run.Input(10);
  const Attended of = AttendedOf(run, {&q, &k, &v}, {&qBias, &kBias, &vBias}, sizes, scale);
  const AttentionShape& shape = of.shape;
  const int64_t width = shape.heads * shape.size;
  run.Require(weights.shape() == ScoresOf(shape) && dContext.size() == shape.batch * shape.asking * width,
              "D90AttentionGradient: weights and dContext must fit the queries.");
  const bool ofScores = sizes.integers()[3] != 0;
  const Tensor dq = run.Output(0, q.shape()), dk = run.Output(1, k.shape()), dv = run.Output(2, v.shape());
  const Tensor dScores = run.Output(3, ofScores ? ScoresOf(shape) : Shape{0});
  const Array outputs[3] = {dq.array(), dk.array(), dv.array()};
  const auto gradient = [&](int i) { return Heads{outputs[of.inputs[i]], of.heads[i].row, of.heads[i].column, nullptr}; };
  const AttentionGradientArguments arguments{shape, {dContext.array(), width, 0, nullptr}, of.heads[0], of.heads[1], of.heads[2], weights.floats(),
                                             MaskOf(run, mask, shape), gradient(0), gradient(1), gradient(2), ofScores ? dScores.floats() : nullptr};
  EachPair(shape, [&](int64_t from, int64_t to, float* scratch) { Best().attentionGradient(arguments, from, to, scratch); });
}

template <void (*kRun)(Run&)>
void Compute(void*, TF_OpKernelContext* context) {
  Run run(context);
  try {
    kRun(run);
  } catch (const Failure&) {
    run.Fail();
  }
}

void* Nothing(TF_OpKernelConstruction*) { return nullptr; }

void UnknownShapes(TF_ShapeInferenceContext* context, TF_Status* status) { TF_ShapeInferenceContextSetUnknownShape(context, status); }

struct Operation {
  const char* name;
  std::vector<const char*> inputs, outputs;
  // Attributes that are types; one that ends with * is a list of them.
  std::vector<const char*> types;
  void (*compute)(void*, TF_OpKernelContext*);
};

const Operation kOperations[] = {
    {"D90Gelu", {"x: T", "bias: float"}, {"y: Y"}, {"T", "Y"}, Compute<Activate<&Kernels::gelu>>},
    {"D90GeluGradient", {"dy: G", "x: T", "bias: float"}, {"dx: Y"}, {"G", "T", "Y"}, Compute<ActivateGradient<&Kernels::gelu>>},
    {"D90GeluTanh", {"x: T", "bias: float"}, {"y: Y"}, {"T", "Y"}, Compute<Activate<&Kernels::geluTanh>>},
    {"D90GeluTanhGradient", {"dy: G", "x: T", "bias: float"}, {"dx: Y"}, {"G", "T", "Y"}, Compute<ActivateGradient<&Kernels::geluTanh>>},
    {"D90AddBias", {"x: T", "bias: float", "residual: float"}, {"y: float"}, {"T"}, Compute<AddBias>},
    {"D90ColumnSum", {"x: T"}, {"sums: float"}, {"T"}, Compute<ColumnSum>},
    {"D90SquareSum", {"x: T", "ids: int32"}, {"sum: float"}, {"T"}, Compute<SquareSum>},
    {"D90LayerNorm", {"x: float", "gamma: float", "beta: float", "epsilon: float"}, {"y: float", "stats: float", "narrow: Y"}, {"Y"}, Compute<LayerNorm>},
    {"D90LayerNormGradient", {"dy: G", "x: float", "stats: float", "gamma: float", "second: H", "third: I", "fourth: J"},
     {"dx: float", "dgamma: float", "dbeta: float", "narrow: Y"}, {"G", "H", "I", "J", "Y"}, Compute<LayerNormGradient>},
    {"D90GatedSilu", {"gate: T", "up: U"}, {"y: Y"}, {"T", "U", "Y"}, Compute<GatedSilu>},
    {"D90GatedSiluGradient", {"dy: G", "gate: T", "up: U"}, {"dgate: Y", "dup: Y"}, {"G", "T", "U", "Y"}, Compute<GatedSiluGradient>},
    {"D90Rotate", {"x: T", "cos: float", "sin: float", "sign: float", "bias: float"}, {"y: Y"}, {"T", "Y"}, Compute<Rotate>},
    {"D90Spread", {"start: float", "signs: bool", "y: float", "scale: float", "offset: int32"}, {"theta: float", "narrow: Y"}, {"Y"}, Compute<Spread>},
    {"D90Fold", {"signs: bool", "period: int32", "offsets: int32", "gradients: G"}, {"fold: float"}, {"G*"}, Compute<Fold>},
    {"D90Attention",
     {"q: Q", "k: K", "v: V", "bias: float", "mask: float", "sizes: int32", "scale: float", "qbias: float", "kbias: float", "vbias: float"},
     {"context: Y", "weights: float"}, {"Q", "K", "V", "Y"}, Compute<Attention>},
    {"D90AttentionGradient",
     {"dcontext: G", "q: Q", "k: K", "v: V", "weights: float", "mask: float", "sizes: int32", "scale: float", "qbias: float", "kbias: float", "vbias: float"},
     {"dq: Y", "dk: Y", "dv: Y", "dscores: float"}, {"G", "Q", "K", "V", "Y"}, Compute<AttentionGradient>},
    {"D90Product", {"a: A", "b: B", "transposed: int32"}, {"c: bfloat16"}, {"A", "B"}, Compute<Product>},
    {"D90AdamW", {"value: float", "gradient: G", "m: float", "v: float", "scalars: float", "settings: float", "ids: int32"},
     {"next_value: float", "next_m: float", "next_v: float"}, {"G"}, Compute<AdamW>},
};

// Registers `operation`; returns what TensorFlow says, "" when all is well.
std::string Register(const Operation& operation) {
  TF_OpDefinitionBuilder* builder = TF_NewOpDefinitionBuilder(operation.name);
  for (const char* input : operation.inputs) TF_OpDefinitionBuilderAddInput(builder, input);
  for (const char* output : operation.outputs) TF_OpDefinitionBuilderAddOutput(builder, output);
  for (std::string type : operation.types) {
    const bool list = type.back() == '*';
    if (list) type.pop_back();
    TF_OpDefinitionBuilderAddAttr(builder, (type + (list ? ": list({float, bfloat16})" : ": {float, bfloat16} = DT_FLOAT")).c_str());
  }
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, UnknownShapes);
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(builder, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(operation.name, "CPU", Nothing, operation.compute, nullptr);
    TF_RegisterKernelBuilder(operation.name, kernel, status);
  }
  const std::string message = TF_GetCode(status) == TF_OK ? "" : TF_Message(status);
  TF_DeleteStatus(status);
  return message;
}

napi_value SetThreads(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2], undefined;
  int32_t threads = 1;
  bool watching = false;
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  napi_get_value_int32(env, arguments[0], &threads);
  napi_get_value_bool(env, arguments[1], &watching);
  parallel::SetThreads(threads, watching);
  napi_get_undefined(env, &undefined);
  return undefined;
}

// Whether there is D90Product for this processor.
napi_value HasProducts(napi_env env, napi_callback_info) {
  napi_value has;
  napi_get_boolean(env, BestProducts() != nullptr, &has);
  return has;
}

// Once a process: its worker threads (worker_threads) load the addon too.
std::string RegisterAll() {
  for (const Operation& operation : kOperations) {
    const std::string message = Register(operation);
    if (!message.empty()) return message;
  }
  return "";
}

napi_value Init(napi_env env, napi_value exports) {
  static const std::string message = RegisterAll();
  if (!message.empty()) {
    napi_throw_error(env, nullptr, message.c_str());
    return exports;
  }
  napi_value setThreads, hasProducts;
  napi_create_function(env, "setThreads", NAPI_AUTO_LENGTH, SetThreads, nullptr, &setThreads);
  napi_create_function(env, "hasProducts", NAPI_AUTO_LENGTH, HasProducts, nullptr, &hasProducts);
  napi_set_named_property(env, exports, "setThreads", setThreads);
  napi_set_named_property(env, exports, "hasProducts", hasProducts);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)

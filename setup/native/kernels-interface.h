// What the operations' kernels take, and the tables of those for one kind of processor.
#ifndef D90_KERNELS_INTERFACE_H_
#define D90_KERNELS_INTERFACE_H_
#include <cstdint>

using Bfloat16 = uint16_t;

// Floats or bfloat16s.
struct Array {
  void* data;
  bool half;
};

struct NormArguments {
  const float *x, *gamma, *beta;  // beta may be null: then nothing is subtracted either, and stats have no means
  float epsilon;
  float *y, *stats;
  Bfloat16* narrow;  // y again, or null
  int64_t width;
};

struct NormGradientArguments {
  Array dy[4];  // which are added up
  int parts;    // of them
  bool centred;
  const float *x, *stats, *gamma;
  float* dx;
  Bfloat16* narrow;  // dx again, or null
  int64_t width;
};

struct AdamArguments {
  const float* value;
  Array gradient;  // from weight number `first` on; null for zeros
  int64_t first;
  const float *m, *v;
  float *nextValue, *nextM, *nextV;
  float clip, rate, correction1, correction2, beta1, beta2, epsilon;
  float decay;    // of the weights, by themselves
  float coupled;  // of the weights, through the gradient
};

struct GatedGradientArguments {
  Array dy, gate, up, dGate;
  void* dUp;  // of dGate's type
};

// Row r takes the angles number r mod `angles`, of `size` cosines and sines each.
struct RotateArguments {
  Array x, y;
  const float* bias;  // what is added to every row of x, or null
  const float *cos, *sin;
  float sign;  // of the sines: the gradient turns back
  int64_t width, size /* of a head */, angles;
};

// Weight number `offset` + i of all is start[i] + scale T y, with T[offset + i] (1 for -1, 0 for +1) and y[(offset + i) mod period].
struct SpreadArguments {
  const float *start, *y;
  const uint8_t* T;
  float* theta;
  Bfloat16* narrow;  // theta again, or null
  float scale;
  int64_t offset, period;
};

// `groups` heads of keys and values are shared by heads / groups neighbouring heads of queries each: head h uses group h / (heads / groups).
struct AttentionShape {
  int64_t batch, heads, groups, asking /* rows that ask */, length /* keys */, size /* numbers a head */;
  // The bias is read at bias[b * biasBatch + h * biasHead + i * biasRow + j]; a stride of 0 repeats it.
  int64_t biasBatch, biasHead, biasRow;
  float scale;  // what products of queries and keys are multiplied by
};

// Heads side by side in the rows of a tensor.
struct Heads {
  Array data;
  int64_t row;        // numbers a row of the tensor
  int64_t column;     // of them before the first head
  const float* bias;  // what is added to every row of the tensor, or null
};

struct AttentionArguments {
  AttentionShape shape;
  Heads q, k, v;
  const float *bias, *mask;  // mask may be null
  Heads context;
  float* weights;  // may be null
};

struct AttentionGradientArguments {
  AttentionShape shape;
  Heads dContext, q, k, v;
  const float *weights, *mask;
  Heads dq, dk, dv;
  float* dScores;  // may be null
};

// A function of each number of x + bias for the rows [from, to), and its gradient; bias may be null.
struct Activation {
  void (*value)(const Array& x, const float* bias, const Array& y, int64_t width, int64_t from, int64_t to);
  void (*gradient)(const Array& dy, const Array& x, const float* bias, const Array& dx, int64_t width, int64_t from, int64_t to);
};

// What kernels.h defines, for one kind of processor.
struct Kernels {
  // from and to are rows.
  Activation gelu, geluTanh;
  // residual may be null.
  void (*addBias)(const Array& x, const float* bias, const float* residual, float* y, int64_t width, int64_t from, int64_t to);
  void (*columnSum)(const Array& x, float* sums, int64_t width, int64_t from, int64_t to);
  double (*squareSum)(const Array& x, int64_t from, int64_t to);
  // Of the `count` rows whose numbers `rows` has.
  void (*rowSum)(const Array& x, const int32_t* rows, int64_t count, float* sums, int64_t width);
  void (*layerNorm)(const NormArguments& arguments, int64_t from, int64_t to);
  void (*layerNormGradient)(const NormGradientArguments& arguments, float* sums, int64_t from, int64_t to, float* scratch /* width */);
  void (*gatedSilu)(const Array& gate, const Array& up, const Array& y, int64_t from, int64_t to);
  void (*gatedSiluGradient)(const GatedGradientArguments& arguments, int64_t from, int64_t to);
  void (*rotate)(const RotateArguments& arguments, int64_t from, int64_t to);
  void (*adamW)(const AdamArguments& arguments, int64_t from, int64_t to);
  void (*spread)(const SpreadArguments& arguments, int64_t from, int64_t to);
  void (*fold)(const Array& gradient, int64_t size, int64_t offset, const uint8_t* T, float* fold, int64_t period, int64_t from, int64_t to);
  void (*attention)(const AttentionArguments& arguments, int64_t from, int64_t to, float* scratch);
  void (*attentionGradient)(const AttentionGradientArguments& arguments, int64_t from, int64_t to, float* scratch);
  int64_t (*attentionScratch)(const AttentionShape& shape);
};

// A factor of a product, rounded to bfloat16 where it is not: the numbers of k next to each other, in a row for each of the others, or the other way round.
struct Factor {
  Array data;
  int64_t row, others, k;  // row: numbers from one row to the next
  bool kInRows;
};

// c [left.others][right.others] = left right, summed over k.
struct ProductArguments {
  Factor left, right;
  float* packed;  // packedSize numbers
  Bfloat16* c;
};

// What product.h defines. The right factor is packed, all of it, before anything is multiplied.
struct Products {
  int64_t blockRows;
  int64_t (*tiles)(const ProductArguments& arguments);  // of the right factor
  int64_t (*packedSize)(const ProductArguments& arguments);
  int64_t (*packPieces)(const ProductArguments& arguments);
  void (*pack)(const ProductArguments& arguments, int64_t from, int64_t to);
  int64_t (*scratch)(const ProductArguments& arguments, int64_t tiles);  // numbers that one call of `multiply` needs
  // For one block of rows, and the right factor's tiles [from, to).
  void (*multiply)(const ProductArguments& arguments, int64_t block, int64_t from, int64_t to, float* scratch);
};

#endif

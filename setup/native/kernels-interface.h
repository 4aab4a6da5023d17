// What the operations' kernels take, and the table of those for one kind of processor.
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
  const float *x, *gamma, *beta;
  float epsilon;
  float *y, *stats;
  Bfloat16* narrow;  // y again, or null
  int64_t width;
};

struct NormGradientArguments {
  Array dy;
  const float *x, *stats, *gamma;
  float* dx;
  Bfloat16* narrow;  // dx again, or null
  int64_t width;
};

struct AdamArguments {
  const float* value;
  Array gradient;
  const float *m, *v;
  float *nextValue, *nextM, *nextV;
  float clip, rate, correction1, correction2, beta1, beta2, epsilon;
  float decay;    // of the weights, by themselves
  float coupled;  // of the weights, through the gradient
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

struct AttentionArguments {
  AttentionShape shape;
  const float *q, *k, *v, *bias, *mask;  // mask may be null
  Array context;
  float* weights;  // may be null
};

struct AttentionGradientArguments {
  AttentionShape shape;
  Array dContext;
  const float *q, *k, *v, *weights, *mask;
  Array dq, dk, dv;  // of one type
  float* dScores;    // may be null
};

// What kernels.h defines, for one kind of processor.
struct Kernels {
  // bias may be null; from and to are rows.
  void (*gelu)(const Array& x, const float* bias, const Array& y, int64_t width, int64_t from, int64_t to);
  void (*geluGradient)(const Array& dy, const Array& x, const float* bias, const Array& dx, int64_t width, int64_t from, int64_t to);
  // residual may be null.
  void (*addBias)(const Array& x, const float* bias, const float* residual, float* y, int64_t width, int64_t from, int64_t to);
  void (*columnSum)(const Array& x, float* sums, int64_t width, int64_t from, int64_t to);
  double (*squareSum)(const Array& x, int64_t from, int64_t to);
  void (*layerNorm)(const NormArguments& arguments, int64_t from, int64_t to);
  void (*layerNormGradient)(const NormGradientArguments& arguments, float* sums, int64_t from, int64_t to);
  void (*adamW)(const AdamArguments& arguments, int64_t from, int64_t to);
  void (*spread)(const SpreadArguments& arguments, int64_t from, int64_t to);
  void (*fold)(const Array& gradient, int64_t size, int64_t offset, const uint8_t* T, float* fold, int64_t period, int64_t from, int64_t to);
  void (*attention)(const AttentionArguments& arguments, int64_t from, int64_t to, float* scratch);
  void (*attentionGradient)(const AttentionGradientArguments& arguments, int64_t from, int64_t to, float* scratch);
  int64_t (*attentionScratch)(const AttentionShape& shape);
};

#endif

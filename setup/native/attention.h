// Attention, forward and backward: softmax(q k^T + bias) v. Included, after tiles.h, once for each kind of processor: no headers of its own.
//
// Work is divided into pairs (batch, group of heads that share keys and values). What a pair needs is copied to tiles in scratch as floats, rows
// padded with zeros to whole vectors: the products' inner loops then know neither types nor remainders of columns. Rows that ask are taken
// a block at a time, so that their scores are still in the cache for the softmax and for the next product.

// ---- Scratch ----

// Where the tiles are; their rows are `size` apart (those with a head's numbers) or `scores` apart (those with a number for each key).
struct AttentionTiles {
  int64_t size, scores;
  // Of a pair, a row for each key: keys or values, `transposed` as PackTransposed leaves them, and the gradients of both.
  float *transposed, *shared, *dKeys, *dValues;
  // Of a block, a row for each row that asks.
  float *queries, *gradients, *results, *weights, *dScores;
};

INLINE int64_t AttentionBlockRows(const AttentionShape& shape) {
  const int64_t most = ATTENTION_FORWARD_BLOCK > ATTENTION_BACKWARD_BLOCK ? ATTENTION_FORWARD_BLOCK : ATTENTION_BACKWARD_BLOCK;
  return Least(shape.asking, most);
}

// A vector more than a row of scores needs: rows that are a large power of two apart would share few places of the cache.
INLINE int64_t AttentionScoresRow(const AttentionShape& shape) { return PaddedTo(shape.length, LANES) + LANES; }

// Floats of scratch that one call needs, whichever pairs it is for.
static int64_t AttentionScratch(const AttentionShape& shape) {
  const int64_t size = PaddedTo(shape.size, LANES), block = AttentionBlockRows(shape), align = 64 / sizeof(float);
  return PaddedTo(shape.length, ATTENTION_PANEL) * size + 3 * shape.length * size + block * (3 * size + 2 * AttentionScoresRow(shape)) + align;
}

INLINE float* Take(float** scratch, int64_t count) {
  float* const tile = *scratch;
  *scratch += count;
  return tile;
}

static AttentionTiles LayOut(const AttentionShape& shape, float* scratch) {
  AttentionTiles tiles;
  const int64_t block = AttentionBlockRows(shape), misaligned = (uintptr_t)scratch % 64 / sizeof(float);
  if (misaligned) scratch += 64 / sizeof(float) - misaligned;
  tiles.size = PaddedTo(shape.size, LANES);
  tiles.scores = AttentionScoresRow(shape);
  tiles.transposed = Take(&scratch, PaddedTo(shape.length, ATTENTION_PANEL) * tiles.size);
  tiles.shared = Take(&scratch, shape.length * tiles.size);
  tiles.dKeys = Take(&scratch, shape.length * tiles.size);
  tiles.dValues = Take(&scratch, shape.length * tiles.size);
  tiles.queries = Take(&scratch, block * tiles.size);
  tiles.gradients = Take(&scratch, block * tiles.size);
  tiles.results = Take(&scratch, block * tiles.size);
  tiles.weights = Take(&scratch, block * tiles.scores);
  tiles.dScores = Take(&scratch, block * tiles.scores);
  return tiles;
}

// ---- Where things are in the tensors ----

// Rows [row, row + rows) of those that ask, of one head of one of the batch.
struct AttentionBlock {
  int64_t batch, head, row, rows;
};

INLINE HeadRows RowsOf(const AttentionShape& shape, const AttentionBlock& block, const Heads& of) {
  return {of, block.batch * shape.asking + block.row, block.head, block.rows, shape.size};
}

// All keys or values of a pair.
INLINE HeadRows RowsOf(const AttentionShape& shape, int64_t pair, const Heads& of) {
  return {of, pair / shape.groups * shape.length, pair % shape.groups, shape.length, shape.size};
}

INLINE int64_t ScoreAt(const AttentionShape& shape, const AttentionBlock& block) {
  return ((block.batch * shape.heads + block.head) * shape.asking + block.row) * shape.length;
}

INLINE int64_t HeadsPerGroup(const AttentionShape& shape) { return shape.heads / shape.groups; }

// The rows from `row` on, at most `most` of them, of head number `head` of the pair's group.
INLINE AttentionBlock BlockAt(const AttentionShape& shape, int64_t pair, int64_t head, int64_t row, int64_t most) {
  return {pair / shape.groups, pair % shape.groups * HeadsPerGroup(shape) + head, row, Least(shape.asking - row, most)};
}

// ---- Forward ----

// The softmax's steps, each for a whole block: within a row each waits for the step before it, but the processor can work on several rows at once.

// Adds the bias, and says what is the largest of the sums. Those beyond the row become so low that the softmax gives them nothing.
INLINE float AddBiasRow(float* scores, const float* bias, int64_t length) {
  const Vector lowest = Splat(-3.0e38f);
  Vector largest = lowest;
  for (int64_t j = 0; j < length; j += LANES) {
    Vector x = Load(scores + j) + LoadUpTo(bias + j, length - j);
    if (length - j < LANES) x = Lanes() < (int32_t)(length - j) ? x : lowest;
    largest = Max(x, largest);
    Store(scores + j, x);
  }
  return Largest(largest);
}

// e^(x - largest), and the sum of that.
INLINE float ExpRow(float* scores, float largest, int64_t length) {
  const Vector shift = Splat(largest);
  Vector sum = {};
  for (int64_t j = 0; j < length; j += LANES) {
    const Vector x = Exp(Load(scores + j) - shift);
    sum += x;
    Store(scores + j, x);
  }
  return Sum(sum);
}

// The weights, to `weights` if that is wanted; in place, times the mask if there is one.
INLINE void ScaleRow(float* scores, float factor, const float* mask, float* weights, int64_t length) {
  const Vector scale = Splat(factor);
  for (int64_t j = 0; j < length; j += LANES) {
    Vector x = Load(scores + j) * scale;
    if (weights) StoreUpTo(weights + j, x, length - j);
    if (mask) x *= LoadUpTo(mask + j, length - j);
    Store(scores + j, x);
  }
}

static void SoftmaxRows(int64_t rows, int64_t length, float* scores, int64_t stride, const float* bias, int64_t biasRow, const float* mask,
                        float* weights) {
  float values[ATTENTION_FORWARD_BLOCK];
  for (int64_t i = 0; i < rows; i++) values[i] = AddBiasRow(scores + i * stride, bias + i * biasRow, length);
  for (int64_t i = 0; i < rows; i++) values[i] = ExpRow(scores + i * stride, values[i], length);
  for (int64_t i = 0; i < rows; i++) {
    ScaleRow(scores + i * stride, 1 / values[i], mask ? mask + i * length : nullptr, weights ? weights + i * length : nullptr, length);
  }
}

static void AttentionForwardBlock(const AttentionArguments& a, const AttentionBlock& block, const AttentionTiles& tiles) {
  const AttentionShape& shape = a.shape;
  const int64_t at = ScoreAt(shape, block);
  PackRows(RowsOf(shape, block, a.q), tiles.queries, shape.scale);
  Multiply<false>(block.rows, shape.length, shape.size, {tiles.queries, tiles.size},
                  {tiles.transposed, ATTENTION_PANEL, ATTENTION_PANEL * shape.size}, tiles.weights, tiles.scores, false);
  const float* bias = a.bias + block.batch * shape.biasBatch + block.head * shape.biasHead + block.row * shape.biasRow;
  SoftmaxRows(block.rows, shape.length, tiles.weights, tiles.scores, bias, shape.biasRow, a.mask ? a.mask + at : nullptr,
              a.weights ? a.weights + at : nullptr);
  Multiply<false>(block.rows, shape.size, shape.length, {tiles.weights, tiles.scores}, {tiles.shared, tiles.size, ATTENTION_PANEL},
                  tiles.results, tiles.size, false);
  UnpackRows(tiles.results, RowsOf(shape, block, a.context));
}

// Of the pairs [from, to), pair b * groups + g being group g of number b of the batch. Each is computed by itself: the result is the same
// however the pairs are divided among calls. q and context have batch * asking rows, k and v batch * length.
// `weights`, [batch, heads, asking, length], gets the softmax's result for the backward pass unless it is nullptr; `mask`, of the same shape or
// nullptr, is what dropout multiplies that with.
static void Attention(const AttentionArguments& a, int64_t from, int64_t to, float* scratch) {
  const AttentionShape& shape = a.shape;
  const AttentionTiles tiles = LayOut(shape, scratch);
  for (int64_t pair = from; pair < to; pair++) {
    PackTransposed(RowsOf(shape, pair, a.k), tiles.transposed);
    PackRows(RowsOf(shape, pair, a.v), tiles.shared);
    for (int64_t head = 0; head < HeadsPerGroup(shape); head++) {
      for (int64_t row = 0; row < shape.asking; row += ATTENTION_FORWARD_BLOCK) {
        AttentionForwardBlock(a, BlockAt(shape, pair, head, row, ATTENTION_FORWARD_BLOCK), tiles);
      }
    }
  }
}

// ---- Backward ----

// The gradient of the weights, as used, times the weights, and the sum of that. With a mask, `masked` gets the weights times it.
INLINE float WeighRow(float* gradient, const float* weights, const float* mask, float* masked, int64_t length) {
  Vector sum = {};
  for (int64_t j = 0; j < length; j += LANES) {
    Vector w = LoadUpTo(weights + j, length - j);
    if (mask) {
      w *= LoadUpTo(mask + j, length - j);
      Store(masked + j, w);
    }
    const Vector x = Load(gradient + j) * w;
    sum += x;
    Store(gradient + j, x);
  }
  return Sum(sum);
}

// To the gradient of the scores, in place and to `result` if that is wanted.
INLINE void CenterRow(float* gradient, float sum, const float* weights, float* result, int64_t length) {
  for (int64_t j = 0; j < length; j += LANES) {
    const Vector x = Load(gradient + j) - LoadUpTo(weights + j, length - j) * sum;
    if (result) StoreUpTo(result + j, x, length - j);
    Store(gradient + j, x);
  }
}

static void SoftmaxRowsBackward(int64_t rows, int64_t length, float* gradient, float* masked, int64_t stride, const float* weights, const float* mask,
                                float* result) {
  float sums[ATTENTION_BACKWARD_BLOCK];
  for (int64_t i = 0; i < rows; i++) {
    sums[i] = WeighRow(gradient + i * stride, weights + i * length, mask ? mask + i * length : nullptr, masked + i * stride, length);
  }
  for (int64_t i = 0; i < rows; i++) {
    CenterRow(gradient + i * stride, sums[i], weights + i * length, result ? result + i * length : nullptr, length);
  }
}

static void AttentionBackwardBlock(const AttentionGradientArguments& a, const AttentionBlock& block, const AttentionTiles& tiles) {
  const AttentionShape& shape = a.shape;
  const int64_t at = ScoreAt(shape, block), length = shape.length;
  PackRows(RowsOf(shape, block, a.q), tiles.queries, shape.scale);
  PackRows(RowsOf(shape, block, a.dContext), tiles.gradients);
  Multiply<false>(block.rows, length, shape.size, {tiles.gradients, tiles.size},
                  {tiles.transposed, ATTENTION_PANEL, ATTENTION_PANEL * shape.size}, tiles.dScores, tiles.scores, false);
  SoftmaxRowsBackward(block.rows, length, tiles.dScores, tiles.weights, tiles.scores, a.weights + at, a.mask ? a.mask + at : nullptr,
                      a.dScores ? a.dScores + at : nullptr);
  const bool add = block.row > 0 || block.head % HeadsPerGroup(shape) > 0;  // to what earlier blocks of the pair gave
  const Left used = a.mask ? Left{tiles.weights, tiles.scores} : Left{a.weights + at, length};
  Multiply<true>(length, shape.size, block.rows, used, {tiles.gradients, tiles.size, ATTENTION_PANEL}, tiles.dValues, tiles.size, add);
  Multiply<true>(length, shape.size, block.rows, {tiles.dScores, tiles.scores}, {tiles.queries, tiles.size, ATTENTION_PANEL}, tiles.dKeys,
                 tiles.size, add);
  Multiply<false>(block.rows, shape.size, length, {tiles.dScores, tiles.scores}, {tiles.shared, tiles.size, ATTENTION_PANEL}, tiles.results,
                  tiles.size, false);
  UnpackRows(tiles.results, RowsOf(shape, block, a.dq), shape.scale);
}

// The gradients, for the pairs [from, to): of dContext, as `context`, and the weights that Attention left. dScores, as `weights`, gets the
// gradient of what the softmax was taken of (so of the bias, where that is not repeated) unless it is nullptr.
static void AttentionGradient(const AttentionGradientArguments& a, int64_t from, int64_t to, float* scratch) {
  const AttentionShape& shape = a.shape;
  const AttentionTiles tiles = LayOut(shape, scratch);
  for (int64_t pair = from; pair < to; pair++) {
    PackTransposed(RowsOf(shape, pair, a.v), tiles.transposed);
    PackRows(RowsOf(shape, pair, a.k), tiles.shared);
    if (shape.asking == 0) {  // otherwise the first block sets them
      memset(tiles.dKeys, 0, shape.length * tiles.size * sizeof(float));
      memset(tiles.dValues, 0, shape.length * tiles.size * sizeof(float));
    }
    for (int64_t head = 0; head < HeadsPerGroup(shape); head++) {
      for (int64_t row = 0; row < shape.asking; row += ATTENTION_BACKWARD_BLOCK) {
        AttentionBackwardBlock(a, BlockAt(shape, pair, head, row, ATTENTION_BACKWARD_BLOCK), tiles);
      }
    }
    UnpackRows(tiles.dKeys, RowsOf(shape, pair, a.dk));
    UnpackRows(tiles.dValues, RowsOf(shape, pair, a.dv));
  }
}

// Tiles of floats, their products, and how they come from tensors and go back. Included, after vectors.h, once for each kind of processor: no headers
// of its own.

// Blocks are multiples of the register tiles' rows; from 16 to 64 rows forward and 32 to 128 backward make no measurable difference.
enum : int64_t {
  ATTENTION_ROWS = LANES == 16 ? 8 : LANES == 8 ? 6 : 4,  // rows of a register tile, of two vectors each: sums for most of the registers there are
  ATTENTION_PANEL = 2 * LANES,
  ATTENTION_FORWARD_BLOCK = 24,
  ATTENTION_BACKWARD_BLOCK = 48,
};

INLINE int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }
INLINE int64_t PartsOf(int64_t whole, int64_t part) { return (whole + part - 1) / part; }
INLINE int64_t PaddedTo(int64_t count, int64_t unit) { return PartsOf(count, unit) * unit; }

// ---- Products of tiles ----

// c = a b, or c += a b, for ROWS rows and VECTORS vectors of columns. With TRANSPOSED, a is stored [depth][rows] instead of [rows][depth].
template <int ROWS, int VECTORS, bool TRANSPOSED>
INLINE void MultiplyTile(const float* a, int64_t aRow, const float* b, int64_t bRow, int64_t depth, float* c, int64_t cRow, bool add) {
  Vector sums[ROWS][VECTORS] = {};
  if (add) {
#pragma GCC unroll 16
    for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 4
      for (int v = 0; v < VECTORS; v++) sums[r][v] = Load(c + r * cRow + v * LANES);
  }
  for (int64_t p = 0; p < depth; p++) {
    Vector right[VECTORS];
#pragma GCC unroll 4
    for (int v = 0; v < VECTORS; v++) right[v] = Load(b + p * bRow + v * LANES);
#pragma GCC unroll 16
    for (int r = 0; r < ROWS; r++) {
      const Vector left = Splat(TRANSPOSED ? a[p * aRow + r] : a[r * aRow + p]);
#pragma GCC unroll 4
      for (int v = 0; v < VECTORS; v++) sums[r][v] += left * right[v];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < ROWS; r++)
#pragma GCC unroll 4
    for (int v = 0; v < VECTORS; v++) Store(c + r * cRow + v * LANES, sums[r][v]);
}

// The last rows, fewer than a tile has.
template <int ROWS, int VECTORS, bool TRANSPOSED>
INLINE void MultiplyRest(int64_t rows, const float* a, int64_t aRow, const float* b, int64_t bRow, int64_t depth, float* c, int64_t cRow, bool add) {
  if (rows == ROWS) MultiplyTile<ROWS, VECTORS, TRANSPOSED>(a, aRow, b, bRow, depth, c, cRow, add);
  else if constexpr (ROWS > 1) MultiplyRest<ROWS - 1, VECTORS, TRANSPOSED>(rows, a, aRow, b, bRow, depth, c, cRow, add);
}

// One panel of columns. A function of its own, of pointers only: it is compiled once, whatever the tensors' types.
template <int VECTORS, bool TRANSPOSED>
static void MultiplyPanel(int64_t rows, const float* a, int64_t aRow, const float* b, int64_t bRow, int64_t depth, float* c, int64_t cRow, bool add) {
  const int64_t aStep = TRANSPOSED ? 1 : aRow;
  int64_t i = 0;
  for (; i + ATTENTION_ROWS <= rows; i += ATTENTION_ROWS) {
    MultiplyTile<ATTENTION_ROWS, VECTORS, TRANSPOSED>(a + i * aStep, aRow, b, bRow, depth, c + i * cRow, cRow, add);
  }
  MultiplyRest<ATTENTION_ROWS - 1, VECTORS, TRANSPOSED>(rows - i, a + i * aStep, aRow, b, bRow, depth, c + i * cRow, cRow, add);
}

// The left factor of a product: where it starts and how far apart its rows are.
struct Left {
  const float* data;
  int64_t row;
};

// The right factor, [depth][columns]: panels of ATTENTION_PANEL columns that are `panel` apart, with rows `row` apart.
struct Right {
  const float* data;
  int64_t row, panel;
};

// c [rows][columns] = a b, or += a b. Columns are written in whole vectors.
template <bool TRANSPOSED>
static void Multiply(int64_t rows, int64_t columns, int64_t depth, Left a, Right b, float* c, int64_t cRow, bool add) {
  for (int64_t j = 0; j < columns; j += ATTENTION_PANEL) {
    const float* panel = b.data + j / ATTENTION_PANEL * b.panel;
    if (columns - j > LANES) MultiplyPanel<2, TRANSPOSED>(rows, a.data, a.row, panel, b.row, depth, c + j, cRow, add);
    else MultiplyPanel<1, TRANSPOSED>(rows, a.data, a.row, panel, b.row, depth, c + j, cRow, add);
  }
}

// ---- Between tensors and tiles ----

// Rows of one head: [rows][size] in a tensor.
struct HeadRows {
  Heads heads;
  int64_t first, head;  // row, and number of the head
  int64_t rows, size;
};

// Calls f with where the first of the rows begins, and what is added to each, or null.
template <typename F>
INLINE void At(const HeadRows& of, F f) {
  const int64_t column = of.heads.column + of.head * of.size;
  ByType(of.heads.data, [&](auto* data) { f(data + of.first * of.heads.row + column, of.heads.bias ? of.heads.bias + column : nullptr); });
}

// To a tile with rows PaddedTo(size, LANES) apart.
static void PackRows(const HeadRows& of, float* to, float factor = 1) {
  At(of, [&](auto* from, const float* bias) {
    for (int64_t i = 0; i < of.rows; i++, from += of.heads.row) {
      for (int64_t c = 0; c < of.size; c += LANES, to += LANES) Store(to, Biased(from, bias, c, of.size - c) * factor);
    }
  });
}

// The other way.
static void UnpackRows(const float* from, const HeadRows& of, float factor = 1) {
  At(of, [&](auto* to, const float*) {
    for (int64_t i = 0; i < of.rows; i++, to += of.heads.row) {
      for (int64_t c = 0; c < of.size; c += LANES, from += LANES) StoreUpTo(to + c, Load(from) * factor, of.size - c);
    }
  });
}

// Transposes LANES vectors: swaps the squares beside the diagonal, of STEP x STEP numbers, then smaller ones.
template <int STEP = LANES / 2>
INLINE void Transpose(Vector* rows) {
  const Integers lane = Lanes(), lower = (lane & STEP) == 0;
  const Integers first = lower ? lane : lane - STEP + LANES, second = lower ? lane + STEP : lane + LANES;
#pragma GCC unroll 16
  for (int i = 0; i < LANES; i++) {
    if (i & STEP) continue;
    const Vector a = rows[i], b = rows[i + STEP];
    rows[i] = Shuffle(a, b, first);
    rows[i + STEP] = Shuffle(a, b, second);
  }
  if constexpr (STEP > 1) Transpose<STEP / 2>(rows);
}

// Transposed, as panels [size][ATTENTION_PANEL] one after another: a panel's rows are next to each other, as rows that are a large power of two
// apart would share few places of the cache.
static void PackTransposed(const HeadRows& of, float* to) {
  const int64_t size = of.size;
  At(of, [&](auto* from, const float* bias) {
    for (int64_t j = 0; j < of.rows; j += LANES) {
      float* panel = to + j / ATTENTION_PANEL * ATTENTION_PANEL * size + j % ATTENTION_PANEL;
      for (int64_t c = 0; c < size; c += LANES) {
        Vector square[LANES];
#pragma GCC unroll 16
        for (int r = 0; r < LANES; r++) square[r] = j + r < of.rows ? Biased(from + (j + r) * of.heads.row, bias, c, size - c) : Vector{};
        Transpose(square);
#pragma GCC unroll 16
        for (int r = 0; r < LANES; r++) {
          if (c + r < size) Store(panel + (c + r) * ATTENTION_PANEL, square[r]);
        }
      }
    }
  });
}

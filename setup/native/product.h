// Products of matrices of bfloat16, with AVX-512's instruction for them: included once, after tiles.h, inside a namespace.
//
// c = a b, each sum in fp32 over all of k, pair after pair, and then rounded: it does not depend on who computes it. The instruction takes pairs: two
// neighbours along k, together 32 bits. The right factor is copied to tiles of them, [pairs][48 columns]; so is the left one, to [pairs][8 rows], unless its
// pairs lie together anyway. What is beyond a matrix is 0.

enum : int64_t {
  TILE_ROWS = 8,
  TILE_VECTORS = 3,
  TILE_COLUMNS = TILE_VECTORS * LANES,
  BLOCK_ROWS = 64,    // whose tiles stay in the cache while columns pass by
  BLOCK_PAIRS = 768,  // of k that are taken at once: the sums of longer ones wait in between
  PIECE_PAIRS = 16,   // that are packed at once
};

INLINE int64_t PairsOf(int64_t k) { return (k + 1) / 2; }

// Which of 16 there are if `left` are.
INLINE __mmask16 Some(int64_t left) { return left >= LANES ? 0xffff : left <= 0 ? 0 : (__mmask16)((1u << left) - 1); }

// 16 and 32 numbers in bfloat16, zeros for those beyond `left`.
INLINE __m256i Sixteen(const Bfloat16* from, int64_t left) { return _mm256_maskz_loadu_epi16(Some(left), from); }
INLINE __m256i Sixteen(const float* from, int64_t left) { return (__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(Some(left), from)); }
INLINE __m512i ThirtyTwo(const Bfloat16* from, int64_t left) {
  return _mm512_maskz_loadu_epi16((__mmask32)Some(left) | (__mmask32)Some(left - LANES) << LANES, from);
}
INLINE __m512i ThirtyTwo(const float* from, int64_t left) {
  const __m512 first = _mm512_maskz_loadu_ps(Some(left), from), second = _mm512_maskz_loadu_ps(Some(left - LANES), from + LANES);
  return (__m512i)_mm512_cvtne2ps_pbh(second, first);
}

// 16 numbers of one k and the next, of the `others` from `first` on, as pairs.
template <typename T>
INLINE Vector PairsAcross(const T* data, const Factor& of, int64_t first, int64_t k) {
  for (int64_t ahead = k + 16; ahead < k + 18; ahead++) __builtin_prefetch(data + ahead * of.row + first);  // rows are too far apart to be foreseen
  const auto row = [&](int64_t at) { return at < of.k ? Sixteen(data + at * of.row + first, of.others - first) : _mm256_setzero_si256(); };
  const __m512i low = _mm512_cvtepu16_epi32(row(k)), high = _mm512_cvtepu16_epi32(row(k + 1));
  return (Vector)_mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

// 16 pairs of k of one of the others.
template <typename T>
INLINE Vector PairsAlong(const T* data, const Factor& of, int64_t other, int64_t k) {
  for (int64_t ahead = k + 64; ahead < k + 64 + 2 * LANES; ahead += 64 / sizeof(T)) __builtin_prefetch(data + other * of.row + ahead);
  return other < of.others ? (Vector)ThirtyTwo(data + other * of.row + k, of.k - k) : Vector{};
}

// Calls store(i, pair, vector) for every pair of k and vector i of `vectors`, which are of 16 others each, from `first` on; not for those with none.
template <typename T, typename F>
INLINE void EachPair(const T* data, const Factor& of, int64_t first, int64_t vectors, F store) {
  vectors = Least(vectors, PartsOf(of.others - first, LANES));
  if (!of.kInRows) {
    for (int64_t k = 0; k < of.k; k += 2) {
      for (int64_t i = 0; i < vectors; i++) store(i, k / 2, PairsAcross(data, of, first + i * LANES, k));
    }
    return;
  }
  for (int64_t i = 0; i < vectors; i++) {
    for (int64_t k = 0; k < of.k; k += 2 * LANES) {
      Vector square[LANES];
#pragma GCC unroll 16
      for (int r = 0; r < LANES; r++) square[r] = PairsAlong(data, of, first + i * LANES + r, k);
      Transpose(square);
      const int64_t left = PairsOf(of.k - k);
#pragma GCC unroll 16
      for (int r = 0; r < LANES; r++) {
        if (r < left) store(i, k / 2 + r, square[r]);
      }
    }
  }
}

template <typename F>
INLINE void EachPair(const Factor& of, int64_t first, int64_t vectors, F store) {
  ByType(of.data, [&](auto* data) { EachPair(data, of, first, vectors, store); });
}

// The pairs [from, to) of a factor.
INLINE Factor PartOf(const Factor& of, int64_t from, int64_t to) {
  Factor part = of;
  ByType(of.data, [&](auto* data) { part.data.data = data + 2 * from * (of.kInRows ? 1 : of.row); });
  part.k = Least(of.k, 2 * to) - 2 * from;
  return part;
}

// ---- Tiles ----

static int64_t ProductTiles(const ProductArguments& a) { return PartsOf(a.right.others, TILE_COLUMNS); }

// The right factor is packed in pieces: a tile, or where rows are of one k some pairs of all tiles, so that its numbers are read in turn.
static int64_t PackPieces(const ProductArguments& a) { return a.right.kInRows ? ProductTiles(a) : PartsOf(PairsOf(a.right.k), PIECE_PAIRS); }

static int64_t PackedSize(const ProductArguments& a) { return ProductTiles(a) * PairsOf(a.right.k) * TILE_COLUMNS; }

// The pieces [from, to).
static void PackRight(const ProductArguments& a, int64_t from, int64_t to) {
  const int64_t pairs = PairsOf(a.right.k), size = pairs * TILE_COLUMNS;
  if (a.right.kInRows) {
    for (int64_t tile = from; tile < to; tile++) {
      EachPair(a.right, tile * TILE_COLUMNS, TILE_VECTORS, [&](int64_t i, int64_t pair, Vector x) { Store(a.packed + tile * size + pair * TILE_COLUMNS + i * LANES, x); });
    }
  } else {
    const int64_t first = from * PIECE_PAIRS, last = Least(pairs, to * PIECE_PAIRS);
    EachPair(PartOf(a.right, first, last), 0, ProductTiles(a) * TILE_VECTORS, [&](int64_t i, int64_t pair, Vector x) {
      Store(a.packed + i / TILE_VECTORS * size + (first + pair) * TILE_COLUMNS + i % TILE_VECTORS * LANES, x);
    });
  }
}

// The left factor's tiles for `rows` rows from `first` on, two of which are a vector.
static void PackLeft(const Factor& left, int64_t first, int64_t rows, float* tiles) {
  const int64_t size = PairsOf(left.k) * TILE_ROWS;
  EachPair(left, first, PartsOf(rows, LANES), [&](int64_t i, int64_t pair, Vector x) {
    float* const to = tiles + 2 * i * size + pair * TILE_ROWS;
    _mm256_storeu_ps(to, _mm512_castps512_ps256((__m512)x));
    _mm256_storeu_ps(to + size, _mm512_extractf32x8_ps((__m512)x, 1));
  });
}

// ---- Products of tiles ----

// Where a tile's sums are: those of the pairs before, if there are any, and where they go if there are more; otherwise to c.
struct Sums {
  const float* before;
  float* after;
  Bfloat16* c;
  int64_t row, rows, columns;  // numbers a row of c, and those of the tile that it has
};

// Where a tile of the left factor is: PACKED, or the pairs of a row behind one another, and the rows `row` numbers apart.
struct LeftTile {
  const Bfloat16* data;
  int64_t row;
};

INLINE float PairAt(const Bfloat16* at) {
  float pair;
  memcpy(&pair, at, sizeof pair);
  return pair;
}

template <int VECTORS, bool PACKED>
static void MultiplyTiles(const LeftTile& left, const float* right, int64_t pairs, const Sums& to) {
  constexpr int64_t STEP = PACKED ? 2 * TILE_ROWS : 2;
  const Bfloat16* rows[TILE_ROWS];
#pragma GCC unroll 8
  for (int r = 0; r < TILE_ROWS; r++) rows[r] = left.data + (PACKED ? 2 * r : (r < to.rows ? r : 0) * left.row);
  __m512 sums[TILE_ROWS][VECTORS];
#pragma GCC unroll 8
  for (int r = 0; r < TILE_ROWS; r++)
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; v++) sums[r][v] = to.before ? _mm512_loadu_ps(to.before + r * TILE_COLUMNS + v * LANES) : _mm512_setzero_ps();
  for (int64_t p = 0; p < pairs; p++, right += TILE_COLUMNS) {
    __m512bh b[VECTORS];
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; v++) b[v] = (__m512bh)_mm512_loadu_ps(right + v * LANES);
#pragma GCC unroll 8
    for (int r = 0; r < TILE_ROWS; r++) {
      const __m512bh a = (__m512bh)_mm512_set1_ps(PairAt(rows[r] + p * STEP));
#pragma GCC unroll 3
      for (int v = 0; v < VECTORS; v++) sums[r][v] = _mm512_dpbf16_ps(sums[r][v], a, b[v]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < TILE_ROWS; r++) {
#pragma GCC unroll 3
    for (int v = 0; v < VECTORS; v++) {
      if (to.after) {
        _mm512_storeu_ps(to.after + r * TILE_COLUMNS + v * LANES, sums[r][v]);
      } else if (r < to.rows) {
        _mm256_mask_storeu_epi16(to.c + r * to.row + v * LANES, Some(to.columns - v * LANES), (__m256i)_mm512_cvtneps_pbh(sums[r][v]));
      }
    }
  }
}

template <bool PACKED>
INLINE void MultiplyColumns(const LeftTile& left, const float* right, int64_t pairs, const Sums& to) {
  if (to.columns > 2 * LANES) MultiplyTiles<3, PACKED>(left, right, pairs, to);
  else if (to.columns > LANES) MultiplyTiles<2, PACKED>(left, right, pairs, to);
  else MultiplyTiles<1, PACKED>(left, right, pairs, to);
}

static int64_t ProductScratch(const ProductArguments& a, int64_t tiles) {
  const int64_t all = PairsOf(a.left.k);
  return BLOCK_ROWS * (all > BLOCK_PAIRS ? BLOCK_PAIRS + tiles * TILE_COLUMNS : all);
}

// Of the block of rows number `block`, the columns of the right factor's tiles [from, to).
static void Product(const ProductArguments& a, int64_t block, int64_t from, int64_t to, float* scratch) {
  const int64_t all = PairsOf(a.left.k), M = a.left.others, N = a.right.others, begin = block * BLOCK_ROWS, end = Least(M, begin + BLOCK_ROWS);
  float* const sums = scratch + BLOCK_ROWS * Least(all, BLOCK_PAIRS);
  for (int64_t first = 0; first < all; first += BLOCK_PAIRS) {
    const int64_t last = Least(all, first + BLOCK_PAIRS), pairs = last - first;
    const Factor left = PartOf(a.left, first, last);
    const bool packed = !left.kInRows || left.k % 2 != 0 || !left.data.half;
    if (packed) PackLeft(left, begin, end - begin, scratch);
    for (int64_t tile = from; tile < to; tile++) {
      const float* const right = a.packed + (tile * all + first) * TILE_COLUMNS;
      const int64_t column = tile * TILE_COLUMNS, columns = Least(TILE_COLUMNS, N - column);
      for (int64_t row = begin; row < end; row += TILE_ROWS) {
        float* const waiting = sums + ((tile - from) * BLOCK_ROWS + row - begin) * TILE_COLUMNS;
        const Sums results{first > 0 ? waiting : nullptr, last < all ? waiting : nullptr, a.c + row * N + column, N, end - row, columns};
        if (packed) MultiplyColumns<true>({(const Bfloat16*)(scratch + (row - begin) * pairs), 0}, right, pairs, results);
        else MultiplyColumns<false>({(const Bfloat16*)left.data.data + row * left.row, left.row}, right, pairs, results);
      }
    }
  }
}

static const Products products = {BLOCK_ROWS, ProductTiles, PackedSize, PackPieces, PackRight, ProductScratch, Product};

// Registers: sums of a unit of 32 columns and totals of every (token, row vector), then one column
// of each row vector, a value of the activations and two that are free. Two levels of sums keep
// chains short, and so errors small: 32 columns, then units.
#include "jit/x86/float_product.h"

#include "jit/x86/assembler.h"

namespace wick::cpu::jit::x86 {
namespace {

class FloatProduct {
 public:
  explicit FloatProduct(const MatmulKey& key)
      : key_(key),
        e_(key.isa),
        a_(e_.raw()),
        n_tokens_(key.shape.n_tokens),
        n_vectors_(key.shape.n_tiles * kTileRows / e_.lanes()),
        temp_(2 * n_tokens_ * n_vectors_),
        column_bytes_(key.product == Product::kF32 ? kTileRows * 4 : kTileRows * 2) {}

  std::vector<std::uint8_t> make() {
    for (unsigned t = 0; t < n_tokens_; ++t)
      for (unsigned j = 0; j < n_vectors_; ++j) e_.clear(total(t, j));
    const asmjit::Label units = a_.newLabel();
    a_.mov(n_units_, static_cast<std::int32_t>(key_.n_units));
    a_.bind(units);
    unit();
    a_.add(weights_, static_cast<std::int32_t>(kUnitCols * column_bytes_));
    a_.add(x_, kUnitCols * 4);
    a_.dec(n_units_);
    a_.jnz(units);
    write_out();
    return e_.finish();
  }

 private:
  Vec sum(unsigned t, unsigned j) const { return e_.vec(t * n_vectors_ + j); }
  Vec total(unsigned t, unsigned j) const { return e_.vec((n_tokens_ + t) * n_vectors_ + j); }
  Vec column(unsigned j) const { return e_.vec(temp_ + j); }
  Vec x() const { return e_.vec(temp_ + n_vectors_); }

  /// 64 bytes of a tile: a column of f32, two of 16 bits side by side.
  Mem weights(unsigned j, unsigned line) const {
    const unsigned per_tile = kTileRows / e_.lanes();
    return asm86::ptr(weights_, static_cast<std::int32_t>(j / per_tile * key_.layout->tile_bytes +
                                                          j % per_tile * e_.bytes() + line * 64));
  }

  void unit() {
    const bool is_wide_weight = key_.product == Product::kF32;
    if (key_.prefetch_bytes)
      for (unsigned tile = 0; tile < key_.shape.n_tiles; ++tile) prefetch(tile);
    for (unsigned c = 0; c < kUnitCols; ++c) {
      for (unsigned j = 0; j < n_vectors_; ++j) {
        if (is_wide_weight)
          e_.load(column(j), weights(j, c));
        else
          widen(column(j), weights(j, c / 2), c % 2 != 0);
      }
      for (unsigned t = 0; t < n_tokens_; ++t) add_column(t, c);
    }
    for (unsigned t = 0; t < n_tokens_; ++t)
      for (unsigned j = 0; j < n_vectors_; ++j) a_.vaddps(total(t, j), total(t, j), sum(t, j));
  }

  void add_column(unsigned t, unsigned c) {
    e_.repeat_float(x(),
                    asm86::dword_ptr(x_, static_cast<std::int32_t>(t * key_.x_row_bytes + c * 4)));
    for (unsigned j = 0; j < n_vectors_; ++j) {
      if (c == 0)
        a_.vmulps(sum(t, j), column(j), x());
      else
        a_.vfmadd231ps(sum(t, j), column(j), x());
    }
  }

  /// The even or the odd column of a pair, in f32.
  void widen(const Vec& to, const Mem& from, bool odd) {
    e_.load(to, from);
    if (key_.product == Product::kBf16) {
      if (odd)
        e_.bit_and(to, to, e_.constant(0xffff0000u));
      else
        a_.vpslld(to, to, 16);
      return;
    }
    if (odd) a_.vpsrld(to, to, 16);
    if (e_.is_wide()) {
      a_.vpmovdw(to.ymm(), to);
      a_.vcvtph2ps(to, to.ymm());
      return;
    }
    // The low halves of each 128 bits to their low 64, those side by side.
    constexpr std::uint8_t kLow[16] = {0,   1,   4,   5,   8,   9,   12,  13,
                                       128, 128, 128, 128, 128, 128, 128, 128};
    a_.vpshufb(to, to, e_.constant_bytes(kLow));
    a_.vpermq(to, to, 0x08);
    a_.vcvtph2ps(to, to.xmm());
  }

  void prefetch(unsigned tile) {
    for (unsigned at = 0; at < kUnitCols * column_bytes_; at += 64)
      a_.prefetcht0(asm86::ptr(weights_, static_cast<std::int32_t>(tile * key_.layout->tile_bytes +
                                                                   at + key_.prefetch_bytes)));
  }

  void write_out() {
    for (unsigned t = 0; t < n_tokens_; ++t) {
      for (unsigned j = 0; j < n_vectors_; ++j)
        e_.store(asm86::ptr(y_, static_cast<std::int32_t>(j * e_.bytes())), total(t, j));
      if (t + 1 < n_tokens_) a_.add(y_, y_stride_);
    }
    a_.vzeroupper();
    a_.ret();
  }

  // The arguments of MatmulCode.
  static constexpr Gp weights_ = asm86::rdi, x_ = asm86::rsi, y_ = asm86::rdx,
                      y_stride_ = asm86::rcx, n_units_ = asm86::rax;

  const MatmulKey& key_;
  Assembler e_;
  asm86::Assembler& a_;
  unsigned n_tokens_, n_vectors_, temp_, column_bytes_;
};

}  // namespace

std::vector<std::uint8_t> make_float_product(const MatmulKey& key) {
  return FloatProduct(key).make();
}

}  // namespace wick::cpu::jit::x86

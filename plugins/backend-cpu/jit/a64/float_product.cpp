// Registers: four columns of each token's activations, an odd column of the weights, an even one,
// four for the way to them, then the sums of a unit of 32 columns of every token and row vector.
// Two levels of sums keep chains short, and so errors small: 32 columns, then units. Totals stay in
// y, which leaves room for four tokens: a unit adds to them once.
#include "jit/a64/float_product.h"

#include "jit/a64/assembler.h"

namespace wick::cpu::jit::a64 {
namespace {

constexpr unsigned kVectors = kTileRows / Assembler::kLanes;
constexpr unsigned kLineBytes = 64;  // a column of f32, or two of 16 bits side by side

class FloatProduct {
 public:
  explicit FloatProduct(const MatmulKey& key)
      : key_(key),
        a_(e_.raw()),
        n_tokens_(key.shape.n_tokens),
        line_columns_(key.product == Product::kF32 ? 1 : 2) {}

  std::vector<std::uint8_t> make() {
    start();
    const asmjit::Label units = a_.newLabel();
    a_.mov(n_units_, key_.n_units);
    a_.bind(units);
    for (unsigned c = 0; c < kUnitCols; c += line_columns_) line(c);
    end_unit();
    a_.sub(n_units_, n_units_, 1);
    a_.cbnz(n_units_, units);
    e_.leave();
    return e_.finish();
  }

 private:
  static Vec x(unsigned t) { return Assembler::vec(t); }
  static Vec odd(unsigned j) { return Assembler::vec(4 + j); }
  static Vec even(unsigned j) { return Assembler::vec(8 + j); }
  static Vec part(unsigned j) { return Assembler::vec(12 + j); }
  static Vec sum(unsigned t, unsigned j) { return Assembler::vec(16 + t * kVectors + j); }
  static Vec high_halves() { return part(0); }  // bf16
  Gp row(unsigned t) const { return Gp(asm64::GpX(4 + t)); }
  static Mem of_vector(const Gp& y, unsigned j) {
    return asm64::ptr(y, static_cast<std::int32_t>(j * 16));
  }

  void start() {
    e_.enter();
    if (key_.product == Product::kBf16) e_.repeat(high_halves(), 0xffff0000u);
    a_.mov(row(0), x_);
    for (unsigned t = 1; t < n_tokens_; ++t) {
      a_.mov(row(t), row(t - 1));
      e_.advance(row(t), key_.x_row_bytes);
    }
    e_.clear(sum(0, 0));
    a_.mov(y_at_, y_);
    for (unsigned t = 0; t < n_tokens_; ++t) {
      for (unsigned j = 0; j < kVectors; ++j) a_.str(sum(0, 0), of_vector(y_at_, j));
      a_.add(y_at_, y_at_, y_stride_);
    }
  }

  /// The columns of a line, from column c of the unit on.
  void line(unsigned c) {
    const unsigned at = c / line_columns_ * kLineBytes;
    if (key_.prefetch_bytes) e_.prefetch(weights_, at + key_.prefetch_bytes);
    if (c % Assembler::kLanes == 0)
      for (unsigned t = 0; t < n_tokens_; ++t) e_.load(x(t), row(t), c * 4);
    const bool is_wide_weight = key_.product == Product::kF32;
    // A line of f32 is an even column or an odd one, so that it need not wait for the other's sums.
    for (unsigned j = 0; j < kVectors; ++j)
      e_.load(is_wide_weight && c % 2 == 0 ? even(j) : odd(j), weights_, at + j * 16);
    if (key_.product == Product::kF16) widen_f16();
    if (key_.product == Product::kBf16) widen_bf16();
    for (unsigned i = c; i < c + line_columns_; ++i) add_column(i);
  }

  void add_column(unsigned c) {
    for (unsigned j = 0; j < kVectors; ++j) {
      const Vec column = c % 2 == 0 ? even(j) : odd(j);
      for (unsigned t = 0; t < n_tokens_; ++t) {
        const Vec factor = x(t).s(c % Assembler::kLanes);
        if (c == 0)
          a_.fmul(sum(t, j).s4(), column.s4(), factor);
        else
          a_.fmla(sum(t, j).s4(), column.s4(), factor);
      }
    }
  }

  /// Pairs of columns, in `odd`, to `even` and `odd`: sorted, 8 rows of one column to a register.
  void widen_f16() {
    for (unsigned j = 0; j < kVectors; j += 2) {
      a_.uzp1(part(j).h8(), odd(j).h8(), odd(j + 1).h8());
      a_.uzp2(part(j + 1).h8(), odd(j).h8(), odd(j + 1).h8());
      a_.fcvtl(even(j).s4(), part(j).h4());
      a_.fcvtl2(even(j + 1).s4(), part(j).h8());
      a_.fcvtl(odd(j).s4(), part(j + 1).h4());
      a_.fcvtl2(odd(j + 1).s4(), part(j + 1).h8());
    }
  }

  void widen_bf16() {
    for (unsigned j = 0; j < kVectors; ++j) {
      a_.shl(even(j).s4(), odd(j).s4(), 16);
      a_.and_(odd(j).b16(), odd(j).b16(), high_halves().b16());
    }
  }

  void end_unit() {
    e_.advance(weights_, kUnitCols / line_columns_ * kLineBytes);
    a_.mov(y_at_, y_);
    for (unsigned t = 0; t < n_tokens_; ++t) {
      e_.advance(row(t), kUnitCols * 4);
      for (unsigned j = 0; j < kVectors; ++j) a_.ldr(even(j), of_vector(y_at_, j));
      for (unsigned j = 0; j < kVectors; ++j) {
        a_.fadd(even(j).s4(), even(j).s4(), sum(t, j).s4());
        a_.str(even(j), of_vector(y_at_, j));
      }
      a_.add(y_at_, y_at_, y_stride_);
    }
  }

  // The arguments of MatmulCode, then what is walked; x4 to x7 are rows of activations.
  static constexpr Gp weights_ = asm64::x0, x_ = asm64::x1, y_ = asm64::x2, y_stride_ = asm64::x3,
                      n_units_ = asm64::x8, y_at_ = asm64::x9;

  const MatmulKey& key_;
  Assembler e_;
  asm64::Assembler& a_;
  unsigned n_tokens_, line_columns_;
};

}  // namespace

std::vector<std::uint8_t> make_float_product(const MatmulKey& key) {
  return FloatProduct(key).make();
}

}  // namespace wick::cpu::jit::a64

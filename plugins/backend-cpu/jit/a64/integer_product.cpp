// Registers: integer sums of every row of activations and row vector, then 16 columns of each row
// of activations, then eight for codes while they are multiplied and for scales and mins behind a
// group, then those of the reader. Totals stay in y, which leaves room for four tokens: a group
// adds to them once.
#include "jit/a64/integer_product.h"

#include <algorithm>

#include "jit/a64/code_parts.h"

namespace wick::cpu::jit::a64 {
namespace {

constexpr unsigned kVectors = kTileRows / Assembler::kLanes;
constexpr unsigned kMostRows = 4;
constexpr unsigned kQuarter = 4;  // basic vectors that 16 columns of activations meet

Mac mac_of(const MatmulKey& key, unsigned n_rows) noexcept {
  if (key.isa == Isa::kI8mm && n_rows > 1) return Mac::kMatrix;
  return key.isa == Isa::kNeon ? Mac::kWords : Mac::kDot;
}

/// Basic vectors whose products sum up in 16 bits, with those of the column beside.
unsigned steps_of(const Layout& layout) noexcept {
  if (layout.has_table) return 1;  // 128 * 127 * 2 < 2^15
  const unsigned bits = layout.packed.plane_bits + layout.packed.high_bits;
  return bits <= 5 ? 4 : bits == 6 ? 2 : 1;  // 31 * 127 * 8, 63 * 127 * 4
}

class IntegerProduct {
 public:
  explicit IntegerProduct(const MatmulKey& key)
      : key_(key),
        p_(key.layout->packed),
        a_(e_.raw()),
        n_rows_(key.shape.n_tokens * key.input.n_terms),
        mac_(mac_of(key, n_rows_)),
        n_sums_(mac_ == Mac::kMatrix ? (n_rows_ + 1) / 2 * 2 : n_rows_),
        reader_(e_, *key.layout, {chunk_, codes_, subs_}, {30, 29, 28}) {}

  std::vector<std::uint8_t> make() {
    start();
    const asmjit::Label chunks = a_.newLabel();
    a_.mov(n_chunks_, key_.n_units / p_.units_per_chunk);
    a_.bind(chunks);
    chunk();
    e_.advance(chunk_, p_.chunk_bytes);
    a_.sub(n_chunks_, n_chunks_, 1);
    a_.cbnz(n_chunks_, chunks);
    e_.leave();
    return e_.finish();
  }

 private:
  static Vec sum(unsigned t, unsigned j) { return Assembler::vec(t * kVectors + j); }
  static Vec x(unsigned t) { return Assembler::vec(kMostRows * kVectors + t); }
  static Vec part(unsigned i) { return Assembler::vec(kMostRows * (kVectors + 1) + i); }
  static Vec total() { return Assembler::vec(28); }
  static Vec free() { return Assembler::vec(29); }
  Gp row(unsigned t) const { return Gp(asm64::GpX(4 + t)); }

  void start() {
    e_.enter();
    a_.mov(row(0), x_);
    for (unsigned t = 1; t < n_rows_; ++t) {
      a_.mov(row(t), row(t - 1));
      e_.advance(row(t), key_.x_row_bytes);
    }
    a_.mov(values_, 0);
    a_.mov(scales_, scales_at(key_.n_units));
    a_.mov(sums_, sums_at(key_.n_units));
    reader_.start();
    e_.clear(total());
    a_.mov(at_, y_);
    for (unsigned t = 0; t < key_.shape.n_tokens; ++t) {
      for (unsigned j = 0; j < kVectors; ++j) a_.str(total(), of_vector(j));
      a_.add(at_, at_, y_stride_);
    }
  }

  void chunk() {
    const unsigned units = p_.halves == 2 ? 1 : p_.group_values / kUnitCols;
    const unsigned n_rounds = p_.units_per_chunk / units;
    a_.mov(codes_, chunk_);
    e_.advance(codes_, p_.codes_at);
    a_.mov(subs_, chunk_);
    e_.advance(subs_, p_.sub_scales_at);
    const asmjit::Label rounds = a_.newLabel();
    a_.mov(n_groups_, n_rounds);
    a_.bind(rounds);
    for (unsigned u = 0; u < units; ++u) unit(u);
    e_.advance(values_, units * kUnitCols);
    e_.advance(scales_, units * 4);
    e_.advance(sums_, units * p_.halves * 4);
    e_.advance(codes_, units * p_.unit_bytes);
    e_.advance(subs_, p_.halves * kTileRows);
    a_.sub(n_groups_, n_groups_, 1);
    a_.cbnz(n_groups_, rounds);
  }

  void unit(unsigned u) {
    const unsigned per_half = 8 / p_.halves;
    for (unsigned half = 0; half < p_.halves; ++half) {
      for (unsigned t = 0; t < n_sums_; ++t)
        for (unsigned j = 0; j < kVectors; ++j) e_.clear(sum(t, j));
      for (unsigned v = half * per_half; v < (half + 1) * per_half; v += kQuarter) quarter(u, v);
      if (mac_ == Mac::kMatrix) split_sums();
      end_group(u, half);
    }
  }

  void quarter(unsigned u, unsigned v) {
    for (unsigned t = 0; t < n_rows_; ++t) {
      a_.add(at_, row(t), values_);
      e_.load(x(t), at_, u * kUnitCols + v * 4);
    }
    if (mac_ == Mac::kWords) return add_words(u, v);
    if (mac_ == Mac::kDot) return add_dots(u, v);
    add_matrices(u, v);
  }

  void add_dots(unsigned u, unsigned first) {
    for (unsigned i = 0; i < kQuarter; ++i) {
      for (unsigned j = 0; j < kVectors; ++j) reader_.codes(j, u, first + i, part(j));
      for (unsigned t = 0; t < n_rows_; ++t)
        for (unsigned j = 0; j < kVectors; ++j) a_.sdot(sum(t, j).s4(), part(j).b16(), x(t).b4(i));
    }
  }

  /// Rows of two basic vectors become pairs of rows of 8 columns, rows of activations become pairs
  /// likewise; an odd last one is paired with itself.
  void add_matrices(unsigned u, unsigned first) {
    for (unsigned t = 0; t < n_rows_; t += 2) {
      const Vec other = t + 1 < n_rows_ ? x(t + 1) : x(t);
      a_.zip2(free().d2(), x(t).d2(), other.d2());
      a_.zip1(x(t).d2(), x(t).d2(), other.d2());
      a_.mov(x(t + 1).b16(), free().b16());
    }
    for (unsigned i = 0; i < kQuarter; i += 2) {
      for (unsigned j = 0; j < kVectors; ++j) {
        const Vec left = part(j % 2 * 4), right = part(j % 2 * 4 + 1), top = part(j % 2 * 4 + 2);
        reader_.codes(j, u, first + i, left);
        reader_.codes(j, u, first + i + 1, right);
        a_.zip1(top.s4(), left.s4(), right.s4());
        a_.zip2(right.s4(), left.s4(), right.s4());
        for (unsigned t = 0; t < n_rows_; t += 2) {
          a_.smmla(sum(t, j).s4(), top.b16(), x(t + i / 2).b16());
          a_.smmla(sum(t + 1, j).s4(), right.b16(), x(t + i / 2).b16());
        }
      }
    }
  }

  /// Sums of 2 rows by 2 tokens to sums of 4 rows for each token.
  void split_sums() {
    for (unsigned t = 0; t < n_sums_; t += 2) {
      for (unsigned j = 0; j < kVectors; ++j) {
        const Vec first = sum(t, j), second = sum(t + 1, j);
        a_.uzp1(free().s4(), first.s4(), second.s4());
        a_.uzp2(second.s4(), first.s4(), second.s4());
        a_.mov(first.b16(), free().b16());
      }
    }
  }

  void add_words(unsigned u, unsigned first) {
    const unsigned steps = steps_of(*key_.layout);
    for (unsigned j = 0; j < kVectors; ++j) {
      for (unsigned i = 0; i < kQuarter; ++i) {
        reader_.codes(j, u, first + i, total());
        for (unsigned t = 0; t < n_rows_; ++t) {
          a_.dup(free().s4(), x(t).s(i));
          add_products(t, total(), i % steps == 0);
        }
        if (i % steps != steps - 1) continue;
        for (unsigned t = 0; t < n_rows_; ++t) {
          a_.addp(part(2 * t).h8(), part(2 * t).h8(), part(2 * t + 1).h8());
          a_.sadalp(sum(t, j).s4(), part(2 * t).h8());
        }
      }
    }
  }

  /// Two registers of words of row t: of rows 0 and 1, 2 and 3.
  void add_products(unsigned t, const Vec& codes, bool is_first) {
    const Vec low = part(2 * t), high = part(2 * t + 1);
    if (is_first) {
      a_.smull(low.h8(), codes.b8(), free().b8());
      a_.smull2(high.h8(), codes.b16(), free().b16());
    } else {
      a_.smlal(low.h8(), codes.b8(), free().b8());
      a_.smlal2(high.h8(), codes.b16(), free().b16());
    }
  }

  void end_group(unsigned u, unsigned half) {
    const Sums sums = key_.input.sums;
    const Vec scale = x(0), offset = x(1);
    for (unsigned j = 0; j < kVectors; ++j) {
      reader_.scales(j, half, part(j));
      if (sums == Sums::kMin) reader_.mins(j, half, part(kVectors + j));
    }
    a_.mov(y_at_, y_);
    for (unsigned t = 0; t < n_rows_; ++t) {
      a_.add(at_, row(t), scales_);
      e_.load(scale, at_, u * 4, 4);
      if (sums != Sums::kNone) {
        a_.add(at_, row(t), sums_);
        e_.load(offset, at_, (u * p_.halves + half) * 4, 4);
      }
      if (sums == Sums::kOffset) a_.dup(offset.s4(), offset.s(0));
      for (unsigned j = 0; j < kVectors; ++j) add_to_total(t, j, scale, offset);
      if ((t + 1) % key_.input.n_terms == 0) a_.add(y_at_, y_at_, y_stride_);
    }
  }

  void add_to_total(unsigned t, unsigned j, const Vec& scale, const Vec& offset) {
    const Vec s = sum(t, j);
    const Mem y = asm64::ptr(y_at_, static_cast<std::int32_t>(j * 16));
    if (key_.input.sums == Sums::kOffset) a_.add(s.s4(), s.s4(), offset.s4());
    a_.scvtf(s.s4(), s.s4());
    a_.fmul(s.s4(), s.s4(), scale.s(0));
    a_.ldr(total(), y);
    a_.fmla(total().s4(), s.s4(), part(j).s4());
    if (key_.input.sums == Sums::kMin) a_.fmls(total().s4(), part(kVectors + j).s4(), offset.s(0));
    a_.str(total(), y);
  }

  Mem of_vector(unsigned j) const { return asm64::ptr(at_, static_cast<std::int32_t>(j * 16)); }

  // The arguments of MatmulCode, then what is walked; x4 to x7 are rows of activations.
  static constexpr Gp chunk_ = asm64::x0, x_ = asm64::x1, y_ = asm64::x2, y_stride_ = asm64::x3;
  static constexpr Gp codes_ = asm64::x8, subs_ = asm64::x9, n_chunks_ = asm64::x10,
                      n_groups_ = asm64::x11, at_ = asm64::x12, y_at_ = asm64::x13;
  // From a row's begin.
  static constexpr Gp values_ = asm64::x14, scales_ = asm64::x15, sums_ = asm64::x16;

  const MatmulKey& key_;
  const Packed& p_;
  Assembler e_;
  asm64::Assembler& a_;
  unsigned n_rows_;
  Mac mac_;
  unsigned n_sums_;  // rows whose sums are kept
  PackedReader reader_;
};

}  // namespace

std::vector<std::uint8_t> make_integer_product(const MatmulKey& key) {
  return IntegerProduct(key).make();
}

}  // namespace wick::cpu::jit::a64

// Registers: integer sums of every row of activations and row vector, f32 totals of every token and
// row vector, then the codes of each row vector, a value of the activations and one that is free. A
// row vector is one register of rows, those of a tile one after the other where registers are few.
#include "jit/x86/integer_product.h"

#include <algorithm>

#include "jit/x86/code_parts.h"

namespace wick::cpu::jit::x86 {
namespace {

/// Integers are summed over a group of columns without rounding, then scaled as a whole vector.
class IntegerProduct {
 public:
  explicit IntegerProduct(const MatmulKey& key)
      : key_(key),
        p_(key.layout->packed),
        e_(key.isa),
        a_(e_.raw()),
        mac_(mac_of(key.isa, *key.layout)),
        n_rows_(key.shape.n_tokens * key.input.n_terms),
        n_terms_(key.input.n_terms),
        n_all_vectors_(key.shape.n_tiles * kTileRows / e_.lanes()),
        n_vectors_(fits(n_all_vectors_) ? n_all_vectors_ : 1),
        temp_((n_rows_ + key.shape.n_tokens) * n_vectors_),
        reader_(e_, key, {chunk_, codes_, subs_},
                e_.n_registers() - PackedReader::kConstantRegisters) {}

  std::vector<std::uint8_t> make() {
    a_.push(asm86::rbx);
    a_.lea(scales_, asm86::ptr(x_, static_cast<std::int32_t>(scales_at(key_.n_units))));
    a_.lea(sums_, asm86::ptr(x_, static_cast<std::int32_t>(sums_at(key_.n_units))));
    reader_.start();
    for (first_ = 0; first_ < n_all_vectors_; first_ += n_vectors_) {
      if (first_ > 0) rewind();
      row_vectors();
    }
    a_.vzeroupper();
    a_.pop(asm86::rbx);
    a_.ret();
    return e_.finish();
  }

 private:
  Vec sum(unsigned t, unsigned j) const { return e_.vec(t * n_vectors_ + j); }
  /// Of the token that has row t of activations.
  Vec total(unsigned t, unsigned j) const {
    return e_.vec((n_rows_ + t / n_terms_) * n_vectors_ + j);
  }
  Vec part(unsigned j) const { return e_.vec(temp_ + j); }
  // Signed products need two parts even for one row vector.
  Vec x() const { return e_.vec(temp_ + std::max(n_vectors_, 2u)); }
  Vec free() const { return e_.vec(temp_ + std::max(n_vectors_, 2u) + 1); }
  Mem of_row(const Gp& base, unsigned t, std::uint64_t offset) const {
    return asm86::dword_ptr(base, static_cast<std::int32_t>(t * key_.x_row_bytes + offset));
  }

  /// Whether so many row vectors at once have registers.
  bool fits(unsigned n_vectors) const {
    const unsigned constants = e_.is_wide() ? PackedReader::kConstantRegisters : 0;
    return (n_rows_ + key_.shape.n_tokens) * n_vectors + std::max(n_vectors, 2u) + 2 <=
           e_.n_registers() - constants;
  }

  /// To the first column and token again, for the next row vectors.
  void rewind() {
    a_.sub(chunk_, static_cast<std::int32_t>(key_.n_units / p_.units_per_chunk * p_.chunk_bytes));
    advance(-static_cast<std::int32_t>(key_.n_units));
    for (unsigned t = 1; t < key_.shape.n_tokens; ++t) a_.sub(y_, y_stride_);
  }

  /// As many as fit, over all columns.
  void row_vectors() {
    for (unsigned t = 0; t < n_rows_; ++t)
      for (unsigned j = 0; j < n_vectors_; ++j) e_.clear(total(t, j));
    const asmjit::Label chunks = a_.newLabel();
    a_.mov(n_chunks_, static_cast<std::int32_t>(key_.n_units / p_.units_per_chunk));
    a_.bind(chunks);
    chunk();
    a_.add(chunk_, static_cast<std::int32_t>(p_.chunk_bytes));
    a_.dec(n_chunks_);
    a_.jnz(chunks);
    write_out();
  }

  void chunk() {
    const unsigned units = p_.halves == 2 ? 1 : p_.group_values / kUnitCols;
    const unsigned n_rounds = p_.units_per_chunk / units;
    a_.lea(codes_, asm86::ptr(chunk_, static_cast<std::int32_t>(p_.codes_at)));
    a_.lea(subs_, asm86::ptr(chunk_, static_cast<std::int32_t>(p_.sub_scales_at)));
    asmjit::Label rounds = a_.newLabel();
    if (n_rounds > 1) a_.mov(n_groups_, static_cast<std::int32_t>(n_rounds));
    a_.bind(rounds);
    for (unsigned u = 0; u < units; ++u) unit(u);
    advance(static_cast<std::int32_t>(units));
    if (n_rounds > 1) {
      a_.add(codes_, static_cast<std::int32_t>(units * p_.unit_bytes));
      a_.add(subs_, static_cast<std::int32_t>(p_.halves * kTileRows));
      a_.dec(n_groups_);
      a_.jnz(rounds);
    }
  }

  /// Of the activations, by so many units.
  void advance(std::int32_t units) {
    a_.add(x_, units * static_cast<std::int32_t>(kUnitCols));
    a_.add(scales_, units * 4);
    if (key_.input.sums != Sums::kNone)
      a_.add(sums_, units * static_cast<std::int32_t>(p_.halves * 4));
  }

  void unit(unsigned u) {
    const unsigned per_half = 8 / p_.halves;
    if (key_.prefetch_bytes)
      for (unsigned tile = 0; tile < key_.shape.n_tiles; ++tile)
        reader_.prefetch(tile, u, key_.prefetch_bytes);
    for (unsigned half = 0; half < p_.halves; ++half) {
      if (mac_ != Mac::kWords) begin_sums(u * p_.halves + half);
      for (unsigned v = half * per_half; v < (half + 1) * per_half; ++v)
        add_vector(u, v, v == half * per_half);
      if (mac_ == Mac::kWords) widen_sums(u * p_.halves + half);
      end_group(u, half);
    }
  }

  /// Integer sums start with what the zero point takes away.
  void begin_sums(unsigned group) {
    for (unsigned t = 0; t < n_rows_; ++t) {
      for (unsigned j = 0; j < n_vectors_; ++j) {
        if (key_.input.sums != Sums::kOffset)
          e_.clear(sum(t, j));
        else if (j == 0)
          e_.repeat(sum(t, j), of_row(sums_, t, group * 4));
        else
          e_.copy(sum(t, j), sum(t, 0));
      }
    }
  }

  /// Words of 16 bits to integers of 32.
  void widen_sums(unsigned group) {
    e_.load(part(0), e_.constant(0x00010001u));
    for (unsigned t = 0; t < n_rows_; ++t) {
      if (key_.input.sums == Sums::kOffset) e_.repeat(x(), of_row(sums_, t, group * 4));
      for (unsigned j = 0; j < n_vectors_; ++j) {
        a_.vpmaddwd(sum(t, j), sum(t, j), part(0));
        if (key_.input.sums == Sums::kOffset) a_.vpaddd(sum(t, j), sum(t, j), x());
      }
    }
  }

  void add_vector(unsigned u, unsigned v, bool is_first) {
    if (mac_ == Mac::kSigned) return add_signed(u, v, is_first);
    for (unsigned j = 0; j < n_vectors_; ++j) reader_.codes(first_ + j, u, v, part(j), free());
    for (unsigned t = 0; t < n_rows_; ++t) {
      e_.repeat(x(), of_row(x_, t, u * kUnitCols + v * 4));
      for (unsigned j = 0; j < n_vectors_; ++j) add_product(t, j, is_first);
    }
  }

  void add_product(unsigned t, unsigned j, bool is_first) {
    if (mac_ == Mac::kDot) return e_.dot_bytes(sum(t, j), part(j), x());
    if (mac_ == Mac::kWords && is_first) {
      a_.vpmaddubsw(sum(t, j), part(j), x());
      return;
    }
    a_.vpmaddubsw(free(), part(j), x());
    if (mac_ == Mac::kWords) {
      a_.vpaddw(sum(t, j), sum(t, j), free());
      return;
    }
    add_words(t, j, free(), e_.constant(0x00010001u), is_first);
  }

  /// Pairs of words; where nothing is to be added to, they are the group's first sum.
  void add_words(unsigned t, unsigned j, const Vec& words, const asmjit::Operand& ones,
                 bool is_first) {
    const bool is_sum = is_first && key_.input.sums != Sums::kOffset;
    a_.emit(asm86::Inst::kIdVpmaddwd, is_sum ? sum(t, j) : words, words, ones);
    if (!is_sum) a_.vpaddd(sum(t, j), sum(t, j), words);
  }

  /// |code| times the activation with the sign of the code: both fit what maddubs takes.
  void add_signed(unsigned u, unsigned v, bool is_first) {
    for (unsigned j = 0; j < n_vectors_; ++j) {
      reader_.codes(first_ + j, u, v, part(0), free());
      a_.vpabsb(part(1), part(0));
      if (e_.is_wide())
        a_.vpmovb2m(asm86::k1, part(0));
      else
        e_.load(free(), e_.constant(0x00010001u));
      for (unsigned t = 0; t < n_rows_; ++t) {
        e_.repeat(x(), of_row(x_, t, u * kUnitCols + v * 4));
        add_signed_product(t, j, is_first);
      }
    }
  }

  void add_signed_product(unsigned t, unsigned j, bool is_first) {
    if (!e_.is_wide()) {
      a_.vpsignb(x(), x(), part(0));
      a_.vpmaddubsw(x(), part(1), x());
      return add_words(t, j, x(), free(), is_first);
    }
    e_.clear(free());
    a_.k(asm86::k1).vpsubb(x(), free(), x());
    a_.vpmaddubsw(free(), part(1), x());
    add_words(t, j, free(), e_.constant(0x00010001u), is_first);
  }

  void end_group(unsigned u, unsigned half) {
    for (unsigned j = 0; j < n_vectors_; ++j) reader_.scales(first_ + j, half, part(j), free());
    for (unsigned t = 0; t < n_rows_; ++t) {
      e_.repeat_float(x(), of_row(scales_, t, u * 4));
      for (unsigned j = 0; j < n_vectors_; ++j) {
        a_.vcvtdq2ps(sum(t, j), sum(t, j));
        a_.vmulps(sum(t, j), sum(t, j), x());
        a_.vfmadd231ps(total(t, j), sum(t, j), part(j));
      }
    }
    if (key_.input.sums != Sums::kMin) return;
    for (unsigned j = 0; j < n_vectors_; ++j) reader_.mins(first_ + j, half, part(j), free());
    for (unsigned t = 0; t < n_rows_; ++t) {
      e_.repeat_float(x(), of_row(sums_, t, (u * p_.halves + half) * 4));
      for (unsigned j = 0; j < n_vectors_; ++j) a_.vfnmadd231ps(total(t, j), x(), part(j));
    }
  }

  void write_out() {
    for (unsigned t = 0; t < n_rows_; t += n_terms_) {
      for (unsigned j = 0; j < n_vectors_; ++j) {
        e_.store(asm86::ptr(y_, static_cast<std::int32_t>((first_ + j) * e_.bytes())), total(t, j));
      }
      if (t + n_terms_ < n_rows_) a_.add(y_, y_stride_);
    }
  }

  // The arguments of MatmulCode, then what is walked.
  static constexpr Gp chunk_ = asm86::rdi, x_ = asm86::rsi, y_ = asm86::rdx, y_stride_ = asm86::rcx;
  static constexpr Gp codes_ = asm86::r8, subs_ = asm86::r9, scales_ = asm86::r10,
                      sums_ = asm86::r11, n_chunks_ = asm86::rax, n_groups_ = asm86::rbx;

  const MatmulKey& key_;
  const Packed& p_;
  Assembler e_;
  asm86::Assembler& a_;
  Mac mac_;
  unsigned n_rows_, n_terms_, n_all_vectors_, n_vectors_, temp_, first_ = 0;
  PackedReader reader_;
};

}  // namespace

std::vector<std::uint8_t> make_integer_product(const MatmulKey& key) {
  return IntegerProduct(key).make();
}

}  // namespace wick::cpu::jit::x86

// A basic vector is a row of a tile register, so codes of 4 bits and less are only widened. That is
// done once for all tokens: a block of columns of the weight lies in the first-level cache as bytes
// and f32 scales, then each 16 tokens pass over it with their f32 totals in registers.
#include "jit/x86/tile_product.h"

#include <algorithm>

#include "jit/x86/code_parts.h"

namespace wick::cpu::jit::x86 {
namespace {

constexpr unsigned kBlockUnits = 16;  // columns that are widened at once: 8 KiB of codes
constexpr unsigned kLine = 64, kUnitBytes = kTileRows * kUnitCols;
// Tiles of sums, and places for them in memory: each group has the next. A group's sums are begun
// and stored so many groups before they are scaled: nothing else hides how long both take.
constexpr unsigned kRing = 4, kBegunAhead = 3, kStoredAhead = 1;

class TileProduct {
 public:
  explicit TileProduct(const MatmulKey& key)
      : key_(key),
        p_(key.layout->packed),
        e_(key.isa),
        a_(e_.raw()),
        has_min_(key.input.sums == Sums::kMin),
        has_zero_(key.input.sums == Sums::kOffset),
        group_vectors_(8 / p_.halves),
        scale_bytes_(has_min_ ? 2 * kLine : kLine),
        n_chunks_(static_cast<unsigned>(key.n_units / p_.units_per_chunk)),
        block_chunks_(std::min(n_chunks_, std::max(1u, kBlockUnits / p_.units_per_chunk))),
        at_scales_(kCodes + block_chunks_ * p_.units_per_chunk * kUnitBytes),
        at_totals_(at_scales_ + block_chunks_ * p_.units_per_chunk * p_.halves * scale_bytes_),
        slots_(at_totals_ + key.shape.n_tokens * kLine),
        reader_(e_, key, {chunk_, codes_, subs_},
                e_.n_registers() - PackedReader::kConstantRegisters) {}

  std::vector<std::uint8_t> make() {
    start();
    const asmjit::Label blocks = a_.newLabel();
    a_.mov(slot(kBlocksLeft), static_cast<std::int32_t>(n_chunks_ / block_chunks_));
    a_.bind(blocks);
    add_block(block_chunks_);
    a_.dec(slot(kBlocksLeft));
    a_.jnz(blocks);
    if (n_chunks_ % block_chunks_ != 0) add_block(n_chunks_ % block_chunks_);
    write_out();
    leave();
    return e_.finish();
  }

 private:
  enum Slot { kStack, kBlocksLeft, kTilesLeft, kSlots };

  Vec total(unsigned t) const { return asm86::zmm(t); }
  Vec temp(unsigned i) const { return asm86::zmm(16 + i % 8); }
  Vec scale() const { return asm86::zmm(24); }
  Vec min() const { return asm86::zmm(25); }
  Vec zero() const { return asm86::zmm(26); }
  Mem slot(Slot which) const {
    return asm86::qword_ptr(asm86::rsp, static_cast<std::int32_t>(slots_ + which * 8));
  }
  Mem of_block(std::uint64_t offset) const {
    return asm86::ptr(asm86::rsp, static_cast<std::int32_t>(offset));
  }
  /// The same f32 for all rows: of token t.
  Mem of_token(const Gp& base, unsigned t, unsigned offset) const {
    Mem m = asm86::dword_ptr(base, static_cast<std::int32_t>(t * key_.x_row_bytes + offset));
    m.setBroadcast(Mem::Broadcast::k1To16);
    return m;
  }

  /// Sums of 16 tokens by 16 rows; a group of 16 tokens; a group of 16 rows, 4 columns in a row.
  Mem tile_shapes() {
    std::array<std::uint8_t, kLine> shapes{};
    const auto set = [&](unsigned tile, unsigned n_rows, unsigned row_bytes) {
      shapes[16 + 2 * tile] = static_cast<std::uint8_t>(row_bytes);
      shapes[48 + tile] = static_cast<std::uint8_t>(n_rows);
    };
    shapes[0] = 1;
    for (unsigned i = 0; i < kRing; ++i) set(i, kTileTokens, kLine);
    set(kRing, kTileTokens, group_vectors_ * 4);
    set(kRing + 1, group_vectors_, kLine);
    return e_.constant_line(shapes);
  }

  void start() {
    for (const Gp& saved : kSaved) a_.push(saved);
    a_.mov(asm86::rax, asm86::rsp);
    a_.sub(asm86::rsp, static_cast<std::int32_t>(slots_ + kSlots * 8 + kLine));
    a_.and_(asm86::rsp, -static_cast<std::int32_t>(kLine));
    a_.mov(slot(kStack), asm86::rax);
    a_.ldtilecfg(tile_shapes());
    a_.lea(scales_, asm86::ptr(x_, static_cast<std::int32_t>(scales_at(key_.n_units))));
    a_.lea(sums_, asm86::ptr(x_, static_cast<std::int32_t>(sums_at(key_.n_units))));
    a_.mov(x_step_, static_cast<std::int32_t>(key_.x_row_bytes));
    a_.mov(line_, static_cast<std::int32_t>(kLine));
    reader_.start();
    if (has_zero_)
      e_.load(zero(), e_.constant(0x01010101u * static_cast<std::uint8_t>(key_.input.zero_point)));
    e_.clear(total(0));
    for (unsigned t = 0; t < key_.shape.n_tokens; ++t)
      e_.store(of_block(at_totals_ + t * kLine), total(0));
  }

  void add_block(unsigned n_chunks) {
    widen(n_chunks);
    const unsigned n_units = n_chunks * p_.units_per_chunk;
    const asmjit::Label tiles = a_.newLabel();
    a_.mov(slot(kTilesLeft), static_cast<std::int32_t>(key_.shape.n_tokens / kTileTokens));
    a_.mov(at_x_, x_);
    a_.mov(x_scales_, scales_);
    if (has_min_) a_.mov(x_sums_, sums_);
    a_.lea(totals_, of_block(at_totals_));
    a_.bind(tiles);
    multiply(n_units * p_.halves);
    const auto tile_bytes = static_cast<std::int32_t>(kTileTokens * key_.x_row_bytes);
    a_.add(at_x_, tile_bytes);
    a_.add(x_scales_, tile_bytes);
    if (has_min_) a_.add(x_sums_, tile_bytes);
    a_.add(totals_, static_cast<std::int32_t>(kTileTokens * kLine));
    a_.dec(slot(kTilesLeft));
    a_.jnz(tiles);
    a_.add(x_, static_cast<std::int32_t>(n_units * kUnitCols));
    a_.add(scales_, static_cast<std::int32_t>(n_units * 4));
    if (has_min_) a_.add(sums_, static_cast<std::int32_t>(n_units * p_.halves * 4));
  }

  void widen(unsigned n_chunks) {
    const unsigned units = p_.halves == 2 ? 1 : p_.group_values / kUnitCols;
    const asmjit::Label chunks = a_.newLabel(), rounds = a_.newLabel();
    a_.mov(n_chunks_left_, static_cast<std::int32_t>(n_chunks));
    a_.lea(to_codes_, of_block(kCodes));
    a_.lea(to_scales_, of_block(at_scales_));
    a_.bind(chunks);
    a_.lea(codes_, asm86::ptr(chunk_, static_cast<std::int32_t>(p_.codes_at)));
    a_.lea(subs_, asm86::ptr(chunk_, static_cast<std::int32_t>(p_.sub_scales_at)));
    a_.mov(n_rounds_, static_cast<std::int32_t>(p_.units_per_chunk / units));
    a_.bind(rounds);
    for (unsigned u = 0; u < units; ++u) widen_unit(u);
    a_.add(codes_, static_cast<std::int32_t>(units * p_.unit_bytes));
    a_.add(subs_, static_cast<std::int32_t>(p_.halves * kTileRows));
    a_.dec(n_rounds_);
    a_.jnz(rounds);
    a_.add(chunk_, static_cast<std::int32_t>(p_.chunk_bytes));
    a_.dec(n_chunks_left_);
    a_.jnz(chunks);
  }

  /// Codes as they are multiplied, less their zero point: as exact as taking it off the sums.
  void widen_unit(unsigned u) {
    for (unsigned v = 0; v < 8; ++v) {
      reader_.codes(0, u, v, temp(2 * v), temp(2 * v + 1));
      if (has_zero_) a_.vpsubb(temp(2 * v), temp(2 * v), zero());
      e_.store(asm86::ptr(to_codes_, static_cast<std::int32_t>(v * kLine)), temp(2 * v));
    }
    for (unsigned half = 0; half < p_.halves; ++half) {
      const auto at = static_cast<std::int32_t>(half * scale_bytes_);
      reader_.scales(0, half, temp(0), temp(1));
      e_.store(asm86::ptr(to_scales_, at), temp(0));
      if (!has_min_) continue;
      reader_.mins(0, half, temp(2), temp(3));
      e_.store(asm86::ptr(to_scales_, at + static_cast<std::int32_t>(kLine)), temp(2));
    }
    a_.add(to_codes_, static_cast<std::int32_t>(kUnitBytes));
    a_.add(to_scales_, static_cast<std::int32_t>(p_.halves * scale_bytes_));
  }

  /// 16 tokens over the block.
  void multiply(unsigned n_groups) {
    for (unsigned t = 0; t < kTileTokens; ++t) e_.load(total(t), of_totals(t));
    for (unsigned g = 0; g < std::min(n_groups, kBegunAhead); ++g) begin_sums(g);
    for (unsigned g = 0; g < std::min(n_groups, kStoredAhead); ++g) store_sums(g);
    for (unsigned g = 0; g < n_groups; ++g) {
      if (g + kStoredAhead < n_groups) store_sums(g + kStoredAhead);
      if (g + kBegunAhead < n_groups) begin_sums(g + kBegunAhead);
      if (g % p_.halves == 0) ask_for_next(g / p_.halves);
      add_group(g);
    }
    for (unsigned t = 0; t < kTileTokens; ++t) e_.store(of_totals(t), total(t));
  }
  /// The same columns of the next 16 tokens: of half of them a line, two units long.
  void ask_for_next(unsigned unit) {
    for (unsigned t = unit % 2; t < kTileTokens; t += 2)
      a_.prefetcht0(asm86::ptr(
          at_x_,
          static_cast<std::int32_t>((kTileTokens + t) * key_.x_row_bytes + unit / 2 * kLine)));
  }
  Mem of_totals(unsigned t) const {
    return asm86::ptr(totals_, static_cast<std::int32_t>(t * kLine));
  }

  /// Codes less a zero point have a sign, others have none.
  void begin_sums(unsigned group) {
    const asm86::Tmm sums = asm86::tmm(group % kRing), x = asm86::tmm(kRing),
                     codes = asm86::tmm(kRing + 1);
    a_.tilezero(sums);
    a_.tileloadd(
        x, asm86::ptr(at_x_, x_step_, 0, static_cast<std::int32_t>(group * group_vectors_ * 4)));
    a_.tileloadd(codes,
                 asm86::ptr(asm86::rsp, line_, 0,
                            static_cast<std::int32_t>(kCodes + group * group_vectors_ * kLine)));
    if (has_zero_)
      a_.tdpbssd(sums, x, codes);
    else
      a_.tdpbsud(sums, x, codes);
  }
  void store_sums(unsigned group) {
    const unsigned at = group % kRing;
    a_.tilestored(asm86::ptr(asm86::rsp, line_, 0, static_cast<std::int32_t>(at * kSumsBytes)),
                  asm86::tmm(at));
  }

  /// The operations of IntegerProduct, in its order.
  void add_group(unsigned group) {
    const unsigned sums = group % kRing * kSumsBytes, scales = at_scales_ + group * scale_bytes_;
    e_.load(scale(), of_block(scales));
    if (has_min_) e_.load(min(), of_block(scales + kLine));
    for (unsigned t = 0; t < kTileTokens; ++t) {
      a_.vcvtdq2ps(temp(t), of_block(sums + t * kLine));
      a_.vmulps(temp(t), temp(t), of_token(x_scales_, t, group / p_.halves * 4));
      a_.vfmadd231ps(total(t), temp(t), scale());
      if (has_min_) a_.vfnmadd231ps(total(t), min(), of_token(x_sums_, t, group * 4));
    }
  }

  void write_out() {
    for (unsigned t = 0; t < key_.shape.n_tokens; ++t) {
      e_.load(temp(t), of_block(at_totals_ + t * kLine));
      e_.store(asm86::ptr(y_), temp(t));
      a_.add(y_, y_stride_);
    }
  }

  void leave() {
    a_.tilerelease();
    a_.vzeroupper();
    a_.mov(asm86::rsp, slot(kStack));
    for (unsigned i = std::size(kSaved); i-- > 0;) a_.pop(kSaved[i]);
    a_.ret();
  }

  // The arguments of MatmulCode, then what is walked.
  static constexpr Gp chunk_ = asm86::rdi, x_ = asm86::rsi, y_ = asm86::rdx, y_stride_ = asm86::rcx;
  static constexpr Gp scales_ = asm86::r10, sums_ = asm86::r11;
  static constexpr Gp x_step_ = asm86::rbx, line_ = asm86::rbp;
  // While a block is widened.
  static constexpr Gp codes_ = asm86::r8, subs_ = asm86::r9, to_codes_ = asm86::r12,
                      to_scales_ = asm86::r13, n_chunks_left_ = asm86::rax, n_rounds_ = asm86::r14;
  // While it is multiplied: of 16 tokens.
  static constexpr Gp at_x_ = asm86::r8, x_scales_ = asm86::r9, x_sums_ = asm86::r12,
                      totals_ = asm86::r13;
  static constexpr Gp kSaved[] = {asm86::rbx, asm86::rbp, asm86::r12, asm86::r13, asm86::r14};
  // On the stack: sums of groups, then the block's codes, its scales and mins, totals of all
  // tokens, and slots.
  static constexpr unsigned kSumsBytes = kTileTokens * kLine, kCodes = kRing * kSumsBytes;

  const MatmulKey& key_;
  const Packed& p_;
  Assembler e_;
  asm86::Assembler& a_;
  bool has_min_, has_zero_;
  unsigned group_vectors_, scale_bytes_, n_chunks_, block_chunks_, at_scales_, at_totals_, slots_;
  PackedReader reader_;
};

}  // namespace

std::vector<std::uint8_t> make_tile_product(const MatmulKey& key) {
  return TileProduct(key).make();
}

}  // namespace wick::cpu::jit::x86

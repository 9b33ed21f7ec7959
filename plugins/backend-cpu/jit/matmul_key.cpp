// See matmul_key.h.
#include "jit/matmul_key.h"

#include <sstream>

namespace wick::cpu::jit {
namespace {

constexpr char kSumLetters[] = {'n', 'o', 'm'};
constexpr std::string_view kProducts[] = {"", "f32", "f16", "bf16"};

/// FNV-1a over the table's integers: tables of one shape differ.
std::uint32_t table_hash(const Layout& layout) {
  std::uint32_t hash = 2166136261u;
  for (unsigned i = 0; i < 16; ++i)
    hash = (hash ^ static_cast<std::uint16_t>(layout.integers[i])) * 16777619u;
  return hash;
}

void describe_class(std::ostringstream& out, const Layout& layout) {
  const Packed& p = layout.packed;
  out << 'u' << p.plane_bits + p.high_bits << 'g' << p.group_values << 's' << p.super_values << '.'
      << "scale" << p.scale_type;
  if (p.has_sub_scale) out << "sub" << p.sub_scale_low;
  if (p.has_min) out << "min";
  if (p.has_sub_min) out << (p.shares_byte ? "shared" : "sub") << p.sub_min_low;
  if (p.integer_scale != 1.0f) out << "x" << p.integer_scale;
  if (layout.has_table) out << "table" << std::hex << table_hash(layout) << std::dec;
}

}  // namespace

std::string describe(const MatmulKey& key) {
  std::ostringstream out;
  out << "matmul.";
  if (key.product == Product::kInteger) {
    describe_class(out, *key.layout);
    out << ".x" << kSumLetters[static_cast<unsigned>(key.input.sums)] << key.input.sum_cols;
    if (key.input.n_terms > 1) out << "terms" << key.input.n_terms;
  } else {
    out << kProducts[static_cast<unsigned>(key.product)];
  }
  out << '.' << name_of(key.isa) << ".rows" << key.shape.n_tiles * kTileRows << ".tokens"
      << key.shape.n_tokens << ".cols" << key.n_units * kUnitCols;
  if (key.prefetch_bytes) out << ".ahead" << key.prefetch_bytes;
  return out.str();
}

}  // namespace wick::cpu::jit

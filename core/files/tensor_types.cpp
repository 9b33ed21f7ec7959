// The plain types, in one table.
#include "files/tensor_types.h"

namespace wick {
namespace {

struct PlainRow {
  PlainType type;
  const char* name;
  std::uint64_t n_bytes;
};

constexpr PlainRow kPlainTypes[] = {
    {PlainType::kF32, "F32", 4}, {PlainType::kF16, "F16", 2},   {PlainType::kI8, "I8", 1},
    {PlainType::kI16, "I16", 2}, {PlainType::kI32, "I32", 4},   {PlainType::kI64, "I64", 8},
    {PlainType::kF64, "F64", 8}, {PlainType::kBF16, "BF16", 2},
};

class NoFormats final : public TypeLayouts {
 public:
  std::optional<TypeLayout> find(std::uint32_t) const override { return std::nullopt; }
};

}  // namespace

const TypeLayouts& no_formats() {
  static const NoFormats none;
  return none;
}

std::optional<TypeLayout> plain_type_layout(std::uint32_t type_id) {
  for (const PlainRow& row : kPlainTypes)
    if (static_cast<std::uint32_t>(row.type) == type_id)
      return TypeLayout{row.name, 1, row.n_bytes};
  return std::nullopt;
}

std::optional<PlainType> plain_type_named(std::string_view name) {
  for (const PlainRow& row : kPlainTypes)
    if (row.name == name) return row.type;
  return std::nullopt;
}

}  // namespace wick

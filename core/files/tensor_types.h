// How many bytes the values of a tensor type take. Knows the plain types; the formats of plugins
// come in from outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wick {

/// Rows are whole blocks of `block_values` values, each `block_bytes` long.
struct TypeLayout {
  std::string name;  ///< `F16`, or for a type of the file's own the full `org.wick.nf4@1`
  std::uint64_t block_values = 0;
  std::uint64_t block_bytes = 0;
};

/// The formats somebody offers, by GGUF type id. Asked while a file is opened, from that thread.
class TypeLayouts {
 public:
  virtual ~TypeLayouts() = default;
  /// Nothing for an id that is not known. Plain and file-local ids are never asked for.
  virtual std::optional<TypeLayout> find(std::uint32_t type_id) const = 0;
};

/// Knows no format: enough for metadata, and for files of plain types.
const TypeLayouts& no_formats();

/// GGUF ids of the types that are plain numbers.
enum class PlainType : std::uint32_t {
  kF32 = 0,
  kF16 = 1,
  kI8 = 24,
  kI16 = 25,
  kI32 = 26,
  kI64 = 27,
  kF64 = 28,
  kBF16 = 30,
};

/// Ids from here on are bound by the arrays `wick.tensor_type.*` of the file that uses them.
inline constexpr std::uint32_t kFirstLocalTypeId = 0x10000;

std::optional<TypeLayout> plain_type_layout(std::uint32_t type_id);
/// By the upper case name, `BF16`.
std::optional<PlainType> plain_type_named(std::string_view name);

}  // namespace wick

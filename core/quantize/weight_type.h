// How the values of a tensor are stored: a plain type, or a format of a plugin. Decodes and encodes
// rows.
#pragma once

#include <wick/abi/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "files/tensor_types.h"
#include "plugins/provider.h"

namespace wick {

class Registry;

struct WeightType {
  std::uint32_t id = 0;  ///< in GGUF; of a type without a number of its own only what a file chose
  TypeLayout layout;
  Provider format{};                      ///< of types that are not plain
  const wick_format_v1* table = nullptr;  ///< null: plain

  /// The same blocks: by name, since files number local types as they like.
  bool is_same(const WeightType& other) const noexcept { return layout.name == other.layout.name; }
  bool divides(std::uint64_t n_values) const noexcept {
    return n_values % layout.block_values == 0;
  }
  std::uint64_t bytes(std::uint64_t n_values) const noexcept {
    return n_values / layout.block_values * layout.block_bytes;
  }
  /// Whole blocks. Safe from any thread.
  void decode(const std::byte* from, std::uint64_t n_values, float* values) const;
  /// `importance` weighs the squared error of each value; null: all the same. Errors: the format's,
  /// for values that it cannot hold.
  void encode(const float* values, const float* importance, std::uint64_t n_values,
              std::byte* to) const;
};

WeightType plain_weight_type(PlainType type);

/// The type of a tensor of a file: plain, or by its id or its name. Errors: kUnavailable.
WeightType stored_weight_type(Registry& registry, std::uint32_t id, const std::string& name);

/// In any case.
bool same_type_name(std::string_view a, std::string_view b);

/// `nf4` of `org.wick.nf4@1`; nothing of ids that are no vendor's.
std::string_view short_type_name(std::string_view id);

/// Whether there is a plain type or an offered format of that name, or short name. Errors: kUsage.
bool has_weight_type(Registry& registry, const std::string& name, const std::string& subject);

/// A type to read or write, by name, as target_weight_type.
WeightType named_weight_type(Registry& registry, const std::string& name,
                             const std::string& subject);

/// A type to write, by name, in any case: F32, F16, BF16, or a format that is installed and can
/// encode; `nf4` is short for `org.wick.nf4@1` where no other vendor has one. `subject`, then the
/// name, opens sentences. Errors: kUnavailable, with a list of those that are there; kUsage where a
/// short name is not one format's.
WeightType target_weight_type(Registry& registry, const std::string& name,
                              const std::string& subject);

/// Those that need no plugin: "F32".
std::vector<std::string> plain_target_names();

/// "F32, F16, BF16, ..."; a format whose plugin does not load is none that is there.
std::string writable_types(Registry& registry);

}  // namespace wick

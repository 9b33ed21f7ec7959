// Who decides which type each tensor of the result gets: one type for all, a recipe, a budget.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "quantize/tensor_plan.h"

namespace wick {

class MetadataSource;

/// What a choice may look at besides the tensors. Lives as long as the call.
struct ChoiceInput {
  const std::set<std::string>& products;  ///< by name: the matrices that a type is chosen for
  const MetadataSource& metadata;         ///< of the result: ARCHITECTURE.block_count and the like
  std::string architecture;               ///< "general.architecture"
  bool has_importance = false;            ///< encoders get weights of importance
  /// Of the products, those whose type the user has set: they count, and keep it.
  std::set<std::string> settled = {};

  bool is_open(const std::string& name) const {
    return products.count(name) != 0 && settled.count(name) == 0;
  }
};

/// In GGUF. Where there is no output, the embedding is used in its place.
inline constexpr std::string_view kOutputName = "output.weight";
inline constexpr std::string_view kEmbeddingName = "token_embd.weight";

class TypeChoice {
 public:
  virtual ~TypeChoice() = default;
  /// What the report calls it.
  virtual std::string name() const = 0;
  /// general.file_type; nothing where no number says what the file is. Asked for after choose().
  virtual std::optional<std::uint32_t> file_type() const = 0;
  /// Sets `type` of the tensors that are products, such that rows are whole blocks of it; others
  /// keep the type that they have. Returns notes, a sentence each. Called once.
  virtual std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                          const ChoiceInput& input) = 0;
};

}  // namespace wick

// Who decides which type each tensor of the result gets: one type for all, a recipe, a budget.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "quantize/tensor_plan.h"

namespace wick {

class MetadataSource;
class Registry;

/// What a choice may look at besides the tensors. Lives as long as the call.
struct ChoiceInput {
  const std::set<std::string>& products;  ///< by name: the matrices that a type is chosen for
  const MetadataSource& metadata;         ///< of the result: ARCHITECTURE.block_count and the like
  std::string architecture;               ///< "general.architecture"
};

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

/// The named type for all, or F16 where rows are no whole blocks of it. Errors: as
/// target_weight_type().
std::unique_ptr<TypeChoice> single_type(Registry& registry, const std::string& name);

/// Each matrix in the type that it has, or F32 where that is F64: nothing is lost, and the file
/// runs.
std::unique_ptr<TypeChoice> stored_types();

}  // namespace wick

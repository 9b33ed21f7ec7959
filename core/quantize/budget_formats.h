// Which types a budget may choose from, as a user names them.
#pragma once

#include <string>
#include <vector>

#include "quantize/weight_type.h"

namespace wick {

class Registry;

class BudgetFormats {
 public:
  /// Each of `wanted` is a type to write; a pattern of such, where `*` stands for anything; "gguf":
  /// F16 and the formats with a number in GGUF, which any reader of such files may know; "all":
  /// those without one too, whose files are for this program alone. None: "gguf". The registry must
  /// outlive it. Errors: kUnavailable for a name or a pattern of nothing that can be written;
  /// kUsage where a short name is not one format's.
  BudgetFormats(Registry& registry, const std::vector<std::string>& wanted);

  /// Without repetition.
  const std::vector<WeightType>& types() const noexcept { return types_; }
  /// Whether a tensor may stay as it is in the source.
  bool takes(const WeightType& stored) const;

 private:
  void add(const WeightType& type);
  void add_matching(Registry& registry, const std::string& pattern);

  std::vector<WeightType> types_;
  bool takes_numbered_ = false, takes_all_ = false;
};

}  // namespace wick

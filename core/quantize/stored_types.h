// The choice that keeps what is there: a checkpoint as a file that runs, to compare others with.
#pragma once

#include "quantize/type_choice.h"

namespace wick {

/// Each matrix in the type that it has, or F32 where that is F64: nothing is lost.
class StoredTypes final : public TypeChoice {
 public:
  std::string name() const override { return "as stored"; }
  std::optional<std::uint32_t> file_type() const override { return std::nullopt; }
  std::vector<std::string> choose(std::vector<PlannedTensor>& plan,
                                  const ChoiceInput& input) override;
};

}  // namespace wick

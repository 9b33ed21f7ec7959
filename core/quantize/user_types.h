// Types of single tensors that a user sets, before another choice gives the rest theirs.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "quantize/fitting_types.h"
#include "quantize/type_choice.h"

namespace wick {

struct UserTypes {
  std::vector<std::pair<std::string, std::string>> tensors;  ///< pattern, type; the first counts
  std::string output, embedding;                             ///< empty: not set

  bool empty() const noexcept { return tensors.empty() && output.empty() && embedding.empty(); }
};

/// `rest` chooses for what is not set. A pattern is a regular expression that is found anywhere in
/// the names of matrices. The registry must outlive it. Errors: kUnavailable for a type that no
/// plugin can write; kUsage for a wrong pattern, and by choose() for one that no matrix's name
/// holds, and two types for one matrix that is embedding and output.
std::unique_ptr<TypeChoice> with_user_types(Registry& registry, const UserTypes& types,
                                            std::unique_ptr<TypeChoice> rest);

}  // namespace wick

// Importance as a GGUF file in the field's usual layout: general.type is "imatrix", and a tensor
// NAME has NAME.in_sum2 and NAME.counts. Not for its older layout, which is no GGUF.
#pragma once

#include <string>

#include "quantize/importance.h"

namespace wick {

/// Errors: kMissingFile; kBadFile for a file of another kind, sums and counts that do not go
/// together, or values that are not finite or negative.
Importance read_importance(const std::string& path);

/// The file appears whole or not at all. Errors: kIo.
void write_importance(const std::string& path, const Importance& importance);

}  // namespace wick

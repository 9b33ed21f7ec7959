// What options of a conversion cannot mean together. Not for names that do not exist: who looks
// them up says so.
#pragma once

namespace wick {

struct QuantizeOptions;

/// One type or target, of the right size; what goes with it. quantize() and plan_quantize() ask it.
/// Errors: kUsage.
void check_type_options(const QuantizeOptions& options);

}  // namespace wick

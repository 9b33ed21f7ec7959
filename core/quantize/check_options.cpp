// See check_options.h. Options have the names that the command line gives them.
#include "quantize/check_options.h"

#include <wick/error.h>

#include "quantize/quantizer.h"

namespace wick {
namespace {

constexpr double kLeastBits = 0.01, kMostBits = 64;

void check_target(const QuantizeOptions& options) {
  if (options.pure) fail(ErrorCode::kUsage, "quantize: --pure goes with --type, got a target");
  const double bits = options.target_bits.value_or(kLeastBits);
  if (!(bits >= kLeastBits && bits <= kMostBits))
    fail(ErrorCode::kUsage, "quantize: --target-bits: got ", bits, ", need ", kLeastBits, " to ",
         kMostBits);
  if (options.target_bytes == 0u)
    fail(ErrorCode::kUsage, "quantize: --target-size: got 0, need bytes, as in 700M");
}

}  // namespace

void check_type_options(const QuantizeOptions& options) {
  if (options.as_stored) return;
  const int n_given = int{!options.type.empty()} + int{options.target_bits.has_value()} +
                      int{options.target_bytes.has_value()};
  if (n_given > 1)
    fail(ErrorCode::kUsage,
         "quantize: got more than one of --type, --target-bits and --target-size, need one");
  if (n_given == 0)
    fail(ErrorCode::kUsage,
         "quantize: no type, need --type TYPE, as in --type BF16, or --target-bits R, or "
         "--target-size BYTES");
  if (options.has_target()) check_target(options);
  if (!options.has_target() && !options.formats.empty())
    fail(ErrorCode::kUsage,
         "quantize: --formats is what a target may choose from, need --target-bits R or "
         "--target-size BYTES");
  if (!options.imatrix_file.empty() && !options.imatrix_text.empty())
    fail(ErrorCode::kUsage, "quantize: got an importance file and a text to collect it from, need ",
         "one of the two at most");
}

}  // namespace wick

// Ranges of the sampling options.
#include "generate/sampling_options.h"

#include <wick/error.h>

#include <string_view>

namespace wick {
namespace {

// Written so that NaN fails.
void check(std::string_view name, double value, double least, double most) {
  if (value >= least && value <= most) return;
  fail(ErrorCode::kBadArgument, "sampling: ", name, " is ", value, ", need ", least, " to ", most);
}

}  // namespace

void check_sampling_options(const SamplingOptions& options) {
  check("temperature", options.temperature, 0, 1000);
  check("top-k", options.top_k, 0, INT32_MAX);
  check("top-p", options.top_p, 0, 1);
  check("min-p", options.min_p, 0, 1);
  check("typical-p", options.typical_p, 0, 1);
  check("repeat penalty", options.repeat_penalty, 0.01, 100);
  check("frequency penalty", options.frequency_penalty, -100, 100);
  check("presence penalty", options.presence_penalty, -100, 100);
  check("repeat-last", options.repeat_last_n, -1, INT32_MAX);
  if (options.mirostat) {
    check("mirostat's tau", options.mirostat->tau, 0.01, 100);
    check("mirostat's eta", options.mirostat->eta, 0.0001, 10);
  }
}

}  // namespace wick

// How the next token is chosen: the numbers a user sets. Not the choosing: see sampler.h.
#pragma once

#include <cstdint>
#include <optional>

namespace wick {

/// Steers the surprise (-log2 of the probability) of the drawn tokens towards `tau`.
struct MirostatOptions {
  double tau = 5.0;  ///< bits, above 0
  double eta = 0.1;  ///< share of the error that is corrected at each token, above 0
};

/// The defaults are those that users of other engines expect.
struct SamplingOptions {
  double temperature = 0.8;  ///< 0: the likeliest token, always
  std::int32_t top_k = 40;   ///< 0: all
  double top_p = 0.95;       ///< 1: all
  double min_p = 0.05;       ///< 0: all
  double typical_p = 1.0;    ///< 1: all
  /// Takes the place of the four above.
  std::optional<MirostatOptions> mirostat = {};
  double repeat_penalty = 1.0;      ///< 1: none
  double frequency_penalty = 0.0;   ///< 0: none
  double presence_penalty = 0.0;    ///< 0: none
  std::int32_t repeat_last_n = 64;  ///< tokens that penalties look back at; -1: all, 0: none
  std::uint64_t seed = 0;
};

/// Errors: kBadArgument for a number out of its range.
void check_sampling_options(const SamplingOptions& options);

}  // namespace wick

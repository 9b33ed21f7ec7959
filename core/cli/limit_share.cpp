// See limit_share.h. Rates that a device cannot tell are WICK_UNKNOWN, and never used as numbers.
#include "cli/limit_share.h"

#include <algorithm>

namespace wick::cli {
namespace {

std::uint64_t known(std::uint64_t rate) {
  return rate == WICK_UNKNOWN ? 0 : rate;
}

/// Seconds for so many multiply-adds at that rate; nothing where there are some and no rate.
std::optional<double> seconds(double n, std::uint64_t rate) {
  if (n == 0) return 0.0;
  if (known(rate) == 0) return std::nullopt;
  return n / static_cast<double>(rate);
}

/// The logits of a prompt's last token alone are computed.
std::optional<double> prompt_share(double n_tokens, double tokens_per_s, const TokenCost& cost,
                                   const DeviceLimits& limits, bool precise) {
  const auto macs = [&](std::uint64_t MacCount::*kind) {
    return n_tokens * static_cast<double>(cost.token_macs.*kind) +
           static_cast<double>(cost.output_macs.*kind);
  };
  const std::uint64_t best_float =
      std::max({known(limits.f16_macs), known(limits.bf16_macs), known(limits.f32_macs)});
  const std::uint64_t best_codes = std::max(known(limits.int8_macs), best_float);
  const auto codes = seconds(macs(&MacCount::codes), precise ? limits.f32_macs : best_codes);
  const auto f16 = seconds(macs(&MacCount::f16), precise ? limits.f32_macs : best_float);
  const auto f32 = seconds(macs(&MacCount::f32), limits.f32_macs);
  if (!codes || !f16 || !f32) return std::nullopt;
  return (*codes + *f16 + *f32) * tokens_per_s / n_tokens;
}

std::optional<double> generation_share(const BenchmarkTest& test, double tokens_per_s,
                                       const TokenCost& cost, const DeviceLimits& limits) {
  // The n-th token attends to n more than the depth, itself included: on the average half of them.
  const double n_positions = test.depth + (test.n_generated + 1.0) / 2;
  const double bytes =
      static_cast<double>(cost.token_bytes + cost.output_bytes + cost.state_bytes) +
      n_positions * cost.position_bytes;
  const auto at_limit = seconds(bytes, limits.read_bytes);
  if (!at_limit) return std::nullopt;
  return *at_limit * tokens_per_s;
}

std::uint64_t mean_rate(std::uint64_t a, std::uint64_t b) {
  return a == WICK_UNKNOWN || b == WICK_UNKNOWN ? WICK_UNKNOWN : a / 2 + b / 2;
}

}  // namespace

std::optional<double> limit_share(const BenchmarkTest& test, double tokens_per_s,
                                  const TokenCost& cost, const DeviceLimits& limits, bool precise) {
  if (test.n_prompt > 0) return prompt_share(test.n_prompt, tokens_per_s, cost, limits, precise);
  return generation_share(test, tokens_per_s, cost, limits);
}

DeviceLimits mean_of(const DeviceLimits& before, const DeviceLimits& after) {
  DeviceLimits mean = after;
  mean.read_bytes = mean_rate(before.read_bytes, after.read_bytes);
  mean.int8_macs = mean_rate(before.int8_macs, after.int8_macs);
  mean.f16_macs = mean_rate(before.f16_macs, after.f16_macs);
  mean.bf16_macs = mean_rate(before.bf16_macs, after.bf16_macs);
  mean.f32_macs = mean_rate(before.f32_macs, after.f32_macs);
  return mean;
}

}  // namespace wick::cli

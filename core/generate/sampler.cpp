// The order of the samplers.
#include "generate/sampler.h"

#include <wick/error.h>

#include <string>

#include "generate/min_p.h"
#include "generate/temperature.h"
#include "generate/top_k.h"
#include "generate/top_p.h"
#include "generate/typical.h"

namespace wick {

std::uint32_t candidates_seen(const SamplingOptions& options) {
  if (Penalties(options).any()) return 0;
  if (options.temperature == 0) return 1;
  return options.mirostat ? 0 : static_cast<std::uint32_t>(options.top_k);
}

SamplerChain::SamplerChain(const SamplingOptions& options)
    : options_(options), penalties_(options), random_(options.seed) {
  check_sampling_options(options);
  if (options.mirostat) mirostat_.emplace(*options.mirostat);
}

std::span<const float> SamplerChain::penalized(std::span<const float> logits) {
  if (!penalties_.any()) return logits;
  penalized_.assign(logits.begin(), logits.end());
  penalties_.apply(penalized_);
  return penalized_;
}

std::int32_t SamplerChain::sample(std::span<const float> logits) {
  logits = penalized(logits);
  if (options_.temperature == 0) {
    assign_top_k(candidates_, logits, 1);
    return candidates_.items().front().id;
  }
  if (mirostat_) {
    candidates_.assign(logits);
    apply_temperature(candidates_, options_.temperature);
    return mirostat_->sample(candidates_, random_);
  }
  assign_top_k(candidates_, logits, options_.top_k);
  return choose();
}

std::int32_t SamplerChain::sample(const LogitsRow& row) {
  if (row.n_candidates == 0) return sample(row.values);
  const std::uint32_t n = candidates_seen(options_);
  if (n == 0 || n > row.n_candidates)
    fail(ErrorCode::kInternal, "sampler: the likeliest ", row.n_candidates,
         " tokens are known, need ", n == 0 ? "all" : std::to_string(n));
  candidates_.assign_ranked(row.values.first(row.n_candidates),
                            row.values.subspan(row.n_candidates), n);
  return options_.temperature == 0 ? candidates_.items().front().id : choose();
}

/// Of the k likeliest.
std::int32_t SamplerChain::choose() {
  keep_typical(candidates_, options_.typical_p);
  keep_top_p(candidates_, options_.top_p);
  keep_min_p(candidates_, options_.min_p);
  apply_temperature(candidates_, options_.temperature);
  return draw(candidates_, random_).id;
}

}  // namespace wick

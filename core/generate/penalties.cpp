// Penalties against repetition.
#include "generate/penalties.h"

namespace wick {

Penalties::Penalties(const SamplingOptions& options)
    : repeat_(static_cast<float>(options.repeat_penalty)),
      frequency_(static_cast<float>(options.frequency_penalty)),
      presence_(static_cast<float>(options.presence_penalty)),
      last_n_(options.repeat_last_n),
      any_(last_n_ != 0 && (repeat_ != 1 || frequency_ != 0 || presence_ != 0)) {}

void Penalties::accept(std::int32_t id) {
  if (!any_) return;
  ++counts_[id];
  if (last_n_ < 0) return;
  recent_.push_back(id);
  if (recent_.size() <= static_cast<std::size_t>(last_n_)) return;
  const auto oldest = counts_.find(recent_.front());
  if (--oldest->second == 0) counts_.erase(oldest);
  recent_.pop_front();
}

void Penalties::apply(std::span<float> logits) const {
  if (!any_) return;
  for (const auto& [id, count] : counts_) {
    if (id < 0 || static_cast<std::size_t>(id) >= logits.size()) continue;
    float& logit = logits[static_cast<std::size_t>(id)];
    // A division would make a negative logit larger.
    logit = logit > 0 ? logit / repeat_ : logit * repeat_;
    logit -= static_cast<float>(count) * frequency_ + presence_;
  }
}

}  // namespace wick

// See comparison_json.h.
#include "quality/comparison_json.h"

#include <string>

namespace wick {
namespace {

void add(boost::json::object& to, const std::string& name, const Estimate& estimate) {
  to[name] = estimate.value;
  to[name + "_error"] = estimate.error;
}

}  // namespace

boost::json::object comparison_json(const Comparison& comparison) {
  const Divergence& d = comparison.divergence;
  boost::json::object out;
  add(out, "kl", d.kl);
  out["kl_median"] = d.kl_median;
  out["kl_q99"] = d.kl_q99;
  out["kl_max"] = d.kl_max;
  add(out, "same_top", d.same_top);
  add(out, "perplexity_a", d.perplexity_a);
  add(out, "perplexity_b", d.perplexity_b);
  add(out, "perplexity_ratio", d.perplexity_ratio);
  add(out, "delta_p", d.delta_p);
  add(out, "rms_delta_p", d.rms_delta_p);
  out["n_tokens"] = d.n_tokens;
  out["n_windows"] = comparison.n_windows;
  return out;
}

}  // namespace wick

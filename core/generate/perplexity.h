// How well a model predicts a text, by the rules of the field's usual tool, so that figures
// compare.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace wick {

class Session;
class Tokenizer;

struct PerplexityResult {
  double perplexity = 0;
  double standard_error = 0;   ///< of the perplexity, tokens taken as independent
  std::uint64_t n_tokens = 0;  ///< scored
  std::uint64_t n_windows = 0;
};

struct PerplexityOptions {
  std::uint32_t window = 512;  ///< tokens; at least 4
  /// After each window: how many of how many are done, and the result so far.
  std::function<void(std::uint64_t done, std::uint64_t all, const PerplexityResult& so_far)>
      progress;
};

/// Scores what TextWindows says. Errors: those of TextWindows and of Session::evaluate.
PerplexityResult measure_perplexity(Session& session, const Tokenizer& tokenizer,
                                    std::string_view text, const PerplexityOptions& options);

/// -log of the probability that softmax gives to `id`, in nats; in double.
double negative_log_likelihood(std::span<const float> logits, std::int32_t id);

}  // namespace wick

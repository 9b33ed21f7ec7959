// Only logits that are scored are computed: the second half of each window, less its last token.
#include "generate/perplexity.h"

#include <algorithm>
#include <cmath>

#include "generate/session.h"
#include "generate/text_windows.h"

namespace wick {
namespace {

// Sums over scored tokens: everything the result needs.
class Score {
 public:
  void add(double nll) {
    ++result_.n_tokens;
    sum_ += nll;
    sum_of_squares_ += nll * nll;
  }
  const PerplexityResult& end_window() {
    ++result_.n_windows;
    const auto n = static_cast<double>(result_.n_tokens);
    const double mean = sum_ / n;
    const double variance = std::max(0.0, sum_of_squares_ / n - mean * mean);
    result_.perplexity = std::exp(mean);
    // The error of the mean, carried through exp.
    result_.standard_error = n > 1 ? std::sqrt(variance / (n - 1)) * result_.perplexity : 0;
    return result_;
  }
  const PerplexityResult& result() const noexcept { return result_; }

 private:
  PerplexityResult result_;
  double sum_ = 0, sum_of_squares_ = 0;
};

void score_window(Session& session, const TextWindows& windows, std::size_t i, Score& score) {
  const std::span<const std::int32_t> window = windows[i];
  const std::size_t first = windows.n_context();
  const SequenceId sequence = session.create();
  const SequenceInput context[] = {{sequence, window.first(first), WantLogits::kNone}};
  session.evaluate(context, {});
  const SequenceInput scored[] = {
      {sequence, window.subspan(first, windows.n_scored()), WantLogits::kAll}};
  session.evaluate(scored, [&](std::size_t, std::size_t index, std::span<const float> logits) {
    score.add(negative_log_likelihood(logits, window[first + index + 1]));
  });
  session.remove(sequence);
}

}  // namespace

double negative_log_likelihood(std::span<const float> logits, std::int32_t id) {
  const float largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const float logit : logits)
    sum += std::exp(static_cast<double>(logit) - static_cast<double>(largest));
  return std::log(sum) + static_cast<double>(largest) -
         static_cast<double>(logits[static_cast<std::size_t>(id)]);
}

PerplexityResult measure_perplexity(Session& session, const Tokenizer& tokenizer,
                                    std::string_view text, const PerplexityOptions& options) {
  const TextWindows windows("perplexity", tokenizer, text, options.window);
  Score score;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    score_window(session, windows, i, score);
    const PerplexityResult& so_far = score.end_window();
    if (options.progress) options.progress(i + 1, windows.size(), so_far);
  }
  return score.result();
}

}  // namespace wick

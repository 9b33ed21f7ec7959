// Only logits that are scored are computed: the second half of each window, less its last token.
#include "generate/perplexity.h"

#include <wick/error.h>

#include <algorithm>
#include <cmath>

#include "generate/session.h"
#include "text/tokenizer.h"

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

void score_window(Session& session, std::span<const std::int32_t> window, Score& score) {
  const std::size_t first = window.size() / 2;
  const SequenceId sequence = session.create();
  const SequenceInput context[] = {{sequence, window.first(first), WantLogits::kNone}};
  session.evaluate(context, {});
  const SequenceInput scored[] = {
      {sequence, window.subspan(first, window.size() - first - 1), WantLogits::kAll}};
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
  EncodeOptions encoding;
  encoding.parse_special = false;
  std::vector<std::int32_t> ids = tokenizer.encode(text, encoding);
  const std::uint32_t window = options.window;
  if (window < 4)
    fail(ErrorCode::kBadArgument, "perplexity: windows of ", window, " tokens, need at least 4");
  const std::uint64_t n_windows = ids.size() / window;
  if (n_windows == 0)
    fail(ErrorCode::kBadArgument, "perplexity: the text is too short, got ", ids.size(),
         " tokens, need at least ", window, "; give a longer one or a smaller --ctx");
  Score score;
  for (std::uint64_t i = 0; i < n_windows; ++i) {
    const std::span<std::int32_t> part = std::span(ids).subspan(i * window, window);
    if (tokenizer.adds_bos()) part[0] = *tokenizer.bos();
    score_window(session, part, score);
    const PerplexityResult& so_far = score.end_window();
    if (options.progress) options.progress(i + 1, n_windows, so_far);
  }
  return score.result();
}

}  // namespace wick

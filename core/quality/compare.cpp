// A bounded number of rows is asked of A, then the same ones of B; threads share the rows.
#include "quality/compare.h"

#include <wick/error.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "generate/session.h"
#include "generate/text_windows.h"
#include "model/model.h"
#include "text/tokenizer.h"

namespace wick {
namespace {

constexpr std::size_t kRowsBytes = 8 << 20;  // of each model

/// One model's rows of logits for some tokens of a window.
class Side {
 public:
  explicit Side(Model& model) : session_(model), width_(model.facts().vocab_size) {}

  void begin(std::span<const std::int32_t> context) {
    sequence_ = session_.create();
    const SequenceInput input[] = {{sequence_, context, WantLogits::kNone}};
    session_.evaluate(input, {});
  }
  void advance(std::span<const std::int32_t> tokens) {
    rows_.resize(tokens.size() * width_);
    const SequenceInput input[] = {{sequence_, tokens, WantLogits::kAll}};
    session_.evaluate(input, [&](std::size_t, std::size_t index, std::span<const float> logits) {
      std::copy(logits.begin(), logits.end(),
                rows_.begin() + static_cast<std::ptrdiff_t>(index * width_));
    });
  }
  void end() { session_.remove(sequence_); }
  std::span<const float> row(std::size_t i) const noexcept {
    return std::span(rows_).subspan(i * width_, width_);
  }

 private:
  Session session_;
  std::size_t width_;
  SequenceId sequence_ = 0;
  std::vector<float> rows_;
};

/// Everything that a comparison works with.
struct Work {
  const ComparedModels& models;
  ThreadPool& pool;
  const CompareOptions& options;
  Side a{models.a}, b{models.b};
  std::size_t n_rows = 1;  ///< at a time
  std::vector<TokenDivergence> tokens = {};
  DivergenceSummary summary = {};
};

void check_finite(const Work& work, const TokenDivergence& token) {
  for (const auto& [value, name] :
       {std::pair(token.nll_a, &work.models.name_a), std::pair(token.nll_b, &work.models.name_b),
        std::pair(token.kl, &work.models.name_b)})
    if (!std::isfinite(value))
      fail(ErrorCode::kBadFile, *name, ": gives scores that are no numbers at scored token ",
           work.summary.n_tokens() + 1, " of the text; the file is damaged, or its weights are");
}

void compare_rows(Work& work, std::span<const std::int32_t> inputs,
                  std::span<const std::int32_t> next) {
  if (work.options.cancelled && work.options.cancelled())
    fail(ErrorCode::kCancelled, "compare: the user asked to stop");
  work.a.advance(inputs);
  work.b.advance(inputs);
  work.tokens.resize(inputs.size());
  work.pool.parallel_for(inputs.size(), [&](std::uint64_t i) noexcept {
    work.tokens[i] = token_divergence(work.a.row(i), work.b.row(i), next[i]);
  });
  for (const TokenDivergence& token : work.tokens) {
    check_finite(work, token);
    work.summary.add(token);
  }
}

void compare_window(Work& work, const TextWindows& windows, std::size_t i) {
  const std::span<const std::int32_t> window = windows[i];
  const std::size_t first = windows.n_context(), end = first + windows.n_scored();
  work.a.begin(window.first(first));
  work.b.begin(window.first(first));
  for (std::size_t at = first; at < end; at += work.n_rows) {
    const std::size_t n = std::min(work.n_rows, end - at);
    compare_rows(work, window.subspan(at, n), window.subspan(at + 1, n));
  }
  work.a.end();
  work.b.end();
}

[[noreturn]] void fail_different(const ComparedModels& models, const std::string& what) {
  fail(ErrorCode::kUnavailable, models.name_b, ": has not the vocabulary of ", models.name_a, ": ",
       what, "; only models with the same tokens can be compared");
}

}  // namespace

void check_same_vocabulary(const ComparedModels& models) {
  const Tokenizer &a = models.a.tokenizer(), &b = models.b.tokenizer();
  const std::uint64_t width_a = models.a.facts().vocab_size, width_b = models.b.facts().vocab_size;
  if (width_a != width_b)
    fail_different(models, "it scores " + std::to_string(width_b) + " tokens, need " +
                               std::to_string(width_a));
  if (a.vocab_size() != b.vocab_size())
    fail_different(models, "it names " + std::to_string(b.vocab_size()) + " tokens, need " +
                               std::to_string(a.vocab_size()));
  for (std::int32_t id = 0; id < a.vocab_size(); ++id)
    if (a.piece(id, SpecialText::kShown) != b.piece(id, SpecialText::kShown))
      fail_different(models, "token " + std::to_string(id) + " is another");
  if (a.adds_bos() != b.adds_bos() || (a.adds_bos() && a.bos() != b.bos()))
    fail_different(models, "what stands before a text is another");
}

Comparison compare_models(const ComparedModels& models, ThreadPool& pool, std::string_view text,
                          const CompareOptions& options) {
  check_same_vocabulary(models);
  const TextWindows windows("compare", models.a.tokenizer(), text, options.window);
  if (TextWindows("compare", models.b.tokenizer(), text, options.window).ids() != windows.ids())
    fail_different(models, "it parts the text into other tokens");
  const std::size_t row_bytes = models.a.facts().vocab_size * sizeof(float);
  Work work{models, pool, options};
  work.n_rows = std::max<std::size_t>(1, kRowsBytes / row_bytes);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    compare_window(work, windows, i);
    if (options.progress) options.progress(i + 1, windows.size(), work.summary.mean_kl());
  }
  return {work.summary.result(), windows.size()};
}

}  // namespace wick

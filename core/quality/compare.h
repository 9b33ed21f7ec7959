// Two models on one text, side by side: nothing of it is kept in a file.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/thread_pool.h"
#include "quality/divergence.h"

namespace wick {

class Model;

/// What is compared; names open sentences. Both must outlive the call; a and b may be one.
struct ComparedModels {
  Model& a;
  Model& b;
  std::string name_a, name_b;
};

struct CompareOptions {
  std::uint32_t window = 512;  ///< tokens; at least 4, and no more than the models' contexts
  /// After each window: how many of how many are done, and the mean divergence so far.
  std::function<void(std::uint64_t done, std::uint64_t all, double mean_kl)> progress;
  std::function<bool()> cancelled;  ///< asked every few tokens; may be empty
};

struct Comparison {
  Divergence divergence;
  std::uint64_t n_windows = 0;
};

/// Errors: kUnavailable, for models that part text otherwise or score other tokens.
void check_same_vocabulary(const ComparedModels& models);

/// Windows and what is scored: TextWindows. Memory: besides the models, a few MiB of logits of
/// each, whatever the vocabulary. The result does not depend on the number of threads. Errors:
/// those of check_same_vocabulary, TextWindows and Session::evaluate; kBadFile for logits that are
/// no numbers; kCancelled.
Comparison compare_models(const ComparedModels& models, ThreadPool& pool, std::string_view text,
                          const CompareOptions& options);

}  // namespace wick

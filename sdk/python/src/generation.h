// A generation as an iterator of Python pulls it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "generate/continuation.h"
#include "locked_model.h"

namespace wick::python {

/// Members are called without the GIL.
class PulledGeneration {
 public:
  /// Errors: kBadArgument (Continuation).
  PulledGeneration(std::shared_ptr<LockedModel> model, GenerationOptions options,
                   std::vector<std::int32_t> prompt);
  ~PulledGeneration() { release(); }
  PulledGeneration(const PulledGeneration&) = delete;
  PulledGeneration& operator=(const PulledGeneration&) = delete;

  /// The next text; nothing at the end, and once it is closed. An error closes it. Errors:
  /// kBadArgument while another thread is in it; kContextFull where the context ended the text;
  /// those of evaluate_in_pieces.
  std::optional<std::string> next();
  /// Ends it: at once, or with the batch that another thread is running.
  void close() noexcept { closed_ = true; }

  /// What came so far.
  struct Result {
    std::string text;
    std::vector<std::int32_t> ids;
    std::optional<FinishReason> reason;
    GenerationStats stats;
  };
  Result result() const;

 private:
  std::optional<std::string> step();
  void keep_result(bool ended);
  LogitsRow evaluate(std::span<const std::int32_t> tokens);
  void release() noexcept;

  std::shared_ptr<LockedModel> model_;
  std::shared_ptr<LockedModel::Parts> parts_;  // while it runs: the tokenizer is theirs
  std::optional<SequenceId> sequence_;
  std::vector<float> logits_;
  LockedModel::Use* use_ = nullptr;  // during a step
  std::optional<Continuation> continuation_;
  std::atomic<bool> busy_{false}, closed_{false};
  mutable std::mutex mutex_;  // of the result
  Result result_;
};

}  // namespace wick::python

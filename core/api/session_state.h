// One sequence of a model that several threads may use, each with sequences of its own. Not for
// sampling: see generation_state.h.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "generate/session.h"
#include "model/model.h"
#include "plugins/runtime.h"

namespace wick::api {

/// A model, and the one Session that all its sequences are of: state blocks belong to the model's
/// executor, so that two could not be.
struct LoadedModel {
  explicit LoadedModel(std::shared_ptr<Runtime> of, std::unique_ptr<Model> made);

  std::shared_ptr<Runtime> runtime;
  std::unique_ptr<Model> model;
  std::string backends;  ///< in use, with commas
  std::mutex turn;       ///< of `session`; held for a batch, never while a callback runs
  Session session;
};

/// One thread at a time, but for cancel().
class SessionState {
 public:
  explicit SessionState(std::shared_ptr<LoadedModel> model);
  ~SessionState();
  SessionState(const SessionState&) = delete;
  SessionState& operator=(const SessionState&) = delete;

  /// Marks the state as being worked with, from a callback of the same thread too. Errors:
  /// kBadArgument where it is already.
  class Use {
   public:
    explicit Use(SessionState& state);
    ~Use() { state_.busy_ = false; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    SessionState& state_;
  };

  /// All of the following are for who has a Use.
  std::shared_ptr<SessionState> fork();
  /// Appends, batch by batch; `rows` is null or gets [n_ids, vocab_size]. As before, where it
  /// fails. Errors: those of Session::evaluate; kCancelled.
  void evaluate(std::span<const std::int32_t> ids, float* rows);
  void truncate(std::uint64_t n_ids);
  std::size_t length();
  std::vector<std::int32_t> tokens();

  /// Of the last token; empty where it has none.
  std::span<const float> logits() const noexcept { return logits_; }
  Model& model() const noexcept { return *model_->model; }
  /// Any thread, signal handlers too.
  void cancel() noexcept { cancelled_ = true; }

 private:
  SessionState(std::shared_ptr<LoadedModel> model, SequenceId sequence,
               std::vector<float> logits) noexcept
      : model_(std::move(model)), sequence_(sequence), logits_(std::move(logits)) {}
  void evaluate_batch(std::span<const std::int32_t> ids, bool is_last, float* rows);
  void take_back(std::uint32_t n_tokens) noexcept;

  std::shared_ptr<LoadedModel> model_;
  SequenceId sequence_ = 0;
  std::vector<float> logits_;
  std::atomic<bool> busy_{false}, cancelled_{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
};

}  // namespace wick::api

// A loaded model that threads of Python share: one works with it, the others wait. Not for what
// they do with it: see model.cpp and generation.h.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "generate/session.h"
#include "model/model.h"
#include "plugins/runtime.h"
#include "python_calls.h"

namespace wick::python {

class LockedModel {
 public:
  /// What close() takes down, the last first.
  struct Parts {
    std::shared_ptr<Runtime> runtime;
    std::unique_ptr<Model> model;
    std::unique_ptr<Session> session;
  };

  explicit LockedModel(Parts parts) : parts_(std::make_shared<Parts>(std::move(parts))) {}

  /// Waits for its turn, with an eye on signals. Without the GIL. Errors: kBadArgument for a model
  /// that is closed, or that this thread is in the middle of using (from a signal handler, say).
  class Use {
   public:
    explicit Use(LockedModel& model);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

    Model& model() noexcept { return *parts_->model; }
    Session& session() noexcept { return *parts_->session; }
    PythonCalls& calls() noexcept { return calls_; }

   private:
    LockedModel& owner_;
    PythonCalls calls_;
    std::shared_ptr<Parts> parts_;
  };

  /// The tokenizer needs no turn; this keeps it alive. Errors: kBadArgument for a closed model.
  std::shared_ptr<Parts> parts() const;
  /// Waits for who uses it. Once is enough.
  void close();
  bool closed() const noexcept;
  /// A sequence that nobody needs any more; never waits. It is removed with the next use.
  void abandon(SequenceId sequence) noexcept;

 private:
  void remove_abandoned(Session& session);

  std::timed_mutex turn_;
  std::atomic<std::thread::id> user_{};
  mutable std::mutex mutex_;  // of what follows; never held for long
  std::shared_ptr<Parts> parts_;
  std::vector<SequenceId> abandoned_;
};

/// Appends the tokens to the sequence in pieces, so that Ctrl-C is heard between them; a token's
/// row does not depend on how. The rows go to the sink with their place in `tokens`. Errors: those
/// of Session::evaluate; exceptions of Python.
void evaluate_in_pieces(LockedModel::Use& use, const SequenceInput& input, const LogitsSink& sink);

}  // namespace wick::python

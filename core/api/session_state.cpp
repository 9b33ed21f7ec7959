// See session_state.h.
#include "api/session_state.h"

#include <wick/error.h>

#include <algorithm>
#include <utility>

#include "schedule/executor.h"
#include "schedule/plan_report.h"

namespace wick::api {

LoadedModel::LoadedModel(std::shared_ptr<Runtime> of, std::unique_ptr<Model> made)
    : runtime(std::move(of)),
      model(std::move(made)),
      backends(backends_of(model->plan())),
      session(*model) {}

SessionState::Use::Use(SessionState& state) : state_(state) {
  if (state_.busy_.exchange(true))
    fail(ErrorCode::kBadArgument, "session: another call, or a callback's, is using it",
         "; give each thread a session of its own");
}

SessionState::SessionState(std::shared_ptr<LoadedModel> model) : model_(std::move(model)) {
  const std::lock_guard lock(model_->turn);
  sequence_ = model_->session.create();
}

SessionState::~SessionState() {
  const std::lock_guard lock(model_->turn);
  model_->session.remove(sequence_);
}

std::shared_ptr<SessionState> SessionState::fork() {
  const std::lock_guard lock(model_->turn);
  const SequenceId made = model_->session.fork(sequence_);
  try {
    return std::shared_ptr<SessionState>(new SessionState(model_, made, logits_));
  } catch (...) {
    model_->session.remove(made);
    throw;
  }
}

void SessionState::evaluate_batch(std::span<const std::int32_t> ids, bool is_last, float* rows) {
  const SequenceInput input{
      sequence_, ids,
      rows != nullptr ? WantLogits::kAll : (is_last ? WantLogits::kLast : WantLogits::kNone)};
  const std::lock_guard lock(model_->turn);
  model_->session.evaluate(
      std::span(&input, 1), [&](std::size_t, std::size_t index, std::span<const float> logits) {
        if (rows != nullptr) std::copy(logits.begin(), logits.end(), rows + index * logits.size());
        if (is_last && index + 1 == ids.size()) logits_.assign(logits.begin(), logits.end());
      });
}

void SessionState::take_back(std::uint32_t n_tokens) noexcept {
  const std::lock_guard lock(model_->turn);
  model_->session.truncate(sequence_, n_tokens);
}

void SessionState::evaluate(std::span<const std::int32_t> ids, float* rows) {
  const std::size_t n = ids.size(), before = length();
  // What does not fit is refused before anything runs, with the whole length.
  const bool fits = before + n <= model().context();
  const std::size_t most = fits ? model().executor().max_tokens() : n;
  const std::size_t width = static_cast<std::size_t>(model().facts().vocab_size);
  try {
    for (std::size_t first = 0; first < n; first += most) {
      if (cancelled_.exchange(false)) fail(ErrorCode::kCancelled, "session: was asked to stop");
      const std::size_t count = std::min(most, n - first);
      evaluate_batch(ids.subspan(first, count), first + count == n,
                     rows != nullptr ? rows + first * width : nullptr);
    }
  } catch (...) {
    take_back(static_cast<std::uint32_t>(before));
    throw;
  }
}

void SessionState::truncate(std::uint64_t n_ids) {
  const std::size_t n = length();
  if (n_ids > n)
    fail(ErrorCode::kBadArgument, "session: one of ", n, " tokens cannot be cut to ", n_ids);
  if (n_ids == n) return;
  const std::lock_guard lock(model_->turn);
  model_->session.truncate(sequence_, static_cast<std::uint32_t>(n_ids));
  logits_.clear();
}

std::size_t SessionState::length() {
  const std::lock_guard lock(model_->turn);
  return model_->session.length(sequence_);
}

std::vector<std::int32_t> SessionState::tokens() {
  const std::lock_guard lock(model_->turn);
  const std::span<const std::int32_t> ids = model_->session.tokens(sequence_);
  return {ids.begin(), ids.end()};
}

}  // namespace wick::api

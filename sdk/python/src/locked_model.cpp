// See locked_model.h.
#include "locked_model.h"

#include <wick/error.h>

#include <algorithm>

#include "schedule/executor.h"

namespace wick::python {
namespace {

constexpr std::chrono::milliseconds kPatience{100};  // between two looks at signals

}  // namespace

LockedModel::Use::Use(LockedModel& model) : owner_(model) {
  const std::thread::id me = std::this_thread::get_id();
  if (owner_.user_ == me)
    fail(ErrorCode::kBadArgument, "model: this thread is in the middle of another call of it",
         "; call it when that has returned");
  while (!owner_.turn_.try_lock_for(kPatience)) calls_.check();
  std::unique_lock turn(owner_.turn_, std::adopt_lock);
  parts_ = owner_.parts();
  owner_.remove_abandoned(*parts_->session);
  owner_.user_ = me;
  turn.release();
}

LockedModel::Use::~Use() {
  owner_.user_ = std::thread::id();
  owner_.turn_.unlock();
}

std::shared_ptr<LockedModel::Parts> LockedModel::parts() const {
  const std::lock_guard lock(mutex_);
  if (!parts_) fail(ErrorCode::kBadArgument, "model: is closed; load it again");
  return parts_;
}

bool LockedModel::closed() const noexcept {
  const std::lock_guard lock(mutex_);
  return !parts_;
}

void LockedModel::close() {
  if (closed()) return;
  std::shared_ptr<Parts> last;
  const Use use(*this);
  const std::lock_guard lock(mutex_);
  last.swap(parts_);
}

void LockedModel::abandon(SequenceId sequence) noexcept {
  const std::lock_guard lock(mutex_);
  abandoned_.push_back(sequence);
}

void LockedModel::remove_abandoned(Session& session) {
  const std::lock_guard lock(mutex_);
  for (const SequenceId sequence : abandoned_) session.remove(sequence);
  abandoned_.clear();
}

void evaluate_in_pieces(LockedModel::Use& use, const SequenceInput& input, const LogitsSink& sink) {
  Session& session = use.session();
  const std::size_t n = input.tokens.size();
  // What does not fit is refused before anything runs, with the whole length.
  const bool fits = session.length(input.sequence) + n <= use.model().context();
  const std::size_t most = fits ? use.model().executor().max_tokens() : n;
  for (std::size_t first = 0; first < n; first += most) {
    use.calls().check();
    const std::size_t count = std::min(most, n - first);
    SequenceInput piece = input;
    piece.tokens = input.tokens.subspan(first, count);
    if (input.logits == WantLogits::kLast && first + count < n) piece.logits = WantLogits::kNone;
    session.evaluate(std::span(&piece, 1),
                     [&](std::size_t which, std::size_t index, std::span<const float> logits) {
                       use.calls().check();
                       if (sink) sink(which, first + index, logits);
                     });
  }
}

}  // namespace wick::python

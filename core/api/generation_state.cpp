// See generation_state.h.
#include "api/generation_state.h"

#include <wick/error.h>

#include <utility>

namespace wick::api {
namespace {

std::uint32_t number_of(FinishReason reason) noexcept {
  switch (reason) {
    case FinishReason::kEndToken:
      return WICK_FINISH_END_TOKEN;
    case FinishReason::kStopText:
      return WICK_FINISH_STOP_TEXT;
    case FinishReason::kLength:
      return WICK_FINISH_LENGTH;
    case FinishReason::kContextFull:
      return WICK_FINISH_CONTEXT;
    case FinishReason::kCancelled:
      break;
  }
  return WICK_FINISH_CANCELLED;
}

}  // namespace

GenerationState::GenerationState(std::shared_ptr<SessionState> session, GenerationOptions options,
                                 std::vector<std::int32_t> prompt)
    : session_(std::move(session)),
      continuation_(
          session_->model().tokenizer(), std::move(options),
          [this](std::span<const std::int32_t> ids) {
            session_->evaluate(ids, nullptr);
            return LogitsRow(session_->logits());
          },
          std::move(prompt)) {}

const std::string* GenerationState::next() {
  const SessionState::Use use(*session_);
  piece_.reset();
  if (finish_ != WICK_FINISH_NONE) return nullptr;
  try {
    piece_ = continuation_.next();
    if (!piece_) end(number_of(continuation_.result().reason));
  } catch (const Error& error) {  // Continuation makes ends of all but what happens in the prompt
    const bool was_cancelled = error.code() == ErrorCode::kCancelled;
    end(was_cancelled ? WICK_FINISH_CANCELLED : WICK_FINISH_FAILED);
    if (!was_cancelled) throw;
  } catch (...) {
    end(WICK_FINISH_FAILED);
    throw;
  }
  return piece_ ? &*piece_ : nullptr;
}

void GenerationState::end(std::uint32_t finish) noexcept {
  if (finish_ == WICK_FINISH_NONE) finish_ = finish;
}

wick_generation_stats GenerationState::stats() const noexcept {
  const GenerationStats& of = continuation_.result().stats;
  wick_generation_stats stats{};
  stats.finish = finish_;
  stats.n_prompt = of.n_prompt;
  stats.n_generated = ids().size();
  stats.prompt_seconds = of.prompt_seconds;
  stats.generate_seconds = of.generate_seconds;
  return stats;
}

}  // namespace wick::api

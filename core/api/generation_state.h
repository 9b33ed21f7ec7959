// A generation of one session, pulled text by text. Not the loop of it: see
// generate/continuation.h.
#pragma once

#include <wick/wick.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/session_state.h"
#include "generate/continuation.h"

namespace wick::api {

/// One thread at a time.
class GenerationState {
 public:
  /// Errors: those of Continuation.
  GenerationState(std::shared_ptr<SessionState> session, GenerationOptions options,
                  std::vector<std::int32_t> prompt);

  /// Null at the end, and behind an error. Valid until the next call. Errors: those of
  /// Continuation::next, but cancelling is an end.
  const std::string* next();
  void cancel() noexcept { end(WICK_FINISH_CANCELLED); }

  const std::vector<std::int32_t>& ids() const noexcept { return continuation_.result().ids; }
  wick_generation_stats stats() const noexcept;

 private:
  void end(std::uint32_t finish) noexcept;

  std::shared_ptr<SessionState> session_;
  Continuation continuation_;
  std::optional<std::string> piece_;
  std::uint32_t finish_ = WICK_FINISH_NONE;
};

}  // namespace wick::api

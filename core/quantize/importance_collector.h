// Runs a model over a text and sums the squares of what goes into each of its matrices.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "quantize/importance.h"

namespace wick {

class Model;
class Session;

struct CollectOptions {
  std::uint32_t window = 512;     ///< tokens; see generate/text_windows.h
  std::uint64_t max_windows = 0;  ///< 0: all of the text
  /// After each window: how many of how many are done; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t all)> progress;
  std::function<bool()> cancelled;  ///< asked between windows; may be empty
};

/// A token counts for the experts that it was routed to, and for them alone. The model must have
/// been loaded with observe_products, and the session be one of its. Errors: kBadArgument for a
/// text of less than one window; kBadFile for activations that are not finite; those of
/// Session::evaluate.
Importance collect_importance(Model& model, Session& session, std::string_view text,
                              const CollectOptions& options);

}  // namespace wick

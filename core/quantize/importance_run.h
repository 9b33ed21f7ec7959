// A model from a file, run over a text for the importance of its matrices.
#pragma once

#include <functional>
#include <string_view>

#include "model/model.h"
#include "quantize/importance_collector.h"

namespace wick {

class Runtime;
class Session;

struct ImportanceRun {
  ModelOptions model;  ///< which, and how it runs; the context comes from `collect`
  CollectOptions collect;
  /// Once it is loaded; may be empty, and may throw. Cancelling the session ends the run.
  std::function<void(const Model& model, Session& session)> loaded;
};

/// Where the text came from is the caller's to say. Errors: those of Model::load and
/// collect_importance().
Importance importance_of_run(Runtime& runtime, const ImportanceRun& run, std::string_view text);

}  // namespace wick

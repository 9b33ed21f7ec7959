// See importance_run.h.
#include "quantize/importance_run.h"

#include "generate/session.h"

namespace wick {

Importance importance_of_run(Runtime& runtime, const ImportanceRun& run, std::string_view text) {
  ModelOptions options = run.model;
  options.context = run.collect.window;
  options.observe_products = true;
  const auto model = Model::load(runtime, options);
  Session session(*model);
  if (run.loaded) run.loaded(*model, session);
  return collect_importance(*model, session, text, run.collect);
}

}  // namespace wick

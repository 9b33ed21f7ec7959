// See compare_files.h.
#include "quality/compare_files.h"

#include <memory>

#include "model/plugin_options.h"
#include "plugins/runtime.h"
#include "schedule/plan_report.h"

namespace wick {

Comparison compare_files(Runtime& runtime, const CompareFiles& files, std::string_view text) {
  ModelOptions model = files.model;
  model.context = files.options.window;
  model.path = files.path_a;
  model.precise = files.model.precise || files.precise_a;
  const std::unique_ptr<Model> a = Model::load(runtime, model);
  model.path = files.path_b;
  model.precise = files.model.precise;
  const std::unique_ptr<Model> b = Model::load(runtime, model);
  // An option is acted on if one of the two does.
  PlanReport both = a->plan();
  both.lines.insert(both.lines.end(), b->plan().lines.begin(), b->plan().lines.end());
  check_plugin_options(runtime.registry(), both);
  if (files.loaded) files.loaded(*a, *b);
  return compare_models({*a, *b, files.path_a, files.path_b}, runtime.pool(), text, files.options);
}

}  // namespace wick

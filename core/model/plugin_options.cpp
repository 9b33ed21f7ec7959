// See plugin_options.h. Options are called as on the command line.
#include "model/plugin_options.h"

#include <wick/error.h>

#include <string>
#include <vector>

#include "plugins/registry.h"
#include "schedule/plan_report.h"

namespace wick {

void check_plugin_options(Registry& registry, const PlanReport& plan) {
  std::vector<std::string> backends;
  for (const PlanLine& line : plan.lines) backends.push_back(line.backend);
  const std::vector<std::string> unused = registry.unused_options(backends);
  if (unused.empty()) return;
  std::string notes;
  for (const std::string& note : plan.notes) notes += (notes.empty() ? "" : "; ") + note;
  fail(ErrorCode::kUnavailable, "--", unused.front(),
       ": no plugin that is used here acts on it; leave it out",
       notes.empty() ? "" : " (passed over: " + notes + ")");
}

}  // namespace wick

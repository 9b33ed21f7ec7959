// What users ask of plugins by name, once it is known which plugins a model uses.
#pragma once

namespace wick {

class Registry;
struct PlanReport;

/// Once the model is loaded, or planned: kUnavailable for an option to plugins that none of those
/// in use asked for. Nothing that was asked for is left out in silence.
void check_plugin_options(Registry& registry, const PlanReport& plan);

}  // namespace wick

// Loads a model for a command.
#include "cli/loaded_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "cli/model_options.h"
#include "cli/progress_bar.h"
#include "model/plugin_options.h"
#include "schedule/plan_report.h"

namespace wick::cli {

LoadedModel::LoadedModel(const Arguments& arguments, ModelOptions options, Notes notes)
    : runtime_(runtime_options(arguments)), n_threads_(runtime_.pool().n_threads()) {
  const auto begin = std::chrono::steady_clock::now();
  {
    ProgressBar bar;
    options.progress = [&bar](std::string_view what, double done) { bar.show(what, done); };
    model_ = Model::load(runtime_, options);
  }
  check_plugin_options(runtime_.registry(), model_->plan());
  load_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const std::vector<std::string>& passed_over = model_->plan().notes;
  if (notes == Notes::kShown && !passed_over.empty())
    fmt::print(stderr, "wick: backend {} ({})\n", backends(), fmt::join(passed_over, "; "));
}

std::string LoadedModel::backends() const {
  std::vector<std::string> names;
  for (const PlanLine& line : model_->plan().lines)
    if (std::find(names.begin(), names.end(), line.entry) == names.end())
      names.push_back(line.entry);
  return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace wick::cli

// Loads a model for a command.
#include "cli/loaded_model.h"

#include <fmt/format.h>

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
  if (notes == Notes::kShown) show_passed_over(*model_);
}

std::string LoadedModel::backends() const {
  return backends_of(model_->plan());
}

void show_passed_over(const Model& model) {
  const std::vector<std::string>& notes = model.plan().notes;
  if (!notes.empty())
    fmt::print(stderr, "wick: backend {} ({})\n", backends_of(model.plan()),
               fmt::join(notes, "; "));
}

}  // namespace wick::cli

// Runtime and model of a command, loaded with a progress bar. Not for commands that only read a
// file.
#pragma once

#include <memory>
#include <string>

#include "cli/arguments.h"
#include "model/model.h"
#include "plugins/runtime.h"

namespace wick::cli {

/// What --quiet leaves out.
enum class Notes { kShown, kHidden };

/// Says on standard error which backends were passed over, and why, if any were.
void show_passed_over(const Model& model);

class LoadedModel {
 public:
  /// Loads the model that `options` name. Notes say which backends were passed over, and why.
  /// Errors: those of Model::load.
  LoadedModel(const Arguments& arguments, ModelOptions options, Notes notes = Notes::kShown);

  Model& model() noexcept { return *model_; }
  const Model& model() const noexcept { return *model_; }
  Runtime& runtime() noexcept { return runtime_; }
  double load_seconds() const noexcept { return load_seconds_; }
  std::uint32_t n_threads() const noexcept { return n_threads_; }
  std::string backends() const;  ///< backends_of()

 private:
  Runtime runtime_;
  std::uint32_t n_threads_;
  std::unique_ptr<Model> model_;
  double load_seconds_ = 0;
};

}  // namespace wick::cli

// Two models from files, loaded and compared.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "model/model.h"
#include "quality/compare.h"

namespace wick {

class Runtime;

struct CompareFiles {
  std::string path_a, path_b;
  ModelOptions model;      ///< how both run; paths and context come from here
  bool precise_a = false;  ///< A alone in float32
  CompareOptions options;
  /// Once both are loaded; may be empty, and may throw.
  std::function<void(const Model& a, const Model& b)> loaded;
};

/// Errors: those of Model::load and compare_models(); kUnavailable for an option to plugins that
/// neither model's asked for.
Comparison compare_files(Runtime& runtime, const CompareFiles& files, std::string_view text);

}  // namespace wick

// Makes files of a source and measures what each lost, for a report.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.h"
#include "quality/quality_report.h"
#include "quantize/quantizer.h"

namespace wick {

class Runtime;

struct QualityOptions {
  QuantizeOptions quantize;        ///< output empty: `sweep` alone
  std::vector<std::string> sweep;  ///< types that are made as well, one at a time, and removed
  std::string scratch;             ///< temporary files get this name and more
  std::optional<std::string> text;
  std::string text_name;
  std::uint32_t window = 512;  ///< tokens
  ModelOptions model;          ///< how models run; path and context come from here
  /// Of the source's model, once it is loaded; may be empty, and may throw.
  std::function<void(const Model&)> loaded;
  std::function<void(std::string_view what, double done)> progress;
  std::function<bool()> cancelled;
};

/// Everything that can be refused is, before a file is written: types, text, models that do not
/// run. A checkpoint becomes a temporary file in its own types, to run. Temporary files are
/// removed, whatever happens; OUT.gguf stays once it is whole. Errors: those of quantize(),
/// Model::load and compare_models(); kUnavailable for an option to plugins that nothing asked for.
QualityReport measure_quality(Runtime& runtime, const QualityOptions& options);

}  // namespace wick

// From a Hugging Face checkpoint, or another GGUF file, to a complete GGUF file, in one pass over
// its bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "quantize/budget_types.h"
#include "quantize/tensor_plan.h"
#include "quantize/user_types.h"

namespace wick {

class Runtime;
struct Importance;

/// What became of one tensor.
struct QuantizedTensor {
  std::string name;
  std::vector<std::uint64_t> dims;  ///< outermost first
  std::string source_type, type;
  std::uint64_t n_values = 0, n_bytes = 0;
  double squared_error = 0, energy = 0;  ///< sums over the values, measured on what was written

  double bits() const noexcept {
    return 8.0 * static_cast<double>(n_bytes) / static_cast<double>(n_values);
  }
  /// Squared error over energy.
  double relative_error() const noexcept {
    return squared_error > 0 ? squared_error / energy : squared_error;
  }
};

struct QuantizeReport {
  std::string architecture, type;
  std::uint64_t n_tensors = 0, n_values = 0;
  std::uint64_t source_bytes = 0, output_bytes = 0;  ///< of tensors
  std::vector<ChosenType> chosen;                    ///< for a target: what each matrix got
  std::vector<std::string> notes;                    ///< what a user should know, a sentence each
  std::vector<std::string> files;                    ///< that were written; parts in order
  std::vector<QuantizedTensor> tensors;              ///< in the order of the file, where measured
};

struct QuantizeOptions {
  std::string source;  ///< a folder, a .safetensors file with its config beside it, or a GGUF file
  std::string output;
  std::string type;   ///< of matrices: a recipe, "F16", "BF16", a format
  bool pure = false;  ///< one type for all, no recipe
  /// Instead of a type: bits of a value of all tensors on average, or bytes of all files; at most.
  std::optional<double> target_bits;
  std::optional<std::uint64_t> target_bytes;
  std::vector<std::string> formats;  ///< of a target: which it may choose; see BudgetFormats
  /// Matrices keep the type that they have in the source, F64 becomes F32; types are not looked at.
  bool as_stored = false;
  bool measure = false;  ///< fills QuantizeReport::tensors
  UserTypes user_types;  ///< of single tensors
  /// What the values of matrices weigh: from a file, or from a run of the source over the text in a
  /// file; one of the two at most.
  std::string imatrix_file, imatrix_text;
  /// What find_importance() gave for these options, for several files of one source; null: asked
  /// for.
  std::shared_ptr<const Importance> importance;
  bool keep_split =
      false;           ///< writes as many GGUF files as the source is in; see gguf_part_paths()
  bool force = false;  ///< replaces a file that is there
  bool allow_nonfinite = false;  ///< keeps NaN and infinity
  /// Called once, before the first byte is written; may be empty.
  std::function<void(const QuantizeReport& planned)> planned;
  std::function<void(double done)> progress;  ///< 0..1, from the calling thread; may be empty
  std::function<void(double done)> imatrix_progress;    ///< the same, of that run
  std::function<void(double done)> measuring_progress;  ///< the same, of errors for a target
  std::function<bool()> cancelled;                      ///< may be empty

  bool has_target() const noexcept { return target_bits || target_bytes; }
};

/// A folder, a .safetensors file or an index of several: not a GGUF file.
bool is_checkpoint(const std::string& path);

/// What quantize() would make.
struct QuantizePlan {
  QuantizeReport report;
  std::vector<PlannedTensor> tensors;  ///< in the order of the result; where rows lie is left out
};

/// Leaves nothing. For a target alone it measures, runs the model where its importance is asked
/// for, and has files for a while: beside `output`, in the system's temporary folder where that is
/// empty. Does not mind whether `output` is there. Errors: as quantize().
QuantizePlan plan_quantize(Runtime& runtime, QuantizeOptions options);

/// The file appears whole or not at all; of several, all or none. Errors: kUsage for an output that
/// is there or is the source itself; kUnavailable for an architecture, a type or a tokenizer that
/// is not there; kMissingFile, kBadFile; kIo; kCancelled.
QuantizeReport quantize(Runtime& runtime, const QuantizeOptions& options);

/// What the report will call the types that `options` ask for. Errors: kUnavailable.
std::string name_of_types(Runtime& runtime, const QuantizeOptions& options);

/// kUsage, where something is there and may not be replaced; quantize() asks it of its output.
void refuse_existing(const std::string& path, bool may_replace);

}  // namespace wick

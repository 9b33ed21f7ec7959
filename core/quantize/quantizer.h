// From a Hugging Face checkpoint, or another GGUF file, to a complete GGUF file, in one pass over
// its bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "quantize/tensor_plan.h"
#include "quantize/user_types.h"

namespace wick {

class Runtime;

struct QuantizeReport {
  std::string architecture, type;
  std::uint64_t n_tensors = 0, n_values = 0;
  std::uint64_t source_bytes = 0, output_bytes = 0;  ///< of tensors
  std::vector<std::string> notes;                    ///< what a user should know, a sentence each
  std::vector<std::string> files;                    ///< that are written: one, or each part
};

struct QuantizeOptions {
  std::string source;  ///< a folder, a .safetensors file with its config beside it, or a GGUF file
  std::string output;
  std::string type;      ///< of matrices: a recipe, "F16", "BF16", a format
  bool pure = false;     ///< one type for all, no recipe
  UserTypes user_types;  ///< of single tensors
  /// What the values of matrices weigh: from a file, or from a run of the source over the text in a
  /// file; one of the two at most.
  std::string imatrix_file, imatrix_text;
  bool keep_split =
      false;           ///< writes as many GGUF files as the source is in; see gguf_part_paths()
  bool force = false;  ///< replaces a file that is there
  bool allow_nonfinite = false;  ///< keeps NaN and infinity
  /// Called once, before the first byte is written; may be empty.
  std::function<void(const QuantizeReport& planned)> planned;
  std::function<void(double done)> progress;  ///< 0..1, from the calling thread; may be empty
  std::function<void(double done)> imatrix_progress;  ///< the same, of that run
  std::function<bool()> cancelled;                    ///< may be empty
};

/// A folder, a .safetensors file or an index of several: not a GGUF file.
bool is_checkpoint(const std::string& path);

/// What quantize() would make.
struct QuantizePlan {
  QuantizeReport report;
  std::vector<PlannedTensor> tensors;  ///< in the order of the result; where rows lie is left out
};

/// Writes nothing, runs no model for its importance, and does not look at `output`. Errors: as
/// quantize().
QuantizePlan plan_quantize(Runtime& runtime, const QuantizeOptions& options);

/// The file appears whole or not at all; of several, all or none. Errors: kUsage for an output that
/// is there or is the source itself; kUnavailable for an architecture, a type or a tokenizer that
/// is not there; kMissingFile, kBadFile; kIo; kCancelled.
QuantizeReport quantize(Runtime& runtime, const QuantizeOptions& options);

}  // namespace wick

// From a Hugging Face checkpoint, or another GGUF file, to a complete GGUF file, in one pass over
// its bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "quantize/budget_types.h"

namespace wick {

class Runtime;

struct QuantizeOptions {
  std::string source;  ///< a folder, a .safetensors file with its config beside it, or a GGUF file
  std::string output;
  std::string type;  ///< of matrices: a recipe, "F16", "BF16", a format
  /// Instead of a type: bits of a value of all tensors on average, or bytes of the file; at most.
  double target_bits = 0;
  std::uint64_t target_bytes = 0;
  bool pure = false;  ///< one type for all, no recipe
  /// What the values of matrices weigh: from a file, or from a run of the source over the text in a
  /// file; one of the two at most.
  std::string imatrix_file, imatrix_text;
  bool force = false;                         ///< replaces a file that is there
  bool allow_nonfinite = false;               ///< keeps NaN and infinity
  std::function<void(double done)> progress;  ///< 0..1, from the calling thread; may be empty
  std::function<void(double done)> imatrix_progress;    ///< the same, of that run
  std::function<void(double done)> measuring_progress;  ///< the same, of errors for a target
  std::function<bool()> cancelled;                      ///< may be empty
};

struct QuantizeReport {
  std::string architecture, type;
  std::uint64_t n_tensors = 0, n_values = 0;
  std::uint64_t source_bytes = 0, output_bytes = 0;  ///< of tensors
  std::vector<ChosenType> chosen;                    ///< for a target: what each matrix got
  std::vector<std::string> notes;                    ///< what a user should know, a sentence each
};

/// A folder, a .safetensors file or an index of several: not a GGUF file.
bool is_checkpoint(const std::string& path);

/// The file appears whole or not at all. Errors: kUsage for an output that is there or is the
/// source itself; kUnavailable for an architecture, a type or a tokenizer that is not there;
/// kMissingFile, kBadFile; kIo; kCancelled.
QuantizeReport quantize(Runtime& runtime, const QuantizeOptions& options);

}  // namespace wick

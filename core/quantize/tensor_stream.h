// Writes planned tensors to GGUF files, a window of rows at a time: all threads encode one while
// the one before is written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "files/gguf_output.h"
#include "quantize/tensor_plan.h"

namespace wick {

/// What rounding did to the values of a tensor, by what was written: sums in double.
struct RoundingError {
  double squared = 0;  ///< of the differences
  double energy = 0;   ///< of the values
};

struct StreamOptions {
  std::string subject;           ///< opens sentences: the source's path
  bool allow_nonfinite = false;  ///< NaN and infinity pass, where the type can hold them
  std::function<void(std::uint64_t bytes)> progress;  ///< of the source, read so far; may be empty
  std::function<bool()> cancelled;                    ///< asked between windows; may be empty
  /// Of each tensor once it is encoded, from the calling thread; empty: nothing is measured. A
  /// tensor whose bytes are copied has no error.
  std::function<void(const PlannedTensor&, const RoundingError&)> measured = {};
};

/// Memory: two windows, and a row of f32 a thread. Errors: kBadFile for a value that is not finite,
/// or too large for the type; kIo; kCancelled.
class TensorStream {
 public:
  TensorStream(GgufOutput& output, ThreadPool& pool, StreamOptions options)
      : output_(output), pool_(pool), options_(std::move(options)) {}

  /// In the order in which the output has them. `next`: the one behind, read ahead; may be null.
  void write(const PlannedTensor& tensor, const PlannedTensor* next);
  /// What is still in memory.
  void flush();

 private:
  void encode_window(const PlannedTensor& tensor, std::uint64_t first, std::uint64_t count);
  RoundingError encode_rows(const PlannedTensor& tensor, std::uint64_t first, std::uint64_t count,
                            std::byte* to) const;

  GgufOutput& output_;
  ThreadPool& pool_;
  StreamOptions options_;
  std::vector<std::byte> current_, pending_;
  std::vector<RoundingError> task_errors_;  ///< of a window
  RoundingError error_;                     ///< of the tensor so far
  std::uint64_t done_ = 0;
};

}  // namespace wick

// A model as it is written: one GGUF file, or several that belong together and appear together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "files/gguf_writer.h"

namespace wick {

/// As a GgufWriter is used: metadata goes to first(), then each add_tensor(), then begin(), the
/// data of the tensors in the order of their parts, and commit(). One thread at a time.
class GgufOutput {
 public:
  /// n_parts 1: the file `path`; else gguf_part_paths(path, n_parts). Errors: kIo; kUsage.
  GgufOutput(const std::string& path, std::uint32_t n_parts);

  GgufWriter& first() noexcept { return writers_.front(); }
  /// Parts count from 0, and a tensor's is no smaller than that of the one before it.
  void add_tensor(std::uint32_t part, GgufTensorSpec tensor);
  void begin();
  /// Of all files so far: behind begin() what stands in front of the tensor data.
  std::uint64_t bytes_written() const noexcept;
  void write_data(std::span<const std::byte> bytes);
  /// All files appear, or none does, and those that would have been replaced stay.
  void commit();

 private:
  std::vector<GgufWriter> writers_;
  std::size_t current_ = 0;  ///< whose data comes next
  std::size_t n_tensors_ = 0;
};

}  // namespace wick

// What is quantized: a checkpoint, or a GGUF file whose tensors are encoded again.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "quantize/tensor_plan.h"

namespace wick {

class GgufWriter;
class Registry;
struct QuantizeReport;
class TypeChoice;

/// Used once: prepare(), then add_metadata(). The plan refers to its files.
class QuantizeSource {
 public:
  virtual ~QuantizeSource() = default;
  /// Opens sentences about tensors.
  virtual const std::string& path() const = 0;
  virtual std::span<const MappedFile> files() const = 0;
  /// Whether the planned tensors belong to as many files as there are.
  virtual bool is_split() const { return false; }
  /// Every tensor of the result in the order of the file, with the type that was chosen;
  /// architecture and notes go into the report.
  virtual std::vector<PlannedTensor> prepare(TypeChoice& choice, QuantizeReport& report) = 0;
  virtual void add_metadata(GgufWriter& writer) const = 0;
};

/// A folder, or a .safetensors file with its config beside it. Errors of both: as quantize().
std::unique_ptr<QuantizeSource> open_checkpoint(Registry& registry, const std::string& path);
/// A GGUF file; of a split one, any part.
std::unique_ptr<QuantizeSource> open_gguf_source(Registry& registry, const std::string& path);

}  // namespace wick

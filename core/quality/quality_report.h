// What quantizing cost: everything that a report shows. Not how it is measured: see
// measure_quality.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "quality/compare.h"
#include "quantize/quantizer.h"

namespace wick {

/// One file that was made of the source.
struct QualityCandidate {
  QuantizeReport quantized;  ///< with its tensors
  std::uint64_t file_bytes = 0;
  bool is_kept = false;                  ///< OUT.gguf; others were made for the report alone
  std::optional<Comparison> comparison;  ///< with the source, where there was a text

  double bits_a_weight() const noexcept {
    return 8.0 * static_cast<double>(quantized.output_bytes) /
           static_cast<double>(quantized.n_values);
  }
};

struct QualityReport {
  std::string program;  ///< "wick 0.1.0"
  std::string source, output;
  std::string text;          ///< name of the text's file; empty: predictions were not compared
  std::uint32_t window = 0;  ///< tokens
  bool is_precise = false;
  std::string backends;
  std::vector<QualityCandidate> candidates;  ///< at least one; OUT.gguf first, where it was written
};

/// Where a tensor stands, by its name: the first part that is a number is the layer, the others,
/// without ".weight" at the end, say what it does there.
struct ChartPlace {
  std::optional<std::uint64_t> layer;
  std::string role;
};
ChartPlace place_of(const std::string& tensor_name);

}  // namespace wick

// What `wick inspect` shows, the same for both kinds of file.
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wick {
class GgufFile;
class SafetensorsFile;
}  // namespace wick

namespace wick::cli {

struct InspectedKey {
  std::string key;
  std::string type;          ///< "u32", "string[1406]"
  std::string text;          ///< for people: on one line, abbreviated
  boost::json::value value;  ///< in full
};

struct InspectedTensor {
  std::string name;
  std::string type;                      ///< empty: nothing installed knows it
  std::optional<std::uint32_t> type_id;  ///< of GGUF
  std::vector<std::uint64_t> shape;  ///< in the file's own order: GGUF has the contiguous one first
  std::uint64_t n_values = 0;
  std::optional<std::uint64_t> n_bytes;
  std::uint32_t part = 0;
  std::uint64_t offset = 0;
};

struct InspectReport {
  std::string path;
  std::string format;  ///< "gguf", "safetensors"
  std::optional<std::uint32_t> version;
  std::uint64_t n_parts = 1, file_bytes = 0;
  std::vector<InspectedKey> metadata;
  std::vector<InspectedTensor> tensors;
};

/// Copies what it needs.
InspectReport report_of(const GgufFile& file);
InspectReport report_of(const SafetensorsFile& file);

std::string report_text(const InspectReport& report);
boost::json::value report_json(const InspectReport& report);

}  // namespace wick::cli

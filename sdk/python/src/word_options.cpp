// See word_options.h.
#include "word_options.h"

#include <pybind11/stl.h>

namespace wick::python {
namespace {

std::vector<DeviceNumber> device_numbers(const py::dict& numbers) {
  std::vector<DeviceNumber> result;
  for (const auto& [device, number] : numbers)
    result.push_back({device.cast<std::string>(), number.cast<std::uint64_t>()});
  return result;
}

}  // namespace

ModelOptions device_options(const py::dict& words) {
  ModelOptions options;
  options.backends = words["backend"].cast<std::vector<std::string>>();
  options.layers = device_numbers(words["layers"]);
  options.memory = device_numbers(words["memory"]);
  options.precise = words["precise"].cast<bool>();
  return options;
}

QuantizeOptions quantize_options(const py::dict& words) {
  QuantizeOptions options;
  options.source = words["source"].cast<std::string>();
  options.output = words["output"].cast<std::string>();
  options.type = words["type"].cast<std::string>();
  options.pure = words["pure"].cast<bool>();
  options.target_bits = words["target_bits"].cast<std::optional<double>>();
  options.target_bytes = words["target_size"].cast<std::optional<std::uint64_t>>();
  options.formats = words["formats"].cast<std::vector<std::string>>();
  options.user_types.tensors =
      words["tensor_types"].cast<std::vector<std::pair<std::string, std::string>>>();
  options.user_types.output = words["output_type"].cast<std::string>();
  options.user_types.embedding = words["embedding_type"].cast<std::string>();
  options.imatrix_file = words["imatrix"].cast<std::string>();
  options.imatrix_text = words["imatrix_text"].cast<std::string>();
  options.keep_split = words["keep_split"].cast<bool>();
  options.measure = words["measure"].cast<bool>();
  options.force = words["force"].cast<bool>();
  options.allow_nonfinite = words["allow_nonfinite"].cast<bool>();
  return options;
}

}  // namespace wick::python

// What is in a GGUF or safetensors file, as dictionaries.
#include <pybind11/stl.h>

#include <charconv>
#include <filesystem>
#include <optional>

#include "bindings.h"
#include "files/gguf.h"
#include "files/safetensors.h"
#include "model/registry_layouts.h"
#include "plugins/runtime.h"

namespace wick::python {
namespace {

using namespace py::literals;

/// A file's text need not be UTF-8; surrogateescape keeps what is not.
py::object text(std::string_view bytes) {
  PyObject* const made =
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "surrogateescape");
  if (!made) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

/// The double of the float's shortest text: 1e-05, not 9.99999974e-06.
double shortest(float value) {
  char digits[64];
  const std::to_chars_result written = std::to_chars(digits, digits + sizeof digits, value);
  double result = value;
  std::from_chars(digits, written.ptr, result);
  return result;
}

py::object scalar(const GgufValue& value) {
  if (value.type == GgufType::kString) return text(value.as_string());
  if (value.type == GgufType::kBool) return py::bool_(value.as_bool());
  if (value.type == GgufType::kF32) return py::float_(shortest(static_cast<float>(value.as_f64())));
  if (is_gguf_float(value.type)) return py::float_(value.as_f64());
  if (value.type == GgufType::kU64) return py::int_(value.as_u64());
  return py::int_(value.as_i64());
}

py::object converted(const GgufValue& value) {
  if (value.type != GgufType::kArray) return scalar(value);
  py::list list;
  if (value.element == GgufType::kString) {
    for (const std::string_view element : value.as_strings()) list.append(text(element));
    return list;
  }
  const std::size_t width = gguf_type_bytes(value.element);
  for (std::uint64_t i = 0; i < value.count; ++i) {
    GgufValue element = value;
    element.type = value.element;
    element.bytes = value.bytes.subspan(static_cast<std::size_t>(i) * width, width);
    list.append(scalar(element));
  }
  return list;
}

py::list described(std::span<const MappedFile> parts) {
  py::list list;
  for (const MappedFile& part : parts)
    list.append(py::dict("path"_a = part.path(), "n_bytes"_a = part.size()));
  return list;
}

py::dict report_of(const GgufFile& file) {
  py::dict metadata;
  for (const GgufValue& value : file.metadata()) metadata[text(value.key)] = converted(value);
  py::list tensors;
  for (const GgufTensor& tensor : file.tensors()) {
    py::tuple shape(tensor.n_dims);
    for (std::uint32_t i = 0; i < tensor.n_dims; ++i)
      shape[tensor.n_dims - 1 - i] = py::int_(tensor.dims[i]);
    const auto type = tensor.type_name.empty() ? std::optional<std::string>() : tensor.type_name;
    tensors.append(py::dict("name"_a = text(tensor.name), "type"_a = type,
                            "type_id"_a = tensor.type_id, "shape"_a = shape,
                            "n_values"_a = tensor.n_values, "n_bytes"_a = tensor.n_bytes,
                            "part"_a = tensor.part, "offset"_a = tensor.offset));
  }
  return py::dict("path"_a = file.path(), "format"_a = "gguf", "version"_a = file.version(),
                  "parts"_a = described(file.parts()), "metadata"_a = metadata,
                  "tensors"_a = tensors);
}

py::dict report_of(const SafetensorsFile& file) {
  py::dict metadata;
  for (const auto& [key, value] : file.metadata()) metadata[text(key)] = text(value);
  py::list tensors;
  for (const SafeTensor& tensor : file.tensors())
    tensors.append(py::dict("name"_a = text(tensor.name), "type"_a = tensor.dtype,
                            "type_id"_a = py::none(), "shape"_a = py::tuple(py::cast(tensor.shape)),
                            "n_values"_a = tensor.n_values, "n_bytes"_a = tensor.data.size(),
                            "part"_a = tensor.part, "offset"_a = tensor.offset));
  return py::dict("path"_a = file.path(), "format"_a = "safetensors", "version"_a = py::none(),
                  "parts"_a = described(file.parts()), "metadata"_a = metadata,
                  "tensors"_a = tensors);
}

bool is_safetensors(const std::string& path) {
  const std::string_view view = path;
  return view.ends_with(".safetensors") || view.ends_with(".safetensors.index.json") ||
         std::filesystem::is_directory(path);
}

py::dict inspect(Runtime& runtime, const std::string& path) {
  if (is_safetensors(path)) {
    py::gil_scoped_release released;
    const SafetensorsFile file = SafetensorsFile::open(path);
    const py::gil_scoped_acquire acquired;
    return report_of(file);
  }
  py::gil_scoped_release released;
  const RegistryLayouts layouts(runtime.registry());
  const GgufFile file = GgufFile::open(path, layouts);
  const py::gil_scoped_acquire acquired;
  return report_of(file);
}

}  // namespace

void bind_inspect(py::module_& module) {
  module.def("inspect", &inspect);
}

}  // namespace wick::python

// Which weight types there are, and rows of f32 to their blocks and back.
#include <pybind11/stl.h>
#include <wick/error.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>

#include "bindings.h"
#include "buffers.h"
#include "plugins/runtime.h"
#include "python_calls.h"
#include "quantize/weight_type.h"

namespace wick::python {
namespace {

constexpr std::uint64_t kTaskValues = 1 << 16;    // stays in a core's cache
constexpr std::uint64_t kWindowValues = 1 << 22;  // between two looks at signals

py::dict described(const WeightType& type) {
  using namespace py::literals;
  const bool is_local = type.id >= kFirstLocalTypeId;
  return py::dict("name"_a = type.layout.name, "block_values"_a = type.layout.block_values,
                  "block_bytes"_a = type.layout.block_bytes,
                  "gguf_type"_a = is_local ? std::optional<std::uint32_t>() : type.id,
                  "can_quantize"_a = !type.table || type.table->encode != nullptr);
}

std::vector<WeightType> all_types(Registry& registry) {
  std::vector<WeightType> types;
  for (const PlainType plain : {PlainType::kF32, PlainType::kF16, PlainType::kBF16})
    types.push_back(plain_weight_type(plain));
  for (const Offer& offer : registry.offers("quant"))
    if (registry.has("quant", offer.id))
      types.push_back(named_weight_type(registry, offer.id, "format"));
  return types;
}

py::list formats(Runtime& runtime) {
  std::vector<WeightType> types;
  {
    const py::gil_scoped_release released;
    types = all_types(runtime.registry());
  }
  py::list list;
  for (const WeightType& type : types) list.append(described(type));
  return list;
}

struct Rows {
  std::uint64_t n_rows = 0, n_cols = 0;
};

/// body(row) for every row, on all threads; the first error is thrown.
template <class Body>
void for_each_row(ThreadPool& pool, Rows rows, const Body& body) {
  PythonCalls calls;
  std::mutex mutex;
  std::exception_ptr error;
  const std::uint64_t step = std::max<std::uint64_t>(1, kTaskValues / rows.n_cols);
  const std::uint64_t window = std::max<std::uint64_t>(step, kWindowValues / rows.n_cols);
  for (std::uint64_t first = 0; first < rows.n_rows; first += window) {
    calls.check();
    const std::uint64_t end = std::min(rows.n_rows, first + window);
    pool.parallel_for((end - first + step - 1) / step, [&](std::uint64_t task) noexcept {
      try {
        const std::uint64_t begin = first + task * step;
        for (std::uint64_t row = begin; row < std::min(end, begin + step); ++row) body(row);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!error) error = std::current_exception();
      }
    });
    if (error) std::rethrow_exception(error);
  }
}

void check_rows(const char* function, const WeightType& type, Rows rows) {
  if (rows.n_cols == 0 || !type.divides(rows.n_cols))
    fail(ErrorCode::kBadShape, function, ": a row holds ", rows.n_cols,
         " values, need a multiple of ", type.layout.block_values, " for ", type.layout.name,
         "; pad the rows or choose another format");
}

void encode(Runtime& runtime, const std::string& name, Rows rows, const py::buffer& values,
            const std::optional<py::buffer>& importance, const py::buffer& blocks) {
  const WeightType type = target_weight_type(runtime.registry(), name, "quantize_array: format");
  check_rows("quantize_array", type, rows);
  const BufferView<const float> from(values, rows.n_rows * rows.n_cols, false);
  std::optional<BufferView<const float>> weights;
  if (importance) weights.emplace(*importance, rows.n_cols, false);
  const std::uint64_t row_bytes = type.bytes(rows.n_cols);
  const BufferView<std::byte> to(blocks, rows.n_rows * row_bytes, true);
  const float* const weigh = weights ? weights->data() : nullptr;
  const py::gil_scoped_release released;
  for_each_row(runtime.pool(), rows, [&](std::uint64_t row) {
    type.encode(from.data() + row * rows.n_cols, weigh, rows.n_cols, to.data() + row * row_bytes);
  });
}

void decode(Runtime& runtime, const std::string& name, Rows rows, const py::buffer& blocks,
            const py::buffer& values) {
  const WeightType type = named_weight_type(runtime.registry(), name, "dequantize_array: format");
  check_rows("dequantize_array", type, rows);
  const std::uint64_t row_bytes = type.bytes(rows.n_cols);
  const BufferView<const std::byte> from(blocks, rows.n_rows * row_bytes, false);
  const BufferView<float> to(values, rows.n_rows * rows.n_cols, true);
  const py::gil_scoped_release released;
  for_each_row(runtime.pool(), rows, [&](std::uint64_t row) {
    type.decode(from.data() + row * row_bytes, rows.n_cols, to.data() + row * rows.n_cols);
  });
}

}  // namespace

void bind_formats(py::module_& module) {
  module.def("formats", &formats);
  module.def("format", [](Runtime& runtime, const std::string& name) {
    return described(named_weight_type(runtime.registry(), name, "format"));
  });
  module.def("encode", [](Runtime& runtime, const std::string& name, std::uint64_t n_rows,
                          std::uint64_t n_cols, const py::buffer& values,
                          const std::optional<py::buffer>& importance, const py::buffer& blocks) {
    encode(runtime, name, {n_rows, n_cols}, values, importance, blocks);
  });
  module.def("decode",
             [](Runtime& runtime, const std::string& name, std::uint64_t n_rows,
                std::uint64_t n_cols, const py::buffer& blocks, const py::buffer& values) {
               decode(runtime, name, {n_rows, n_cols}, blocks, values);
             });
}

}  // namespace wick::python

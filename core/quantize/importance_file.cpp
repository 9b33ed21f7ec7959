// See importance_file.h.
#include "quantize/importance_file.h"

#include <wick/error.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <span>

#include "files/gguf.h"
#include "files/gguf_writer.h"
#include "files/quoted.h"

namespace wick {
namespace {

constexpr std::string_view kType = "imatrix", kSums = ".in_sum2", kCounts = ".counts";
constexpr const char* kDatasets = "imatrix.datasets";
constexpr const char* kChunkCount = "imatrix.chunk_count";
constexpr const char* kChunkSize = "imatrix.chunk_size";

class Reader {
 public:
  explicit Reader(const GgufFile& file) : file_(file) {}

  Importance read() const {
    const GgufValue* type = file_.find("general.type");
    if (!type || type->type != GgufType::kString || type->as_string() != kType)
      fail(ErrorCode::kBadFile, file_.path(), ": is no importance matrix, got general.type ",
           type && type->type == GgufType::kString ? wick::quoted(type->as_string()) : "absent",
           ", need 'imatrix'; `wick imatrix` makes one");
    Importance importance;
    if (const auto datasets = file_.get_strings(kDatasets))
      for (const std::string_view dataset : *datasets) importance.datasets.emplace_back(dataset);
    importance.n_windows = number(kChunkCount);
    importance.window = number(kChunkSize);
    for (const GgufTensor& tensor : file_.tensors())
      if (tensor.name.ends_with(kSums)) add(tensor, importance);
    if (importance.entries.empty())
      fail(ErrorCode::kBadFile, file_.path(), ": holds no tensor *", kSums,
           "; it is damaged, or no importance matrix");
    return importance;
  }

 private:
  std::uint32_t number(const char* key) const {
    const std::uint64_t value = file_.get_u64(key).value_or(0);
    if (value > std::numeric_limits<std::uint32_t>::max())
      fail(ErrorCode::kBadFile, file_.path(), ": ", key, " is too large, got ", value);
    return static_cast<std::uint32_t>(value);
  }

  std::vector<float> values(const GgufTensor& tensor) const {
    if (tensor.type_id != static_cast<std::uint32_t>(PlainType::kF32))
      fail(ErrorCode::kBadFile, file_.path(), ": tensor ", wick::quoted(tensor.name), " has type ",
           tensor.type_name, ", need F32");
    std::vector<float> values(tensor.n_values);
    std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
    for (const float value : values)
      if (!std::isfinite(value) || value < 0)
        fail(ErrorCode::kBadFile, file_.path(), ": tensor ", wick::quoted(tensor.name),
             ": a sum of squares, or a count, is ", value,
             ", need a finite number from 0 up; make the file again");
    return values;
  }

  void add(const GgufTensor& sums, Importance& importance) const {
    const std::string name(sums.name.substr(0, sums.name.size() - kSums.size()));
    const GgufTensor* counts = file_.find_tensor(name + std::string(kCounts));
    if (!counts || counts->n_values != sums.rows())
      fail(ErrorCode::kBadFile, file_.path(), ": tensor ", wick::quoted(sums.name), " has ",
           sums.rows(), " rows, and ", wick::quoted(name + std::string(kCounts)),
           counts ? " another number of values" : " is missing", "; the file is damaged");
    importance.entries.emplace(name, ColumnSums{values(sums), values(*counts)});
  }

  const GgufFile& file_;
};

GgufTensorSpec spec(const std::string& name, std::uint64_t n_cols, std::uint64_t n_rows) {
  const auto type = static_cast<std::uint32_t>(PlainType::kF32);
  return {name, {n_cols, n_rows}, type, plain_type_layout(type).value()};
}

}  // namespace

Importance read_importance(const std::string& path) {
  const GgufFile file = GgufFile::open(path);
  return Reader(file).read();
}

void write_importance(const std::string& path, const Importance& importance) {
  GgufWriter writer(path);
  writer.add_string("general.type", kType);
  writer.add_strings(kDatasets, importance.datasets);
  writer.add_number<std::uint32_t>(kChunkCount, importance.n_windows);
  writer.add_number<std::uint32_t>(kChunkSize, importance.window);
  for (const auto& [name, entry] : importance.entries) {
    writer.add_tensor(spec(name + std::string(kSums), entry.sums.size() / entry.n_matrices(),
                           entry.n_matrices()));
    writer.add_tensor(spec(name + std::string(kCounts), 1, entry.n_matrices()));
  }
  writer.begin();
  for (const auto& [name, entry] : importance.entries) {
    writer.write_data(std::as_bytes(std::span(entry.sums)));
    writer.write_data(std::as_bytes(std::span(entry.counts)));
  }
  writer.finish();
}

}  // namespace wick

// See checkpoint_plan.h.
#include "quantize/checkpoint_plan.h"

#include <wick/error.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "files/plain_values.h"
#include "files/quoted.h"

namespace wick {
namespace {

constexpr std::string_view kInterleave = "rope_interleave:";

std::string shape_text(const std::vector<std::uint64_t>& dims) {
  std::string text = "[";
  for (const std::uint64_t dim : dims) text += (text.size() > 1 ? ", " : "") + std::to_string(dim);
  return text + "]";
}

std::vector<std::uint64_t> without_ones(std::vector<std::uint64_t> dims) {
  dims.erase(std::remove(dims.begin(), dims.end(), 1u), dims.end());
  return dims;
}

/// The names of what is stacked, or the one name.
std::vector<std::string> source_names(const TensorNeed& need) {
  const std::size_t star = need.source.find('*');
  if (need.transform != "stack_experts" || star == std::string::npos) return {need.source};
  std::vector<std::string> names;
  for (std::uint64_t i = 0; i < need.dims[0]; ++i)
    names.push_back(std::string(need.source).replace(star, 1, std::to_string(i)));
  return names;
}

class Planner {
 public:
  Planner(const SafetensorsFile& file, const ConvertedConfig& config)
      : file_(file), config_(config) {}

  /// Nothing for an optional tensor that is not there.
  bool plan(const TensorNeed& need, PlannedTensor& out) const {
    out.name = need.name;
    out.dims = need.dims;
    if (const auto made = config_.vectors.find(need.name); made != config_.vectors.end())
      return use_made(need, made->second, out);
    if (config_.left_out.count(need.name) != 0) return false;
    const std::vector<std::string> names = source_names(need);
    if (need.optional && (need.source.empty() || !file_.find_tensor(names.front()))) return false;
    set_rows(need, out);
    for (const std::string& name : names) add_part(need, name, names.size() > 1, out);
    out.type = plain_weight_type(PlainType::kF32);
    return true;
  }

 private:
  template <class... Parts>
  [[noreturn]] void bad(const std::string& name, const Parts&... parts) const {
    fail(ErrorCode::kBadFile, file_.path(), ": tensor ", wick::quoted(name), ": ", parts...);
  }

  static bool use_made(const TensorNeed& need, const std::vector<float>& values,
                       PlannedTensor& out) {
    if (need.dims != std::vector<std::uint64_t>{values.size()})
      fail(ErrorCode::kInternal, "architecture: ", need.name, ": it made ", values.size(),
           " values and declares ", shape_text(need.dims));
    out.made = values;
    out.type = out.stored = plain_weight_type(PlainType::kF32);
    out.n_rows = 1;
    out.n_cols = values.size();
    out.parts = {{nullptr, 0, std::as_bytes(std::span<const float>(out.made))}};
    return true;
  }

  /// "rope_interleave:N_HEADS", and ":N_ROTARY" where only so many rows of a head turn.
  static void set_interleaving(const TensorNeed& need, PlannedTensor& out) {
    const char* end = need.transform.data() + need.transform.size();
    auto read = std::from_chars(need.transform.data() + kInterleave.size(), end, out.n_heads);
    const bool is_partial = read.ec == std::errc() && read.ptr != end && *read.ptr == ':';
    if (is_partial) read = std::from_chars(read.ptr + 1, end, out.n_rotary);
    const bool is_read = read.ec == std::errc() && read.ptr == end && out.n_heads > 0 &&
                         need.dims[0] % out.n_heads == 0;
    const std::uint64_t rows = is_read ? need.dims[0] / out.n_heads : 0;
    const std::uint64_t turning = is_partial ? out.n_rotary : rows;
    if (turning == 0 || turning > rows || turning % 2 != 0)
      fail(ErrorCode::kInternal, "architecture: ", need.name, ": cannot be interleaved by ",
           need.transform);
  }

  /// What is interleaved is dims[0], even of a vector: its rows have one value each then.
  void set_rows(const TensorNeed& need, PlannedTensor& out) const {
    const std::string& transform = need.transform;
    if (transform.rfind(kInterleave, 0) == 0) {
      set_interleaving(need, out);
    } else if (!transform.empty() && transform != "squeeze" && transform != "stack_experts") {
      fail(ErrorCode::kIncompatible, "architecture: ", need.name, ": its transform ",
           wick::quoted(transform), " is not known to this host; update Wick");
    }
    std::uint64_t n_values = 1;
    for (const std::uint64_t dim : need.dims)
      if (dim == 0 || __builtin_mul_overflow(n_values, dim, &n_values))
        fail(ErrorCode::kBadShape, need.name, ": has an impossible shape ", shape_text(need.dims));
    out.n_cols = need.dims.size() == 1 && out.n_heads > 0 ? 1 : need.dims.back();
    out.n_rows = n_values / out.n_cols;
  }

  void add_part(const TensorNeed& need, const std::string& name, bool stacked,
                PlannedTensor& out) const {
    const SafeTensor* tensor = file_.find_tensor(name);
    if (!tensor)
      fail(ErrorCode::kBadFile, file_.path(), ": tensor ", wick::quoted(name),
           " is missing; the checkpoint is not complete or of another kind");
    std::vector<std::uint64_t> want = need.dims, got = tensor->shape;
    if (stacked) want.erase(want.begin());
    if (need.transform == "squeeze") want = without_ones(want), got = without_ones(got);
    if (got != want)
      bad(name, "has the wrong shape, got ", shape_text(tensor->shape), ", need ",
          shape_text(want));
    const auto type = plain_type_named(tensor->dtype);
    if (!type || !is_plain_float(static_cast<std::uint32_t>(*type)))
      bad(name, "its dtype is no weight's, got ", tensor->dtype, ", need F32, F16, BF16 or F64");
    if (!out.parts.empty() && out.stored.id != static_cast<std::uint32_t>(*type))
      bad(name, "its dtype differs from that of the other experts, got ", tensor->dtype, ", need ",
          out.stored.layout.name);
    if (out.parts.empty()) out.source_name = name;
    out.stored = plain_weight_type(*type);
    out.parts.push_back({&file_.parts()[tensor->part], tensor->offset, tensor->data});
  }

  const SafetensorsFile& file_;
  const ConvertedConfig& config_;
};

}  // namespace

std::vector<PlannedTensor> plan_checkpoint(const SafetensorsFile& file,
                                           const std::vector<TensorNeed>& needs,
                                           const ConvertedConfig& config) {
  const Planner planner(file, config);
  std::vector<PlannedTensor> plan;
  for (const TensorNeed& need : needs) {
    PlannedTensor tensor;
    if (planner.plan(need, tensor)) plan.push_back(std::move(tensor));
  }
  return plan;
}

std::map<std::string, DeclaredTensor, std::less<>> declared(
    const std::vector<TensorNeed>& needs, const std::vector<PlannedTensor>& plan) {
  std::map<std::string, DeclaredTensor, std::less<>> tensors;
  for (const TensorNeed& need : needs)
    tensors[need.name] = {{need.dims.begin(), need.dims.end()}, false};
  for (const PlannedTensor& tensor : plan) tensors[tensor.name].present = true;
  return tensors;
}

std::vector<std::string> unused_tensors(const SafetensorsFile& file,
                                        const std::vector<PlannedTensor>& plan,
                                        const std::vector<TensorNeed>& needs,
                                        const ConvertedConfig& config) {
  std::set<const std::byte*> used;
  for (const PlannedTensor& tensor : plan)
    for (const SourcePart& part : tensor.parts) used.insert(part.data.data());
  for (const TensorNeed& need : needs)
    if (const SafeTensor* tensor = file.find_tensor(need.source);
        tensor && config.left_out.count(need.name) != 0)
      used.insert(tensor->data.data());
  std::size_t n_unused = 0;
  std::string first;
  for (const SafeTensor& tensor : file.tensors())
    if (used.count(tensor.data.data()) == 0 && n_unused++ == 0) first = tensor.name;
  if (n_unused == 0) return {};
  return {"the checkpoint has " + std::to_string(n_unused) +
          " tensors that its architecture does not use; the first is " + wick::quoted(first)};
}

}  // namespace wick

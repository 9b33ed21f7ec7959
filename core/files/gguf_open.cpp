// Opens a GGUF model: joins its parts, finds the size of every tensor, and checks that none leaves
// its file or overlaps.
#include "files/gguf_open.h"

#include <wick/error.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "files/gguf_local_types.h"
#include "files/quoted.h"

namespace wick {
namespace {

[[noreturn]] void bad_tensor(const std::string& path, const GgufTensor& tensor,
                             const std::string& what) {
  fail(ErrorCode::kBadFile, path, ": tensor ", quoted(tensor.name), ": ", what);
}

// Rows are whole blocks, so the product of all counts is exact; it may still not fit.
std::uint64_t tensor_bytes(const std::string& path, const GgufTensor& tensor,
                           const TypeLayout& layout) {
  if (tensor.cols() % layout.block_values != 0)
    bad_tensor(path, tensor,
               "a row is not a whole number of " + layout.name + " blocks, got " +
                   std::to_string(tensor.cols()) + " values, need a multiple of " +
                   std::to_string(layout.block_values));
  std::uint64_t n_bytes = 0;
  if (__builtin_mul_overflow(tensor.n_values / layout.block_values, layout.block_bytes, &n_bytes))
    bad_tensor(path, tensor,
               "its size overflows, got " + std::to_string(tensor.n_values) + " values of type " +
                   layout.name + ", need less than 2^64 bytes");
  return n_bytes;
}

}  // namespace

GgufFile GgufOpener::open(const std::string& path) {
  MappedFile given = MappedFile::open(path);
  GgufPart parsed = parse_gguf_part(given);
  const GgufSplit split = read_gguf_split(path, parsed);
  for (std::uint32_t i = 0; i < split.n_parts; ++i) {
    if (i == split.number)
      keep(std::move(given), std::move(parsed));
    else
      open_part(gguf_part_path(path, i), i, split);
  }
  file_.version_ = parts_.front().version;
  file_.metadata_ = std::move(parts_.front().metadata);
  file_.keys_by_name_ = std::move(parts_.front().keys_by_name);
  file_.local_types_ = read_local_types(file_);
  for (std::uint32_t i = 0; i < parts_.size(); ++i) add_tensors(i);
  if (split.is_split() && split.n_tensors != file_.tensors_.size())
    fail(ErrorCode::kBadFile, file_.path(), ": key 'split.tensors.count' does not agree with the ",
         split.n_parts, " files, got ", split.n_tensors, ", need ", file_.tensors_.size());
  sort_names();
  return std::move(file_);
}

void GgufOpener::keep(MappedFile mapping, GgufPart part) {
  file_.parts_.push_back(std::move(mapping));
  parts_.push_back(std::move(part));
}

void GgufOpener::open_part(const std::string& path, std::uint32_t number, const GgufSplit& wanted) {
  MappedFile mapping = MappedFile::open(path);
  GgufPart part = parse_gguf_part(mapping);
  const GgufSplit split = read_gguf_split(path, part);
  if (split.number != number || split.n_parts != wanted.n_parts ||
      split.n_tensors != wanted.n_tensors)
    fail(ErrorCode::kBadFile, path, ": does not belong to the same model, got part ",
         split.number + 1, " of ", split.n_parts, " with ", split.n_tensors,
         " tensors in all, need part ", number + 1, " of ", wanted.n_parts, " with ",
         wanted.n_tensors);
  keep(std::move(mapping), std::move(part));
}

const TypeLayout* GgufOpener::layout_of(const std::string& path, const GgufTensorEntry& entry) {
  if (entry.type_id >= kFirstLocalTypeId) {
    const TypeLayout* local = file_.find_local_type(entry.type_id);
    if (local == nullptr)
      fail(ErrorCode::kBadFile, path, ": tensor ", quoted(entry.name), ": has type ", entry.type_id,
           ", which the array 'wick.tensor_type.ids' does not name");
    return local;
  }
  auto found = layouts_by_id_.find(entry.type_id);
  if (found == layouts_by_id_.end()) {
    auto layout = plain_type_layout(entry.type_id);
    if (!layout) layout = layouts_.find(entry.type_id);
    if (layout && (layout->block_values == 0 || layout->block_bytes == 0))
      fail(ErrorCode::kInternal, "format ", quoted(layout->name),
           ": its block is empty, need at least one value and byte");
    found = layouts_by_id_.emplace(entry.type_id, std::move(layout)).first;
  }
  return found->second ? &*found->second : nullptr;
}

void GgufOpener::add_tensors(std::uint32_t part_index) {
  const std::size_t first = file_.tensors_.size();
  const MappedFile& mapping = file_.parts_[part_index];
  const GgufPart& part = parts_[part_index];
  for (const GgufTensorEntry& entry : part.tensors) {
    GgufTensor tensor;
    tensor.name = entry.name;
    tensor.dims = entry.dims;
    tensor.n_dims = entry.n_dims;
    tensor.type_id = entry.type_id;
    tensor.n_values = entry.n_values;
    tensor.part = part_index;
    if (const TypeLayout* layout = layout_of(mapping.path(), entry)) {
      tensor.type_name = layout->name;
      tensor.n_bytes = tensor_bytes(mapping.path(), tensor, *layout);
    }
    place(tensor, entry.offset, part);
    file_.tensors_.push_back(std::move(tensor));
  }
  check_overlap(std::span(file_.tensors_).subspan(first));
}

void GgufOpener::place(GgufTensor& tensor, std::uint64_t offset, const GgufPart& part) const {
  const MappedFile& mapping = file_.parts_[tensor.part];
  const std::uint64_t space =
      mapping.size() > part.data_start ? mapping.size() - part.data_start : 0;
  if (offset % part.alignment != 0)
    bad_tensor(mapping.path(), tensor,
               "is misaligned, got offset " + std::to_string(offset) + ", need a multiple of " +
                   std::to_string(part.alignment));
  // A tensor of unknown size has at least one byte.
  const std::uint64_t n_bytes = tensor.n_bytes.value_or(1);
  if (offset > space || n_bytes > space - offset)
    bad_tensor(mapping.path(), tensor,
               "lies outside the file, got offset " + std::to_string(offset) + " and " +
                   std::to_string(n_bytes) + " bytes, need an end within the " +
                   std::to_string(space) +
                   " bytes of tensor data; the file is cut or damaged, fetch it again");
  tensor.offset = part.data_start + offset;
  if (tensor.n_bytes)
    tensor.data = mapping.bytes().subspan(static_cast<std::size_t>(tensor.offset),
                                          static_cast<std::size_t>(n_bytes));
}

void GgufOpener::check_overlap(std::span<const GgufTensor> tensors) const {
  std::vector<const GgufTensor*> order;
  for (const GgufTensor& tensor : tensors) order.push_back(&tensor);
  std::sort(order.begin(), order.end(), [](auto a, auto b) { return a->offset < b->offset; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const GgufTensor& before = *order[i - 1];
    const std::uint64_t end = before.offset + before.n_bytes.value_or(1);
    if (order[i]->offset < end)
      bad_tensor(file_.parts_[before.part].path(), *order[i],
                 "overlaps tensor " + quoted(before.name) + ", got offset " +
                     std::to_string(order[i]->offset) + ", need " + std::to_string(end) +
                     " or more");
  }
}

void GgufOpener::sort_names() {
  const auto name = [this](std::uint32_t index) { return file_.tensors_[index].name; };
  auto& order = file_.tensors_by_name_;
  order.resize(file_.tensors_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return name(a) < name(b); });
  const auto twice = std::adjacent_find(order.begin(), order.end(),
                                        [&](auto a, auto b) { return name(a) == name(b); });
  if (twice != order.end())
    bad_tensor(file_.path(), file_.tensors_[*twice], "is there twice, need each name once");
}

}  // namespace wick

// See gguf_output.h.
#include "files/gguf_output.h"

#include <wick/error.h>

#include "base/kept_file.h"
#include "files/gguf_split.h"

namespace wick {

GgufOutput::GgufOutput(const std::string& path, std::uint32_t n_parts) {
  for (const std::string& name : gguf_part_paths(path, n_parts)) writers_.emplace_back(name);
}

void GgufOutput::add_tensor(std::uint32_t part, GgufTensorSpec tensor) {
  if (part >= writers_.size() || part < current_)
    fail(ErrorCode::kBadArgument, first().path(), ": tensors out of order, got part ", part,
         ", need ", current_, " to ", writers_.size() - 1);
  current_ = part;
  ++n_tensors_;
  // Readers take the types of all parts from the first.
  if (part > 0 && tensor.type_id >= kFirstLocalTypeId)
    first().add_local_type(tensor.type_id, tensor.layout);
  writers_[part].add_tensor(std::move(tensor));
}

void GgufOutput::begin() {
  for (std::size_t i = 0; i < writers_.size(); ++i) {
    if (writers_.size() > 1) {
      writers_[i].add_number<std::uint16_t>("split.no", static_cast<std::uint16_t>(i));
      writers_[i].add_number<std::uint16_t>("split.count",
                                            static_cast<std::uint16_t>(writers_.size()));
      writers_[i].add_number<std::int32_t>("split.tensors.count",
                                           static_cast<std::int32_t>(n_tensors_));
    }
    writers_[i].begin();
  }
  current_ = 0;
}

std::uint64_t GgufOutput::bytes_written() const noexcept {
  std::uint64_t sum = 0;
  for (const GgufWriter& writer : writers_) sum += writer.bytes_written();
  return sum;
}

void GgufOutput::write_data(std::span<const std::byte> bytes) {
  while (current_ + 1 < writers_.size() && writers_[current_].is_complete()) ++current_;
  writers_[current_].write_data(bytes);
}

void GgufOutput::commit() {
  // What can fail does so here, while nothing is in its place.
  for (GgufWriter& writer : writers_) writer.flush();
  if (writers_.size() == 1) return writers_.front().finish();  // its renaming does it or does not
  std::vector<KeptFile> replaced;
  try {
    for (GgufWriter& writer : writers_) {
      replaced.emplace_back(writer.path());
      writer.finish();
    }
  } catch (...) {
    for (KeptFile& file : replaced) file.put_back();
    throw;
  }
}

}  // namespace wick

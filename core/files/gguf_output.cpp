// See gguf_output.h.
#include "files/gguf_output.h"

#include <wick/error.h>

#include <cstdio>

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

void GgufOutput::write_data(std::span<const std::byte> bytes) {
  while (current_ + 1 < writers_.size() && writers_[current_].is_complete()) ++current_;
  writers_[current_].write_data(bytes);
}

void GgufOutput::commit() {
  // What can fail does so here, while nothing is in its place.
  for (GgufWriter& writer : writers_) writer.flush();
  std::size_t n_done = 0;
  try {
    for (; n_done < writers_.size(); ++n_done) writers_[n_done].finish();
  } catch (...) {
    while (n_done > 0) std::remove(writers_[--n_done].path().c_str());
    throw;
  }
}

}  // namespace wick

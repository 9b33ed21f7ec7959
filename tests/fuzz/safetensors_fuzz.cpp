// Any bytes as a safetensors file: the header, and that every tensor can be read.
#include "files/safetensors.h"
#include "fuzz_input.h"

namespace wick::fuzz {
namespace {

std::uint64_t g_sum = 0;  // what was read must be used, or the compiler drops the reading

void read_all(const SafetensorsFile& file) {
  for (const SafeTensor& tensor : file.tensors()) {
    if (file.find_tensor(tensor.name) != &tensor) __builtin_trap();
    std::uint64_t n_values = 1;
    for (const std::uint64_t dim : tensor.shape) n_values *= dim;
    if (n_values != tensor.n_values) __builtin_trap();
    for (const std::byte byte : tensor.data) g_sum += static_cast<std::uint64_t>(byte);
  }
}

}  // namespace
}  // namespace wick::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const wick::fuzz::Folder folder;
  folder.write("model.safetensors", wick::fuzz::text_of(data, size));
  wick::fuzz::must_read_or_refuse([&] {
    wick::fuzz::read_all(wick::SafetensorsFile::open(folder.path_of("model.safetensors")));
  });
  return 0;
}

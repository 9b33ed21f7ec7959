// One entry for a fuzzer and for the unit tests: opens any bytes as a GGUF file and reads
// everything in it.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "files/gguf.h"

#include <wick/error.h>

namespace wick {
namespace {

// A few block formats, so that row lengths and sizes get their checks.
class FuzzLayouts final : public TypeLayouts {
 public:
  std::optional<TypeLayout> find(std::uint32_t type_id) const override {
    if (type_id == 2) return TypeLayout{"blocks of 32", 32, 18};
    if (type_id == 12) return TypeLayout{"blocks of 256", 256, 144};
    return std::nullopt;
  }
};

std::uint64_t g_sum = 0;  // what was read must be used, or the compiler drops the reading

template <class Read>
void try_reading(Read read) {
  try {
    read();
  } catch (const Error&) {
    ++g_sum;  // a mistyped value
  }
}

void read_value(const GgufValue& value) {
  try_reading([&] { g_sum += value.as_u64(); });
  try_reading([&] { g_sum += static_cast<std::uint64_t>(value.as_i64()); });
  try_reading([&] { g_sum += value.as_f64() > 0; });
  try_reading([&] { g_sum += value.as_bool(); });
  try_reading([&] {
    for (const char letter : value.as_string()) g_sum += static_cast<unsigned char>(letter);
  });
  try_reading([&] {
    for (const std::string_view text : value.as_strings())
      for (const char letter : text) g_sum += static_cast<unsigned char>(letter);
  });
  try_reading([&] { g_sum += value.as_numbers<std::int32_t>().size(); });
  try_reading([&] { g_sum += value.as_numbers<std::uint64_t>().size(); });
  try_reading([&] { g_sum += value.as_numbers<double>().size(); });
}

void read_all(const GgufFile& file) {
  for (const GgufValue& value : file.metadata()) {
    read_value(value);
    if (file.find(value.key) != &value) __builtin_trap();
  }
  for (const GgufTensor& tensor : file.tensors()) {
    if (file.find_tensor(tensor.name) != &tensor) __builtin_trap();
    g_sum += tensor.rows() + tensor.cols();
    if (tensor.data.empty()) continue;
    g_sum += static_cast<std::uint64_t>(tensor.data.front()) +
             static_cast<std::uint64_t>(tensor.data.back());
    file.drop(tensor);
  }
}

}  // namespace
}  // namespace wick

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int descriptor = ::memfd_create("gguf", MFD_CLOEXEC);
  if (descriptor < 0) return 0;
  if (::write(descriptor, data, size) == static_cast<ssize_t>(size)) {
    try {
      wick::read_all(
          wick::GgufFile::open("/proc/self/fd/" + std::to_string(descriptor), wick::FuzzLayouts()));
    } catch (const wick::Error& error) {
      if (error.code() != wick::ErrorCode::kBadFile) __builtin_trap();
    }
  }
  ::close(descriptor);
  return 0;
}

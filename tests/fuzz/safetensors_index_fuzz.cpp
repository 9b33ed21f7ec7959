// Any bytes as the index of two shards that are there.
#include "files/safetensors.h"
#include "fuzz_input.h"

namespace wick::fuzz {
namespace {

/// One tensor of two values each.
void write_shard(const Folder& folder, const char* file, const std::string& tensor) {
  const std::string header =
      "{\"" + tensor + "\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}";
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size());
  folder.write(file, bytes + header + "xy");
}

void put_shards(const Folder& folder) {
  write_shard(folder, "a.safetensors", "first");
  write_shard(folder, "b.safetensors", "second");
}

}  // namespace
}  // namespace wick::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const wick::fuzz::Folder folder(wick::fuzz::put_shards);
  folder.write("model.safetensors.index.json", wick::fuzz::text_of(data, size));
  wick::fuzz::must_read_or_refuse([&] {
    const auto file = wick::SafetensorsFile::open(folder.path());
    for (const auto& part : file.parts())
      if (part.path().rfind(folder.path() + "/", 0) != 0) __builtin_trap();
    if (file.tensors().size() > 2) __builtin_trap();
  });
  return 0;
}

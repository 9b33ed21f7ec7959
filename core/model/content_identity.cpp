// See content_identity.h. Two sums of 64 bits that start apart: by chance no two files share both.
#include "model/content_identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "files/gguf.h"

namespace wick {
namespace {

constexpr std::uint64_t kSampleBytes = 64;

class Digest {
 public:
  void add(std::uint64_t word) noexcept {
    for (std::uint64_t& sum : sums_) {
      sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
      sum ^= sum >> 29;
    }
  }
  void add(std::span<const std::byte> bytes) noexcept {
    add(bytes.size());
    for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(8, bytes.size()))) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data(), std::min<std::size_t>(8, bytes.size()));
      add(word);
    }
  }
  std::string text() const { return fmt::format("{:016x}{:016x}", sums_[0], sums_[1]); }

 private:
  std::uint64_t sums_[2] = {0x6a09e667f3bcc908u, 0xbb67ae8584caa73bu};
};

/// Bytes of a part that are in front of all tensors.
std::uint64_t head_bytes(const GgufFile& file, std::size_t part) {
  std::uint64_t bytes = file.parts()[part].size();
  for (const GgufTensor& tensor : file.tensors())
    if (tensor.part == part) bytes = std::min(bytes, tensor.offset);
  return bytes;
}

void add_sample(Digest& digest, std::span<const std::byte> data, std::uint64_t from) {
  digest.add(data.subspan(from, std::min<std::uint64_t>(kSampleBytes, data.size() - from)));
}

}  // namespace

std::string content_identity(const GgufFile& file) {
  Digest digest;
  for (std::size_t i = 0; i < file.parts().size(); ++i) {
    const MappedFile& part = file.parts()[i];
    digest.add(part.size());
    digest.add(static_cast<std::uint64_t>(part.modified_ns()));
    digest.add(part.bytes().first(head_bytes(file, i)));
  }
  for (const GgufTensor& tensor : file.tensors()) {
    add_sample(digest, tensor.data, 0);
    add_sample(digest, tensor.data, tensor.data.size() / 2);
  }
  return digest.text();
}

}  // namespace wick

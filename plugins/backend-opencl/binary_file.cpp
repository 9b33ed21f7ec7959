// A head of three numbers (bytes of the key, of the binary, checksum of both), the key, the binary.
// Drivers check their own data poorly: a byte that flipped must not reach them.
#include "binary_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>

namespace wick::opencl {
namespace {

constexpr std::uint64_t kMostBytes = 256u << 20;

struct Head {
  char magic[8];
  std::uint64_t key_bytes, binary_bytes, checksum;
};
constexpr char kMagic[8] = {'w', 'i', 'c', 'k', 'C', 'L', '0', '1'};

/// FNV-1a, 64 bits (Fowler, Noll and Vo, 1991).
std::uint64_t checksum(const void* data, std::size_t n, std::uint64_t hash) {
  const auto* bytes = static_cast<const std::uint8_t*>(data);
  for (std::size_t i = 0; i < n; ++i) hash = (hash ^ bytes[i]) * 0x100000001b3u;
  return hash;
}

std::uint64_t hash_of(const std::string& key, const std::vector<std::uint8_t>& binary) {
  constexpr std::uint64_t kStart = 0xcbf29ce484222325u;
  return checksum(binary.data(), binary.size(), checksum(key.data(), key.size(), kStart));
}

}  // namespace

std::string binary_file_of(const std::string& folder, const std::string& key) {
  char name[40];
  std::snprintf(name, sizeof name, "/opencl-%016llx.bin",
                static_cast<unsigned long long>(hash_of(key, {})));
  return folder + name;
}

std::vector<std::uint8_t> read_binary_file(const std::string& file, const std::string& key) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return {};
  const auto size = static_cast<std::uint64_t>(in.tellg());
  Head head{};
  in.seekg(0);
  in.read(reinterpret_cast<char*>(&head), sizeof head);
  if (!in || std::memcmp(head.magic, kMagic, sizeof kMagic) != 0 || size > kMostBytes ||
      head.key_bytes != key.size() || head.binary_bytes != size - sizeof head - key.size())
    return {};
  std::string found(key.size(), '\0');
  std::vector<std::uint8_t> binary(head.binary_bytes);
  in.read(found.data(), static_cast<std::streamsize>(found.size()));
  in.read(reinterpret_cast<char*>(binary.data()), static_cast<std::streamsize>(binary.size()));
  if (!in || found != key || head.checksum != hash_of(key, binary)) return {};
  return binary;
}

bool write_binary_file(const std::string& file, const std::string& key,
                       const std::vector<std::uint8_t>& binary) noexcept {
  try {
    const std::string beside = file + "." + std::to_string(getpid());
    Head head{};
    std::memcpy(head.magic, kMagic, sizeof kMagic);
    head.key_bytes = key.size(), head.binary_bytes = binary.size();
    head.checksum = hash_of(key, binary);
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(&head), sizeof head);
    out.write(key.data(), static_cast<std::streamsize>(key.size()));
    out.write(reinterpret_cast<const char*>(binary.data()),
              static_cast<std::streamsize>(binary.size()));
    out.close();
    if (out && std::rename(beside.c_str(), file.c_str()) == 0) return true;
    std::remove(beside.c_str());
  } catch (...) {
  }
  return false;
}

}  // namespace wick::opencl

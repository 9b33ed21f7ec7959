// A line of text with the key, then the checksum and the driver's bytes. Drivers check their own
// data poorly: a byte that flipped must not reach them.
#include "pipeline_file.h"

#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <fstream>

#include "shaders.h"

namespace wick::vulkan {
namespace {

constexpr std::uint64_t kMostBytes = 256u << 20;

/// FNV-1a, 64 bits (Fowler, Noll and Vo, 1991).
std::uint64_t checksum(const std::vector<std::uint8_t>& data) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::uint8_t byte : data) hash = (hash ^ byte) * 0x100000001b3u;
  return hash;
}

std::string key_of(const PhysicalDevice& device) {
  return "wick pipelines 1 " + device.driver_key + " " + shaders_fingerprint() + "\n";
}

}  // namespace

std::vector<std::uint8_t> read_pipeline_file(const std::string& file,
                                             const PhysicalDevice& device) {
  if (file.empty()) return {};
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) return {};
  const auto size = static_cast<std::uint64_t>(in.tellg());
  const std::string key = key_of(device);
  if (size < key.size() + sizeof(std::uint64_t) || size > kMostBytes) return {};
  std::string head(key.size(), '\0');
  std::uint64_t sum = 0;
  std::vector<std::uint8_t> data(size - key.size() - sizeof sum);
  in.seekg(0);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  in.read(reinterpret_cast<char*>(&sum), sizeof sum);
  in.read(reinterpret_cast<char*>(data.data()), static_cast<std::streamsize>(data.size()));
  if (!in || head != key || sum != checksum(data)) return {};
  return data;
}

bool write_pipeline_file(const std::string& file, const PhysicalDevice& device,
                         const std::vector<std::uint8_t>& data) noexcept {
  try {
    const std::string key = key_of(device), beside = file + "." + std::to_string(getpid());
    const std::uint64_t sum = checksum(data);
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out.write(key.data(), static_cast<std::streamsize>(key.size()));
    out.write(reinterpret_cast<const char*>(&sum), sizeof sum);
    out.write(reinterpret_cast<const char*>(data.data()),
              static_cast<std::streamsize>(data.size()));
    out.close();
    if (out && std::rename(beside.c_str(), file.c_str()) == 0) return true;
    std::remove(beside.c_str());
  } catch (...) {
  }
  return false;
}

}  // namespace wick::vulkan

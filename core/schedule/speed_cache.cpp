// See speed_cache.h. Text, so that people can look: a line each for version, key, numbers and a
// check sum of those before.
#include "schedule/speed_cache.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <dlfcn.h>
#include <sys/stat.h>

#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <string_view>

#include "base/atomic_file.h"
#include "base/cache_directory.h"
#include "base/log.h"
#include "base/own_file.h"

namespace wick {
namespace {

constexpr std::string_view kVersion = "wick device speed 1\n";
constexpr std::size_t kMostBytes = 1 << 16;

/// FNV-1a.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

/// Path, size and time of the file that the backend's functions are in: its library, or the program
/// that they are part of, of which the dynamic linker knows no path.
std::string library_of(const Device& device) {
  Dl_info info{};
  const auto function = device.table().device_count;
  const void* address = nullptr;
  static_assert(sizeof address == sizeof function);
  std::memcpy(&address, &function, sizeof address);
  const bool is_library = ::dladdr(address, &info) != 0 && info.dli_fname != nullptr;
  const std::string file = is_library ? info.dli_fname : own_file().string();
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return "unknown";
  return fmt::format("{} {} {}.{:09}", file, status.st_size, status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec);
}

std::string key_of(const ListedDevice& listed) {
  std::string key =
      fmt::format("{} | {} | {} | {} | {}", listed.device.backend(), library_of(listed.device),
                  listed.facts.id, listed.facts.name, listed.facts.description);
  for (char& c : key)
    if (c == '\n' || c == '\r') c = ' ';
  return key;
}

std::string text_of(const std::string& key, const DeviceSpeed& speed) {
  const std::string body = fmt::format("{}{}\nread_bytes {}\nmacs {}\nrun_seconds {}\n", kVersion,
                                       key, speed.read_bytes, speed.macs, speed.run_seconds);
  return fmt::format("{}sum {:016x}\n", body, hash_of(body));
}

/// Takes "name number\n" off the front.
std::optional<double> take_number(std::string_view& text, std::string_view name) {
  if (text.substr(0, name.size()) != name) return std::nullopt;
  const char* begin = text.data() + name.size();
  const char* end = text.data() + text.size();
  double number = 0;
  const auto parsed = std::from_chars(begin, end, number);
  if (parsed.ec != std::errc() || parsed.ptr == end || *parsed.ptr != '\n' ||
      !std::isfinite(number) || number <= 0)
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(parsed.ptr + 1 - text.data()));
  return number;
}

std::optional<DeviceSpeed> parse(std::string_view text, const std::string& key) {
  const std::string front = std::string(kVersion) + key + "\n";
  if (text.substr(0, front.size()) != front) return std::nullopt;
  std::string_view rest = text.substr(front.size());
  const auto read = take_number(rest, "read_bytes "), macs = take_number(rest, "macs "),
             run = take_number(rest, "run_seconds ");
  if (!read || !macs || !run) return std::nullopt;
  const DeviceSpeed speed{*read, *macs, *run};
  if (text_of(key, speed) != text) return std::nullopt;
  return speed;
}

}  // namespace

SpeedCache::SpeedCache(const ListedDevice& listed)
    : SpeedCache(cache_directory(), key_of(listed)) {}

SpeedCache::SpeedCache(std::optional<std::filesystem::path> folder, std::string key)
    : key_(std::move(key)) {
  if (folder) file_ = *folder / fmt::format("speed-{:016x}.txt", hash_of(key_));
}

std::optional<DeviceSpeed> SpeedCache::load() const {
  if (!file_) return std::nullopt;
  std::ifstream in(*file_, std::ios::binary);
  std::string text(kMostBytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse(text, key_);
}

void SpeedCache::store(const DeviceSpeed& speed) const {
  if (!file_) return;
  try {
    AtomicFile file(file_->string());
    file.write(text_of(key_, speed));
    file.commit();
  } catch (const Error& e) {
    log_debug("{}; the next start will measure again", e.what());
  }
}

}  // namespace wick

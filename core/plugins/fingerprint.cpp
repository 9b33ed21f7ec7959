// Files are looked at by stat() alone, but for those without a size: the kernel's, whose times mean
// nothing.
#include "plugins/fingerprint.h"

#include "plugins/manifest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace wick {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxEntries = 512;
constexpr std::size_t kMaxContentBytes = 65536;
constexpr std::size_t kMaxPartsOfValue = 16;

/// Empty where it cannot be read.
std::string content_of(const fs::path& file) {
  // What has become a pipe since it was looked at must not make us wait.
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0) return "";
  std::string text(kMaxContentBytes, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t n = ::read(descriptor, text.data() + size, text.size() - size);
    if (n <= 0) break;
    size += static_cast<std::size_t>(n);
  }
  ::close(descriptor);
  text.resize(size);
  return text;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator i(folder, error), end;
       !error && i != end && found.size() < kMaxEntries; i.increment(error))
    found.push_back(i->path());
  std::sort(found.begin(), found.end());
  return found;
}

void add_entry(Fingerprint& to, const fs::path& path, const struct stat& entry) {
  to.add(std::uint64_t{entry.st_mode & S_IFMT});
  if (!S_ISREG(entry.st_mode)) {
    // The times of a device are those of its use, or of the last start.
    to.add(std::uint64_t{S_ISDIR(entry.st_mode) ? 0 : entry.st_rdev});
  } else if (entry.st_size == 0) {
    to.add(content_of(path));
  } else {
    to.add(static_cast<std::uint64_t>(entry.st_size));
    to.add(static_cast<std::uint64_t>(entry.st_mtim.tv_sec));
    to.add(static_cast<std::uint64_t>(entry.st_mtim.tv_nsec));
  }
}

std::string home_expanded(const std::string& path) {
  if (path.substr(0, 2) != "~/") return path;
  const char* home = ::secure_getenv("HOME");
  return home && home[0] == '/' ? home + path.substr(1) : "";
}

/// "/a/b.json:/c" names files as the manifest does.
void add_paths_in(Fingerprint& to, std::string_view value) {
  for (std::size_t i = 0; i < kMaxPartsOfValue && !value.empty(); ++i) {
    const std::size_t end = std::min(value.find(':'), value.size());
    if (value.substr(0, 1) == "/") to.add_path(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
}

}  // namespace

void Fingerprint::add(std::uint64_t number) {
  for (int i = 0; i < 8; ++i)
    hash_ = (hash_ ^ ((number >> (8 * i)) & 0xff)) * std::uint64_t{0x100000001b3};
}

void Fingerprint::add(std::string_view text) {
  // Its length too: "ab", "c" is not "a", "bc".
  add(std::uint64_t{text.size()});
  for (const char c : text)
    hash_ = (hash_ ^ static_cast<unsigned char>(c)) * std::uint64_t{0x100000001b3};
}

void Fingerprint::add_path(const fs::path& path) {
  struct stat entry {};
  add(path.native());
  if (::stat(path.c_str(), &entry) != 0) return add("absent");
  add_entry(*this, path, entry);
  if (!S_ISDIR(entry.st_mode)) return;
  for (const fs::path& inside : entries_of(path)) {
    add(inside.native());
    if (::stat(inside.c_str(), &entry) == 0) add_entry(*this, inside, entry);
  }
}

std::string Fingerprint::text() const {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(hash_ >> shift) & 15];
  return text;
}

std::string driver_fingerprint(const Manifest& manifest) {
  Fingerprint print;
  for (const std::string& path : manifest.fingerprint)
    if (const std::string full = home_expanded(path); !full.empty()) print.add_path(full);
  for (const std::string& name : manifest.fingerprint_env) {
    const char* value = ::secure_getenv(name.c_str());
    print.add(name);
    print.add(value ? value : "");
    if (value) add_paths_in(print, value);
  }
  return print.text();
}

}  // namespace wick

// Walks a path as the kernel does, link by link: the owner of any folder on the way could put
// something else behind the name.
#include "plugins/file_trust.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <deque>

namespace wick {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxLinks = 40;  // as the kernel

enum class Place { kAbove, kOwnFolder, kFile };

std::optional<std::string> wrong_with(const fs::path& path, const struct stat& entry, Place place) {
  if (entry.st_uid != 0 && entry.st_uid != ::geteuid())
    return path.string() + " belongs to user " + std::to_string(entry.st_uid) +
           ", need root or yourself; chown it";
  if (S_ISLNK(entry.st_mode)) return std::nullopt;  // its bits mean nothing
  if (place == Place::kFile && !S_ISREG(entry.st_mode)) return path.string() + " is no file";
  const bool sticky = (entry.st_mode & S_ISVTX) != 0;
  if ((entry.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !(place == Place::kAbove && sticky))
    return path.string() + " may be written by others; chmod go-w it";
  return std::nullopt;
}

std::string link_target(const fs::path& path) {
  char target[PATH_MAX];
  const ssize_t n = ::readlink(path.c_str(), target, sizeof target);
  return n > 0 ? std::string(target, static_cast<std::size_t>(n)) : std::string();
}

void put_in_front(std::deque<fs::path>& names, const fs::path& path) {
  std::deque<fs::path> parts;
  for (const auto& part : path.relative_path())
    if (!part.empty() && part != ".") parts.push_back(part);
  names.insert(names.begin(), parts.begin(), parts.end());
}

Place place_of(std::size_t n_names_left) {
  if (n_names_left == 0) return Place::kFile;
  return n_names_left == 1 ? Place::kOwnFolder : Place::kAbove;
}

}  // namespace

std::optional<std::string> distrust(const fs::path& path) {
  if (!path.is_absolute()) return path.string() + " is not an absolute path";
  std::deque<fs::path> names;
  put_in_front(names, path);
  fs::path here = "/";
  for (int n_links = 0; !names.empty();) {
    const fs::path name = names.front();
    names.pop_front();
    if (name == "..") {
      here = here.parent_path();
      continue;
    }
    const fs::path next = here / name;
    struct stat entry {};
    if (::lstat(next.c_str(), &entry) != 0)
      return next.string() + " cannot be looked at: " + std::strerror(errno);
    if (auto reason = wrong_with(next, entry, place_of(names.size()))) return reason;
    if (!S_ISLNK(entry.st_mode)) {
      here = next;
      continue;
    }
    const fs::path target = link_target(next);
    if (target.empty() || ++n_links > kMaxLinks) return next.string() + " is a link to nowhere";
    put_in_front(names, target);
    if (target.is_absolute()) here = "/";
  }
  return std::nullopt;
}

}  // namespace wick

// The manifest beside a library, as far as the checks need it. libwick's own reader is stricter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace wick::check {

struct Promise {
  std::string kind, id;
  std::optional<std::uint32_t> gguf_type;
};

struct Manifest {
  std::string file, id, version, recipes;
  std::uint32_t abi_major = 0, abi_minor = 0, host_minor_min = 0;
  std::vector<Promise> provides;
};

/// The one in the library's folder whose "library" is that file; nothing where there is none.
/// Errors: kBadFile for one that cannot be read as such.
std::optional<Manifest> manifest_of(const std::string& library);

}  // namespace wick::check

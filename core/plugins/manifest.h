// The manifest of a plugin: enough to list, explain, order and refuse it without running its code.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wick {

/// One entry of "provides".
struct Promise {
  std::string kind;                        ///< "backend"
  std::string id;                          ///< "cpu", "Q4_0"
  std::string probe;                       ///< "" or "child": where its devices are first asked for
  int rank = 0;                            ///< higher first, where the user names none
  bool safe = false;                       ///< a backend that safe mode may use
  std::optional<std::uint32_t> gguf_type;  ///< of kind "quant": the tensor type id in GGUF
  std::vector<std::string>
      checkpoints;  ///< of kind "arch": classes of config.json that it converts
};

struct Manifest {
  std::string id;       ///< "org.wick.quant"; the file is named `<id>.wick.json`
  std::string version;  ///< the same as in the library
  std::uint32_t abi_major = 0, abi_minor = 0;
  std::uint32_t host_minor_min = 0;
  std::string library;  ///< a file name in the manifest's folder
  std::string recipes;  ///< the same, of mixes of weight types; may be empty
  std::vector<Promise> provides;
  std::map<std::string, std::string> needs;         ///< what it cannot be loaded without
  std::map<std::string, std::string> package_hint;  ///< "debian" -> package; "driver" -> package
  std::vector<std::string> fingerprint;  ///< files and folders of its drivers, see fingerprint.h
  std::vector<std::string> fingerprint_env;  ///< environment variables that choose drivers
  /// Options that it reads, and what each may be: for those who type, nothing is refused by it.
  std::map<std::string, std::vector<std::string>> options;
};

inline constexpr std::string_view kManifestSuffix = ".wick.json";
inline constexpr std::size_t kMaxManifestBytes = 1 << 20;

/// Checks everything that is known and ignores keys that are not. `subject` opens the sentence.
/// Errors: kBadFile.
Manifest parse_manifest(std::string_view text, std::string_view subject);

/// Reads and parses `path`, whose name must be `<id>.wick.json`. Errors: kBadFile, kMissingFile.
Manifest read_manifest(const std::string& path);

}  // namespace wick

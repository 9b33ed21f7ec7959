// What a program that is linked statically carries in itself: files, plugins, its C library. A
// libwick of its own carries nothing.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

struct wick_plugin_header;

namespace wick {

/// A file that is part of the program; MappedFile opens it by its name.
struct BuiltInFile {
  std::string_view name;  ///< "built-in:/models/default.json"
  std::span<const std::byte> bytes;
};

/// A plugin that is part of the program.
struct BuiltInPlugin {
  std::string_view manifest;  ///< name of a BuiltInFile
  const wick_plugin_header* header;
};

/// Folder of the built-in files; no path of a real one has a colon there by chance.
inline constexpr std::string_view kBuiltInFolder = "built-in:";

struct BuiltIn {
  std::span<const BuiltInFile> files;
  std::span<const BuiltInPlugin> plugins;
  /// "GNU C Library (...) stable release version 2.36.", of the one that the program is linked
  /// with; empty where it is the system's.
  std::string_view c_library;
};

/// Defined once in each program: by no_built_in.cpp of libwick, or by what tools/static/ generates.
const BuiltIn& built_in() noexcept;

/// Null where no built-in file has that name.
const BuiltInFile* find_built_in_file(std::string_view name) noexcept;

}  // namespace wick

// Where Wick's own data files lie. Not for plugins: see plugins/discovery.h.
#pragma once

#include <filesystem>

namespace wick {

/// The folder that holds models/: share/wick, at its fixed distance from libwick itself, so that
/// the build tree, an installed one and a moved one all work; kBuiltInFolder in a program that
/// carries its files. Errors: kInternal.
std::filesystem::path data_directory();

}  // namespace wick

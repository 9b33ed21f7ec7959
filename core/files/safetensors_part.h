// Parses one safetensors file, and the index of several. Joining files is safetensors.cpp.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/mapped_file.h"
#include "files/safetensors.h"

namespace wick {

struct SafetensorsPart {
  std::vector<SafeTensor> tensors;  ///< by offset; without gap or overlap they fill the file
  std::map<std::string, std::string> metadata;
};

/// Errors: kBadFile, with a sentence that starts with the path.
SafetensorsPart parse_safetensors_part(const MappedFile& file);

/// The `weight_map` of `model.safetensors.index.json`: tensor name to the name of a file in the
/// same folder.
std::map<std::string, std::string> parse_safetensors_index(const std::string& path);

}  // namespace wick

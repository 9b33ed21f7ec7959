// What an architecture makes of a checkpoint's config: the metadata of the file to be, seen by its
// open() before there is a file.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "files/metadata_list.h"
#include "graph/metadata_table.h"
#include "plugins/provider.h"

namespace wick {

struct ConvertedConfig final : MetadataSource {
  MetadataList metadata;                                           ///< in the order of the file
  std::map<std::string, std::vector<float>, std::less<>> vectors;  ///< tensors that were made
  std::map<std::string, std::vector<std::uint64_t>, std::less<>> shapes;
  std::set<std::string, std::less<>> left_out;

  const GgufValue* find(std::string_view key) const override { return metadata.find(key); }
  std::optional<std::vector<std::uint64_t>> tensor(std::string_view name) const override;
};

/// Adds to `out`. Errors: the plugin's; kUnavailable for one that converts nothing.
void convert_config(const Provider& provider, const MetadataSource& config, ConvertedConfig& out);

}  // namespace wick

// A checkpoint as the convert() of an architecture sees it: config.json as keys, tensors as shapes.
#pragma once

#include <boost/json/object.hpp>

#include <string>

#include "files/metadata_list.h"
#include "files/safetensors.h"
#include "graph/metadata_table.h"

namespace wick {

/// Keys are paths joined by dots; elements of lists that are not all numbers, or all booleans, are
/// numbered. null is absent. The tensors must outlive it. `subject` opens sentences; errors:
/// kBadFile for more keys than any config has.
class CheckpointConfig final : public MetadataSource {
 public:
  CheckpointConfig(const boost::json::object& config, const SafetensorsFile& tensors,
                   const std::string& subject);

  const GgufValue* find(std::string_view key) const override { return values_.find(key); }
  std::optional<std::vector<std::uint64_t>> tensor(std::string_view name) const override;

 private:
  void add(const std::string& key, const boost::json::value& value);
  void add_list(const std::string& key, const boost::json::array& list);

  const SafetensorsFile& tensors_;
  const std::string subject_;
  MetadataList values_;
};

}  // namespace wick

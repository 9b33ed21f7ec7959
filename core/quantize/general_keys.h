// The keys of a GGUF file that say what it is: general.*.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wick {

class MetadataList;

/// A folder's name as a title: "ember-2" is "Ember 2". Words with a capital stay, as do those that
/// begin with a digit, or with v and a digit.
std::string title_of(std::string_view folder_name);

/// "5.1M", "1.2B": two digits at least.
std::string size_label(std::uint64_t n_values);

/// architecture, type, name and size_label.
void add_general_keys(MetadataList& out, const std::string& architecture, const std::string& name,
                      std::uint64_t n_values);

/// file_type, where there is a number for it, and quantization_version.
void add_type_keys(MetadataList& out, std::optional<std::uint32_t> file_type);

}  // namespace wick

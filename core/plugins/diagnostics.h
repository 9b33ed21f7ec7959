// `wick plugins` as text and as JSON. Not the facts: those are Registry's rows.
#pragma once

#include "plugins/registry.h"

#include <string>
#include <vector>

namespace wick {

/// One line for each row, in columns. Rows of one plugin, kind, state and sentence become one line
/// where they are many.
std::string plugins_text(const std::vector<PluginRow>& rows);
/// A list with one object for each row.
std::string plugins_json(const std::vector<PluginRow>& rows);

std::string why_text(const std::vector<PluginDetails>& found);
/// A list with one object for each candidate.
std::string why_json(const std::vector<PluginDetails>& found);

}  // namespace wick

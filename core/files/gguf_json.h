// Metadata of a GGUF file as JSON, for reports. Not for reading it back.
#pragma once

#include <boost/json/value.hpp>

#include "files/gguf_value.h"

namespace wick {

/// Strings, numbers and bools as they are, an array of any of them.
boost::json::value gguf_json(const GgufValue& value);

}  // namespace wick

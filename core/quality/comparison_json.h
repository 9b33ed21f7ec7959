// A comparison as JSON, the same in `wick compare` and in reports.
#pragma once

#include <boost/json/object.hpp>

#include "quality/compare.h"

namespace wick {

boost::json::object comparison_json(const Comparison& comparison);

}  // namespace wick

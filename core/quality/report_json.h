// A report as JSON.
#pragma once

#include <boost/json/object.hpp>

#include "quality/quality_report.h"

namespace wick {

boost::json::object report_json(const QualityReport& report);

}  // namespace wick

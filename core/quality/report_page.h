// A report as one HTML page that needs nothing else: no scripts, no fonts, no pictures from
// elsewhere.
#pragma once

#include <string>

#include "quality/quality_report.h"

namespace wick {

/// Well-formed as XML too. Names and texts of the report may hold anything.
std::string report_page(const QualityReport& report);

}  // namespace wick

// The pictures of a report, as elements of its page.
#pragma once

#include <cstddef>
#include <string>

#include "quality/quality_report.h"

namespace wick {

/// The class that gives candidate i its colour, the same in all pictures: "c0"; of those that no
/// colour is left for, "cx".
std::string colour_class(std::size_t i);
/// Which colour is which candidate; empty for one alone.
std::string legend(const QualityReport& report);

/// Size of the file against divergence; empty for fewer than two that were compared.
std::string size_chart(const QualityReport& report);
/// Relative error of the tensors, a picture for each role, layer by layer; empty where no tensor
/// has an error.
std::string error_charts(const QualityReport& report);
/// Bytes of each layer, a picture for each candidate.
std::string layer_charts(const QualityReport& report);

}  // namespace wick

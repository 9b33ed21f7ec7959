// The tables of a report, as elements of its page. Numbers stand at the right.
#pragma once

#include <string>

#include "quality/quality_report.h"

namespace wick {

/// A row for the source, where predictions were compared, and one for each candidate.
std::string candidates_table(const QualityReport& report);
/// Of one candidate: what each type makes up of it.
std::string types_table(const QualityCandidate& candidate);
/// Of one candidate: a row for each tensor.
std::string tensors_table(const QualityCandidate& candidate);

}  // namespace wick

// See plan_report.h.
#include "schedule/plan_report.h"

#include <algorithm>

namespace wick {

std::string backends_of(const PlanReport& plan) {
  std::vector<std::string> names;
  std::string text;
  for (const PlanLine& line : plan.lines) {
    if (std::find(names.begin(), names.end(), line.entry) != names.end()) continue;
    text += (names.empty() ? "" : ",") + line.entry;
    names.push_back(line.entry);
  }
  return text;
}

std::optional<double> tokens_per_second(const std::vector<PlanLine>& lines,
                                        std::optional<double> PlanLine::*seconds) {
  double sum = 0;
  for (const PlanLine& line : lines) {
    if (!(line.*seconds)) return std::nullopt;
    sum += *(line.*seconds);
  }
  if (sum <= 0) return std::nullopt;
  return 1 / sum;
}

}  // namespace wick

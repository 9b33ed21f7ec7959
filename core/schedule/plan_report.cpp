// See plan_report.h.
#include "schedule/plan_report.h"

namespace wick {

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

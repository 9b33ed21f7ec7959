// What was checked and how it went, and how that is shown. Not the checks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wick::check {

enum class Verdict { kPassed, kFailed, kSkipped };

std::string_view verdict_name(Verdict verdict);

/// One line of the report.
struct Row {
  std::string part;     ///< "static", "skew", "numerics", "errors"
  std::string subject;  ///< "exports", "matmul@1", "quant Q4_0"
  Verdict verdict = Verdict::kPassed;
  std::string text;  ///< what was found; why, where it failed
};

/// "ops 16/16": what the badge counts.
struct Count {
  std::string what;
  std::uint32_t n_passed = 0, n_all = 0;
};

struct Report {
  std::string file, id, version;
  std::vector<Row> rows;
  std::vector<Count> counts;

  bool passed() const;
  /// "wick ABI 1.0, ops 16/16"
  std::string badge() const;
};

std::string text_of(const Report& report);
/// One object: file, id, version, passed, badge, counts, rows.
std::string json_of(const Report& report);

}  // namespace wick::check

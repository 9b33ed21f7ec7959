// Where a report goes: HTML or JSON by the names of the files, all of them whole or not there.
#pragma once

#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "quality/quality_report.h"

namespace wick {

class ReportFiles {
 public:
  /// Opens all of them, so that what cannot be written is refused before the work. A report
  /// replaces what is there only where it may, and never a file of `source`. Errors: kUsage for
  /// that, and for a name that ends with neither .html nor .json; kIo.
  ReportFiles(const std::vector<std::string>& paths, const std::string& source, bool may_replace);

  /// Once. Errors: kIo.
  void write(const QualityReport& report);

 private:
  std::vector<AtomicFile> files_;
};

}  // namespace wick

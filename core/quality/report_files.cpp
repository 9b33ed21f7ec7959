// See report_files.h.
#include "quality/report_files.h"

#include <wick/error.h>

#include <filesystem>

#include "quality/report_json.h"
#include "quality/report_page.h"
#include "quantize/quantizer.h"
#include "text/pretty_json.h"

namespace wick {
namespace {

namespace fs = std::filesystem;

bool is_page(const std::string& path) {
  return path.ends_with(".html") || path.ends_with(".htm");
}

void check(const std::string& path, const fs::path& source, bool may_replace) {
  if (!is_page(path) && !path.ends_with(".json"))
    fail(ErrorCode::kUsage, "quantize: --report: got '", path, "', need a name that ends with ",
         ".html or .json");
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return;
  const fs::path folder = fs::is_directory(source, ignored) ? source : source.parent_path();
  if (fs::equivalent(fs::absolute(path).parent_path(), folder.empty() ? "." : folder, ignored) &&
      is_checkpoint(source.string()))
    fail(ErrorCode::kUsage, path, ": is a file beside the source, need another name");
  refuse_existing(path, may_replace);
}

}  // namespace

ReportFiles::ReportFiles(const std::vector<std::string>& paths, const std::string& source,
                         bool may_replace) {
  for (const std::string& path : paths) check(path, source, may_replace);
  for (const std::string& path : paths) files_.emplace_back(path);
}

void ReportFiles::write(const QualityReport& report) {
  for (AtomicFile& file : files_) {
    file.write(is_page(file.path()) ? report_page(report) : pretty_json(report_json(report)));
    file.commit();
  }
}

}  // namespace wick

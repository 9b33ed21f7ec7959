// Text for people, JSON for programs. Texts may come from a plugin: control characters are
// replaced.
#include "report.h"

#include <wick/abi/base.h>

#include <boost/json.hpp>

#include <algorithm>

namespace wick::check {
namespace {

namespace json = boost::json;

std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }, ' ');
  return text;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  constexpr std::string_view kNames[] = {"passed", "failed", "skipped"};
  return kNames[static_cast<int>(verdict)];
}

bool Report::passed() const {
  return std::none_of(rows.begin(), rows.end(),
                      [](const Row& row) { return row.verdict == Verdict::kFailed; });
}

std::string Report::badge() const {
  std::string text =
      "wick ABI " + std::to_string(WICK_ABI_MAJOR) + "." + std::to_string(WICK_ABI_MINOR);
  for (const Count& count : counts)
    text += ", " + count.what + " " + std::to_string(count.n_passed) + "/" +
            std::to_string(count.n_all);
  return text;
}

std::string text_of(const Report& report) {
  std::size_t part = 0, subject = 0;
  for (const Row& row : report.rows) {
    part = std::max(part, row.part.size());
    subject = std::max(subject, printable(row.subject).size());
  }
  std::string text = report.file + (report.id.empty() ? "" : ": " + report.id) +
                     (report.version.empty() ? "" : " " + report.version) + "\n";
  for (const Row& row : report.rows) {
    std::string line = padded(std::string(verdict_name(row.verdict)), 7) + "  " +
                       padded(row.part, part) + "  " + padded(printable(row.subject), subject) +
                       "  " + printable(row.text);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text + (report.passed() ? "passed: " : "failed: ") + report.badge() + "\n";
}

std::string json_of(const Report& report) {
  json::array rows;
  for (const Row& row : report.rows)
    rows.push_back({{"part", row.part},
                    {"subject", row.subject},
                    {"verdict", verdict_name(row.verdict)},
                    {"text", row.text}});
  json::object counts;
  for (const Count& count : report.counts)
    counts[count.what] = json::object{{"passed", count.n_passed}, {"all", count.n_all}};
  const json::object all = {{"file", report.file},
                            {"id", report.id},
                            {"version", report.version},
                            {"passed", report.passed()},
                            {"badge", report.badge()},
                            {"counts", counts},
                            {"rows", rows}};
  return json::serialize(all) + "\n";
}

}  // namespace wick::check

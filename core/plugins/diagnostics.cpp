// Lays the rows out. Text from plugins and paths may hold anything, so that control characters are
// replaced before they reach a terminal; JSON escapes its own.
#include "plugins/diagnostics.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include <algorithm>
#include <sstream>
#include <string_view>

namespace wick {
namespace {

namespace json = boost::json;

constexpr std::size_t kManyRows = 4;

std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; },
      '?');
  return out;
}

std::string joined(const std::vector<std::string>& texts, std::string_view separator) {
  return fmt::format("{}", fmt::join(texts, separator));
}

bool same_line(const PluginRow& a, const PluginRow& b) {
  return a.kind == b.kind && a.plugin == b.plugin && a.state == b.state && a.path == b.path &&
         a.sentence == b.sentence;
}

/// Many formats of one plugin in one line: their ids go behind the sentence.
std::vector<PluginRow> folded(const std::vector<PluginRow>& rows) {
  std::vector<PluginRow> out;
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    while (end < rows.size() && same_line(rows[begin], rows[end])) ++end;
    if (end - begin < kManyRows) {
      out.insert(out.end(), rows.begin() + static_cast<std::ptrdiff_t>(begin),
                 rows.begin() + static_cast<std::ptrdiff_t>(end));
      continue;
    }
    std::vector<std::string> ids;
    for (std::size_t i = begin; i < end; ++i) ids.push_back(rows[i].id);
    out.push_back(rows[begin]);
    out.back().id = fmt::format("({})", ids.size());
    out.back().sentence += (out.back().sentence.empty() ? "" : ": ") + joined(ids, " ");
  }
  return out;
}

std::string tail_of(const PluginRow& row) {
  std::string tail = printable(row.sentence);
  if (!row.hint.empty()) tail += (tail.empty() ? "-> " : "   -> ") + printable(row.hint);
  const bool fine = row.state == PluginState::kLoaded || row.state == PluginState::kAvailable ||
                    row.state == PluginState::kBuiltIn;
  if (!fine && !row.path.empty() && row.sentence.find(row.path) == std::string::npos)
    tail += (tail.empty() ? "" : "   ") + printable(row.path);
  return tail;
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "-" : printable(text);
}

json::object object_of(const PluginRow& row) {
  return {{"kind", row.kind},
          {"id", row.id},
          {"plugin", row.plugin},
          {"version", row.version},
          {"state", state_name(row.state)},
          {"sentence", row.sentence},
          {"hint", row.hint},
          {"path", row.path}};
}

json::array array_of(const std::vector<std::string>& texts) {
  return json::array(texts.begin(), texts.end());
}

json::value age_of(const PluginDetails& details) {
  return details.probe_age ? json::value(details.probe_age->count()) : json::value(nullptr);
}

std::string line_of(std::string_view label, const std::string& value) {
  return value.empty() ? "" : fmt::format("  {:<13}{}\n", label, printable(value));
}

/// What the child printed, a line each.
std::string quoted(const std::string& said) {
  std::istringstream lines(said);
  std::string text;
  for (std::string line; std::getline(lines, line);) text += "    | " + printable(line) + "\n";
  return text.empty() ? "" : "  it printed, while it was tried:\n" + text;
}

}  // namespace

std::string plugins_text(const std::vector<PluginRow>& rows) {
  const auto lines = folded(rows);
  std::size_t kind = 4, id = 2, version = 7, state = 5;
  for (const auto& row : lines) {
    kind = std::max(kind, row.kind.size());
    id = std::max(id, row.id.size());
    version = std::max(version, row.version.size());
    state = std::max(state, state_name(row.state).size());
  }
  std::string text;
  for (const auto& row : lines) {
    std::string line =
        fmt::format("{:<{}}  {:<{}}  {:<{}}  {:<{}}  {}", or_dash(row.kind), kind, or_dash(row.id),
                    id, or_dash(row.version), version, state_name(row.state), state, tail_of(row));
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string plugins_json(const std::vector<PluginRow>& rows) {
  json::array list;
  for (const auto& row : rows) list.push_back(object_of(row));
  return json::serialize(list) + "\n";
}

std::string why_text(const std::vector<PluginDetails>& found) {
  std::string text;
  for (const auto& details : found) {
    if (!text.empty()) text += "\n";
    const auto& first = details.rows.front();
    text += printable(first.plugin) + "\n";
    for (const auto& row : folded(details.rows)) {
      text += fmt::format("  {} {}: {}", or_dash(row.kind), or_dash(row.id), state_name(row.state));
      if (!row.sentence.empty()) text += ", " + printable(row.sentence);
      text += "\n" + line_of("  to do:", row.hint);
    }
    text += line_of("version:", first.version) + line_of("file:", first.path) +
            line_of("library:", details.library) + line_of("ABI:", details.abi) +
            line_of("needs host:", details.needs_host) + line_of("this host:", details.host_abi) +
            line_of("links:", joined(details.needed, " ")) +
            line_of("missing:", joined(details.missing, " "));
    for (const auto& [system, package] : details.package_hint)
      text += line_of(system + ":", package);
    if (details.probe_age)
      text += line_of("tried:",
                      fmt::format("{} s ago, in an earlier start", details.probe_age->count()));
    text += line_of("signal:", details.probe_signal) + quoted(details.probe_said);
  }
  return text;
}

std::string why_json(const std::vector<PluginDetails>& found) {
  json::array list;
  for (const auto& details : found) {
    const auto& first = details.rows.front();
    json::array provides;
    for (const auto& row : details.rows) provides.push_back(object_of(row));
    json::object hints;
    for (const auto& [system, package] : details.package_hint) hints[system] = package;
    list.push_back(json::object{{"plugin", first.plugin},
                                {"version", first.version},
                                {"state", state_name(first.state)},
                                {"sentence", first.sentence},
                                {"hint", first.hint},
                                {"path", first.path},
                                {"library", details.library},
                                {"abi", details.abi},
                                {"needs_host_abi", details.needs_host},
                                {"host_abi", details.host_abi},
                                {"needed_libraries", array_of(details.needed)},
                                {"missing_libraries", array_of(details.missing)},
                                {"package_hint", hints},
                                {"probe_stderr", details.probe_said},
                                {"probe_signal", details.probe_signal},
                                {"probe_age_s", age_of(details)},
                                {"provides", provides}});
  }
  return json::serialize(list) + "\n";
}

}  // namespace wick

// Reads the embedded table once.
#include "plugins/known_plugins.h"

#include <boost/json.hpp>

#include <fstream>

namespace wick {

extern const std::string_view kKnownPluginsJson;

namespace {

namespace json = boost::json;

struct Distribution {
  std::string_view word;  ///< in ID or ID_LIKE of /etc/os-release
  const char* key;        ///< of "package_hint"
  const char* command;
};

constexpr Distribution kDistributions[] = {
    {"fedora", "fedora", "dnf install "}, {"rhel", "fedora", "dnf install "},
    {"suse", "suse", "zypper install "},  {"arch", "arch", "pacman -S "},
    {"", "debian", "apt install "},  // also where nothing is known
};

const Distribution& this_distribution() {
  static const auto& found = []() -> const Distribution& {
    std::string ids;
    std::ifstream file("/etc/os-release");
    for (std::string line; std::getline(file, line);)
      if (line.rfind("ID=", 0) == 0 || line.rfind("ID_LIKE=", 0) == 0) ids += line;
    for (const auto& row : kDistributions)
      if (ids.find(row.word) != std::string::npos) return row;
    return kDistributions[std::size(kDistributions) - 1];
  }();
  return found;
}

std::string text_or_empty(const std::map<std::string, std::string>& texts, const char* key) {
  const auto found = texts.find(key);
  return found == texts.end() ? std::string() : found->second;
}

std::vector<KnownPlugin> parse_known() {
  const auto text = json::string_view(kKnownPluginsJson.data(), kKnownPluginsJson.size());
  const json::value table = json::parse(text);
  std::vector<KnownPlugin> known;
  for (const auto& entry : table.as_array()) {
    KnownPlugin plugin;
    plugin.id = std::string(entry.at("id").as_string());
    for (const auto& [key, value] : entry.at("package_hint").as_object())
      plugin.package_hint[std::string(key)] = std::string(value.as_string());
    for (const auto& value : entry.at("provides").as_array()) {
      Promise promise;
      promise.kind = std::string(value.at("kind").as_string());
      promise.id = std::string(value.at("id").as_string());
      if (const auto* type = value.as_object().if_contains("gguf_type"))
        promise.gguf_type = static_cast<std::uint32_t>(type->as_int64());
      if (const auto* classes = value.as_object().if_contains("checkpoints"))
        for (const auto& name : classes->as_array())
          promise.checkpoints.emplace_back(name.as_string());
      plugin.provides.push_back(std::move(promise));
    }
    known.push_back(std::move(plugin));
  }
  return known;
}

}  // namespace

const std::vector<KnownPlugin>& known_plugins() {
  static const auto* const known = new std::vector<KnownPlugin>(parse_known());
  return *known;
}

std::string install_hint(const std::map<std::string, std::string>& package_hint) {
  const auto package = text_or_empty(package_hint, this_distribution().key);
  return package.empty() ? package : this_distribution().command + package;
}

std::string driver_hint(const std::map<std::string, std::string>& package_hint) {
  const auto package = text_or_empty(package_hint, "driver");
  return package.empty() ? package : this_distribution().command + package;
}

}  // namespace wick

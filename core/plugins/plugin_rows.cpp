// What there is to say about every plugin: the rows of `wick plugins`, and the details of --why.
#include "plugins/device_check.h"
#include "plugins/elf_needs.h"
#include "plugins/known_plugins.h"
#include "plugins/loader.h"
#include "plugins/registry_state.h"

#include <wick/error.h>

#include <algorithm>
#include <functional>

namespace wick {
namespace {

std::string hint_for(PluginState state, const std::map<std::string, std::string>& package_hint) {
  switch (state) {
    case PluginState::kNoDriver:
      return driver_hint(package_hint);
    case PluginState::kNotInstalled:
    case PluginState::kMissingDependency:
      return install_hint(package_hint);
    case PluginState::kInsecure:
      return "or --allow-insecure-plugins";
    case PluginState::kAbiMismatch:
      return "install a plugin and a Wick that go together";
    default:
      return {};
  }
}

std::string age_text(std::chrono::seconds age) {
  const std::int64_t minutes = age.count() / 60;
  return minutes < 60 ? std::to_string(minutes) + " min" : std::to_string(minutes / 60) + " h";
}

/// Asks a backend for its devices.
void add_devices(const Provider& provider, PluginRow& row) {
  DeviceReport report = check_devices(provider);
  row.state = report.state;
  row.sentence = std::move(report.sentence);
  row.hint = std::move(report.hint);
}

PluginRow base_row(const Slot& slot) {
  const auto& candidate = slot.candidate;
  PluginRow row;
  row.plugin = slot.name();
  if (candidate.manifest) row.version = candidate.manifest->version;
  if (slot.loaded) row.version = slot.loaded->version();
  row.state = candidate.state;
  row.sentence = candidate.sentence;
  row.path = candidate.file.string();
  if (slot.probe && !slot.loaded) {
    row.hint = slot.probe->hint;
    // Whoever has just changed something must not be told of yesterday without knowing it.
    if (row.hint.empty() && slot.probe->age)
      row.hint = "tried " + age_text(*slot.probe->age) + " ago; wick plugins --rescan tries again";
  }
  return row;
}

/// One row for each thing that the candidate offers, or a single one where nothing is known.
std::vector<PluginRow> rows_of(const Slot& slot, const RuntimeOptions& options) {
  const auto& candidate = slot.candidate;
  std::vector<PluginRow> rows;
  const auto add = [&](const std::string& kind, const std::string& id) -> PluginRow& {
    rows.push_back(base_row(slot));
    rows.back().kind = kind;
    rows.back().id = id;
    return rows.back();
  };
  if (candidate.manifest) {
    for (const auto& promise : candidate.manifest->provides) {
      auto& row = add(promise.kind, promise.id);
      if (!is_offered(promise, options) && slot.usable()) row.state = PluginState::kDisabled;
    }
  } else if (slot.loaded) {
    for (const auto& provider : slot.loaded->providers()) add(provider.kind, provider.id);
  }
  if (rows.empty()) rows.push_back(base_row(slot));
  if (slot.loaded)
    for (auto& row : rows)
      for (const auto& provider : slot.loaded->providers())
        if (provider.kind == "backend" && row.kind == provider.kind && row.id == provider.id &&
            row.state == PluginState::kLoaded)
          add_devices(provider, row);
  if (candidate.built_in)
    for (auto& row : rows)
      if (row.state == PluginState::kLoaded || row.state == PluginState::kAvailable)
        row.state = PluginState::kBuiltIn;
  if (candidate.manifest)
    for (auto& row : rows)
      if (row.hint.empty()) row.hint = hint_for(row.state, candidate.manifest->package_hint);
  return rows;
}

bool offers(const Slot& slot, const Promise& wanted) {
  if (!slot.candidate.manifest) return false;
  const auto& provides = slot.candidate.manifest->provides;
  return std::any_of(provides.begin(), provides.end(),
                     [&](const Promise& p) { return p.kind == wanted.kind && p.id == wanted.id; });
}

/// Rows for what we make ourselves and nobody here offers.
std::vector<PluginRow> missing_rows(const KnownPlugin& plugin, const std::vector<Slot>& slots) {
  std::vector<PluginRow> rows;
  for (const auto& promise : plugin.provides) {
    if (std::any_of(slots.begin(), slots.end(),
                    [&](const Slot& slot) { return offers(slot, promise); }))
      continue;
    PluginRow row{promise.kind, promise.id, plugin.id, "", PluginState::kNotInstalled, "", "", ""};
    row.hint = install_hint(plugin.package_hint);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string abi_text(std::uint32_t major, std::uint32_t minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

PluginDetails details_of(const Slot& slot, const RuntimeOptions& options) {
  PluginDetails details;
  details.rows = rows_of(slot, options);
  details.library = slot.candidate.library.string();
  if (slot.probe) {
    details.probe_said = slot.probe->said;
    details.probe_signal = slot.probe->signal;
    details.probe_age = slot.probe->age;
  }
  if (const auto& manifest = slot.candidate.manifest) {
    details.abi = abi_text(manifest->abi_major, manifest->abi_minor);
    details.needs_host = abi_text(manifest->abi_major, manifest->host_minor_min);
    details.package_hint.assign(manifest->package_hint.begin(), manifest->package_hint.end());
  }
  try {
    if (!details.library.empty()) details.needed = needed_libraries(details.library);
  } catch (const Error&) {
    // No file to read: the state says so.
  }
  // Only then, because the others are loaded to find out.
  if (slot.candidate.state == PluginState::kMissingDependency)
    details.missing = missing_libraries(details.needed);
  return details;
}

bool any_named(const std::vector<PluginRow>& rows, std::string_view name) {
  return std::any_of(rows.begin(), rows.end(), [&](const PluginRow& row) {
    return row.id == name || row.plugin == name || row.path == name;
  });
}

void append(std::vector<PluginRow>& rows, std::vector<PluginRow> more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<PluginRow> Registry::rows() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  std::vector<PluginRow> rows;
  for (const auto& slot : state_->slots) append(rows, rows_of(slot, state_->options));
  for (const auto& plugin : known_plugins()) append(rows, missing_rows(plugin, state_->slots));
  return rows;
}

std::vector<PluginRow> Registry::check_all() {
  {
    const std::lock_guard<std::mutex> lock(state_->mutex);
    for (auto& slot : state_->slots) state_->try_load(slot);
  }
  return rows();
}

std::vector<PluginDetails> Registry::why(std::string_view name) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  std::vector<PluginDetails> found;
  for (auto& slot : state_->slots) {
    state_->try_load(slot);
    auto details = details_of(slot, state_->options);
    if (any_named(details.rows, name)) found.push_back(std::move(details));
  }
  for (const auto& plugin : known_plugins()) {
    PluginDetails details;
    details.rows = missing_rows(plugin, state_->slots);
    details.package_hint.assign(plugin.package_hint.begin(), plugin.package_hint.end());
    if (any_named(details.rows, name)) found.push_back(std::move(details));
  }
  if (found.empty())
    fail(ErrorCode::kUnavailable, "plugin ", name,
         ": no plugin has or offers that name; see wick plugins");
  for (auto& details : found) details.host_abi = abi_text(WICK_ABI_MAJOR, WICK_ABI_MINOR);
  return found;
}

}  // namespace wick

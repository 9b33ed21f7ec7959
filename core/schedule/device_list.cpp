// See device_list.h.
#include "schedule/device_list.h"

#include <fmt/format.h>
#include <wick/error.h>

#include <algorithm>
#include <charconv>

#include "plugins/registry.h"

namespace wick {
namespace {

struct Name {
  std::string backend, device;  // device: an index, part of a name, or empty
};

Name parse_name(const std::string& text) {
  const std::size_t colon = text.find(':');
  Name name{text.substr(0, colon), colon == std::string::npos ? "" : text.substr(colon + 1)};
  if (name.backend.empty() || (colon != std::string::npos && name.device.empty()) ||
      text.find_first_of("#=") != std::string::npos)
    fail(ErrorCode::kUsage, "--backend: '", text, "' is no backend, need NAME or NAME:DEVICE");
  return name;
}

std::optional<std::uint32_t> parse_index(std::string_view text) {
  std::uint32_t index = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), index);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return index;
}

bool is_called(const DeviceFacts& facts, std::uint32_t index, const std::string& name) {
  return parse_index(name) == index || facts.id == name ||
         facts.name.find(name) != std::string::npos;
}

Device pick_device(const Provider& provider, const Name& name) {
  const std::vector<Device> devices = Device::all(provider);
  if (devices.empty())
    fail(ErrorCode::kUnavailable, "backend ", name.backend,
         ": it found no device; see `wick plugins --why ", name.backend, "`");
  if (name.device.empty()) return devices.front();
  const auto index = parse_index(name.device);
  if (index && *index < devices.size()) return devices[*index];
  for (const Device& device : devices)
    if (is_called(device.facts(), device.index(), name.device)) return device;
  fail(ErrorCode::kUnavailable, "backend ", name.backend, ": it has no device '", name.device,
       "', it has ", devices.size(), "; `wick plugins` lists them");
}

/// All that use the host's memory have one pool: an integrated device takes from the processor.
std::string pool_of(const Device& device, const DeviceFacts& facts) {
  if (facts.shares_host_memory) return "host";
  return facts.id.empty() ? fmt::format("{}:{}", device.backend(), device.index()) : facts.id;
}

void name_devices(std::vector<ListedDevice>& devices) {
  for (std::size_t i = 0; i < devices.size(); ++i) {
    std::size_t n_alike = 0, n_before = 0;
    for (std::size_t j = 0; j < devices.size(); ++j) {
      if (devices[j].entry != devices[i].entry) continue;
      ++n_alike;
      n_before += j < i ? 1 : 0;
    }
    devices[i].name = devices[i].entry;
    if (n_alike > 1) devices[i].name += fmt::format("#{}", n_before + 1);
  }
}

std::vector<std::size_t> matches(const std::vector<ListedDevice>& devices,
                                 const std::string& text) {
  std::vector<std::size_t> found;
  const auto gather = [&](auto fits) {
    found.clear();
    for (std::size_t i = 0; i < devices.size(); ++i)
      if (fits(devices[i])) found.push_back(i);
    return !found.empty();
  };
  if (gather([&](const ListedDevice& d) { return d.name == text; })) return found;
  if (gather([&](const ListedDevice& d) { return d.entry == text; })) return found;
  if (gather([&](const ListedDevice& d) { return d.device.backend() == text; })) return found;
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return {};
  const std::string backend = text.substr(0, colon), device = text.substr(colon + 1);
  gather([&](const ListedDevice& d) {
    return d.device.backend() == backend && is_called(d.facts, d.device.index(), device);
  });
  return found;
}

std::string names_of(const std::vector<ListedDevice>& devices) {
  std::string names;
  for (const ListedDevice& device : devices) names += (names.empty() ? "" : ", ") + device.name;
  return names;
}

}  // namespace

std::vector<ListedDevice> open_devices(Registry& registry,
                                       const std::vector<std::string>& entries) {
  std::vector<ListedDevice> devices;
  for (const std::string& entry : entries) {
    const Name name = parse_name(entry);
    const Device device = pick_device(registry.find("backend", name.backend), name);
    const DeviceFacts facts = device.facts();
    devices.push_back({device, facts, entry, "", pool_of(device, facts)});
  }
  name_devices(devices);
  return devices;
}

std::vector<std::optional<std::uint64_t>> match_numbers(const std::vector<ListedDevice>& devices,
                                                        const std::vector<DeviceNumber>& numbers,
                                                        std::string_view option) {
  std::vector<std::optional<std::uint64_t>> matched(devices.size());
  for (const DeviceNumber& number : numbers) {
    const std::vector<std::size_t> found = matches(devices, number.device);
    if (found.size() != 1)
      fail(ErrorCode::kUsage, option, ": '", number.device, "' is ",
           found.empty() ? "no device" : "more than one device", " of --backend, need one of ",
           names_of(devices));
    if (matched[found.front()])
      fail(ErrorCode::kUsage, option, ": ", devices[found.front()].name, " is given twice");
    matched[found.front()] = number.number;
  }
  return matched;
}

}  // namespace wick

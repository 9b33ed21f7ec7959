// See platform.h. Extensions are asked for by the numbers of their specifications, since headers of
// distributions lack some.
#include "platform.h"

#include <wick/abi/base.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace wick::opencl {
namespace {

constexpr cl_device_info kPciBusInfo = 0x410F;  // cl_khr_pci_bus_info
constexpr cl_device_info kUuid = 0x106A;        // cl_khr_device_uuid
constexpr cl_device_info kBusNv = 0x4008, kSlotNv = 0x4009,
                         kDomainNv = 0x400A;  // cl_nv_device_attribute_query
constexpr cl_device_info kTopologyAmd = 0x4037,
                         kFreeMemoryAmd = 0x4039;     // cl_amd_device_attribute_query
constexpr cl_device_info kLanguageFeatures = 0x106F;  // OpenCL 3.0

std::string text_of(cl_device_id device, cl_device_info what) {
  std::size_t size = 0;
  if (api().GetDeviceInfo(device, what, 0, nullptr, &size) != CL_SUCCESS || size == 0) return "";
  std::string text(size, '\0');
  api().GetDeviceInfo(device, what, size, text.data(), nullptr);
  text.resize(std::strlen(text.c_str()));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

std::string text_of(cl_platform_id platform, cl_platform_info what) {
  std::size_t size = 0;
  if (api().GetPlatformInfo(platform, what, 0, nullptr, &size) != CL_SUCCESS || size == 0)
    return "";
  std::string text(size, '\0');
  api().GetPlatformInfo(platform, what, size, text.data(), nullptr);
  text.resize(std::strlen(text.c_str()));
  return text;
}

template <class T>
bool read(cl_device_id device, cl_device_info what, T& value) {
  return api().GetDeviceInfo(device, what, sizeof value, &value, nullptr) == CL_SUCCESS;
}

template <class T>
T value_of(cl_device_id device, cl_device_info what, T fallback = {}) {
  read(device, what, fallback);
  return fallback;
}

bool has_word(const std::string& list, const std::string& word) {
  return (" " + list + " ").find(" " + word + " ") != std::string::npos;
}

std::string pci_text(std::uint32_t domain, std::uint32_t bus, std::uint32_t slot,
                     std::uint32_t function) {
  char text[40];
  std::snprintf(text, sizeof text, "pci-%04x:%02x:%02x.%x", domain, bus, slot, function);
  return text;
}

/// By which other backends name the same card.
std::string id_of(const PhysicalDevice& device, const std::string& extensions, std::size_t index) {
  struct {
    cl_uint domain, bus, slot, function;
  } pci{};
  if (has_word(extensions, "cl_khr_pci_bus_info") && read(device.handle, kPciBusInfo, pci))
    return pci_text(pci.domain, pci.bus, pci.slot, pci.function);
  if (has_word(extensions, "cl_nv_device_attribute_query")) {
    cl_uint bus = 0, slot = 0, domain = 0;
    if (read(device.handle, kBusNv, bus) && read(device.handle, kSlotNv, slot)) {
      read(device.handle, kDomainNv, domain);
      return pci_text(domain, bus, slot >> 3, slot & 7u);
    }
  }
  struct {
    cl_uint type;
    unsigned char unused[17], bus, slot, function;
  } topology{};
  if (has_word(extensions, "cl_amd_device_attribute_query") &&
      read(device.handle, kTopologyAmd, topology) && topology.type == 1)
    return pci_text(0, topology.bus, topology.slot, topology.function);
  unsigned char uuid[16];
  if (has_word(extensions, "cl_khr_device_uuid") && read(device.handle, kUuid, uuid)) {
    std::string text = "uuid-";
    char two[3];
    for (const unsigned char byte : uuid) {
      std::snprintf(two, sizeof two, "%02x", byte);
      text += two;
    }
    return text;
  }
  std::string text = text_of(device.platform, CL_PLATFORM_NAME) + "-" + std::to_string(index);
  for (char& c : text)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '-';
  return "opencl-" + text;
}

bool has_language_feature(cl_device_id device, const std::string& name) {
  struct Feature {
    cl_uint version;
    char name[64];
  };
  std::size_t n_bytes = 0;
  if (api().GetDeviceInfo(device, kLanguageFeatures, 0, nullptr, &n_bytes) != CL_SUCCESS)
    return false;
  std::vector<Feature> features(n_bytes / sizeof(Feature));
  n_bytes = features.size() * sizeof(Feature);
  if (n_bytes == 0 || api().GetDeviceInfo(device, kLanguageFeatures, n_bytes, features.data(),
                                          nullptr) != CL_SUCCESS)
    return false;
  return std::any_of(features.begin(), features.end(), [&](const Feature& feature) {
    return name == std::string(feature.name, strnlen(feature.name, sizeof feature.name));
  });
}

/// The OpenCL C that has subgroups on this device; null: none. They are a feature of 3.0, which may
/// lack them, and an extension of 2.0.
const char* subgroup_language(cl_device_id device, const std::string& extensions) {
  const std::string version = text_of(device, CL_DEVICE_VERSION);
  if (version.compare(0, 8, "OpenCL 3") == 0)
    return has_language_feature(device, "__opencl_c_subgroups") ? "CL3.0" : nullptr;
  if (version.compare(0, 8, "OpenCL 2") == 0)
    return has_word(extensions, "cl_khr_subgroups") ? "CL2.0" : nullptr;
  return nullptr;
}

Capabilities capabilities_of(cl_device_id device, const std::string& extensions) {
  Capabilities c;
  const auto type = value_of<cl_device_type>(device, CL_DEVICE_TYPE);
  c.is_cpu = (type & CL_DEVICE_TYPE_CPU) != 0;
  c.nvidia = value_of<cl_uint>(device, CL_DEVICE_VENDOR_ID) == 0x10DE &&
             has_word(extensions, "cl_nv_device_attribute_query");
  c.lanes = c.nvidia ? 32 : 1;
  // A core has none in truth: drivers make them of loops. NVIDIA's need no later language.
  const char* language = c.nvidia || c.is_cpu ? nullptr : subgroup_language(device, extensions);
  if (language) c.subgroups = true, c.language = language;
  c.max_workgroup = static_cast<std::uint32_t>(
      std::min<std::size_t>(value_of<std::size_t>(device, CL_DEVICE_MAX_WORK_GROUP_SIZE), 4096));
  c.local_bytes = static_cast<std::uint32_t>(
      std::min<cl_ulong>(value_of<cl_ulong>(device, CL_DEVICE_LOCAL_MEM_SIZE), 1u << 20));
  c.max_allocation = value_of<cl_ulong>(device, CL_DEVICE_MAX_MEM_ALLOC_SIZE);
  c.alignment = std::max(64u, value_of<cl_uint>(device, CL_DEVICE_MEM_BASE_ADDR_ALIGN) / 8);
  c.half_arithmetic = has_word(extensions, "cl_khr_fp16");
  c.integer_dot = c.nvidia || has_word(extensions, "cl_khr_integer_dot_product");
  c.shares_memory = value_of<cl_bool>(device, CL_DEVICE_HOST_UNIFIED_MEMORY) == CL_TRUE;
  return c;
}

/// What this plugin cannot do without; empty: nothing.
std::string what_lacks(const PhysicalDevice& device) {
  const Capabilities& c = device.can;
  const std::string version = text_of(device.handle, CL_DEVICE_VERSION);
  if (version.compare(0, 8, "OpenCL 1") == 0 && version.compare(0, 10, "OpenCL 1.2") != 0)
    return "OpenCL 1.2, got " + version;
  if (value_of<cl_bool>(device.handle, CL_DEVICE_COMPILER_AVAILABLE) != CL_TRUE)
    return "compiler for kernels";
  if (value_of<cl_bool>(device.handle, CL_DEVICE_ENDIAN_LITTLE) != CL_TRUE)
    return "little-endian words";
  constexpr std::uint32_t kNeedThreads = 128, kNeedLocal = 16384;
  if (c.max_workgroup < kNeedThreads || c.local_bytes < kNeedLocal)
    return "workgroups of " + std::to_string(kNeedThreads) + " items with " +
           std::to_string(kNeedLocal) + " bytes of local memory";
  return "";
}

PhysicalDevice read_device(cl_platform_id platform, cl_device_id handle, std::size_t index) {
  PhysicalDevice device;
  device.platform = platform;
  device.handle = handle;
  const std::string extensions = text_of(handle, CL_DEVICE_EXTENSIONS);
  device.name = text_of(handle, CL_DEVICE_NAME);
  device.can = capabilities_of(handle, extensions);
  device.id = id_of(device, extensions, index);
  device.memory_total = value_of<cl_ulong>(handle, CL_DEVICE_GLOBAL_MEM_SIZE);
  const std::string version = text_of(handle, CL_DEVICE_VERSION),
                    driver = text_of(handle, CL_DRIVER_VERSION);
  device.description = text_of(platform, CL_PLATFORM_NAME) + ", " + version + ", driver " + driver;
  if (device.can.half_arithmetic) device.description += ", f16";
  if (device.can.subgroups) device.description += ", subgroups";
  if (device.can.integer_dot) device.description += ", integer dot product";
  device.driver_key =
      text_of(platform, CL_PLATFORM_VERSION) + "|" + device.name + "|" + version + "|" + driver;
  return device;
}

std::vector<cl_platform_id> platforms() {
  cl_uint n = 0;
  const cl_int found = api().GetPlatformIDs(0, nullptr, &n);
  if (n == 0)
    throw Error(ErrorCode::kUnavailable,
                "there is no OpenCL platform (" +
                    result_name(found == CL_SUCCESS ? CL_DEVICE_NOT_FOUND : found) + ")",
                "install an OpenCL driver, for example pocl-opencl-icd");
  std::vector<cl_platform_id> all(n);
  check(api().GetPlatformIDs(n, all.data(), nullptr), "clGetPlatformIDs", "opencl");
  return all;
}

}  // namespace

std::vector<PhysicalDevice> find_devices() {
  std::vector<PhysicalDevice> devices;
  std::string unusable;
  for (const cl_platform_id platform : platforms()) {
    cl_uint n = 0;
    constexpr cl_device_type kTypes =
        CL_DEVICE_TYPE_CPU | CL_DEVICE_TYPE_GPU | CL_DEVICE_TYPE_ACCELERATOR;
    if (api().GetDeviceIDs(platform, kTypes, 0, nullptr, &n) != CL_SUCCESS || n == 0) continue;
    std::vector<cl_device_id> handles(n);
    check(api().GetDeviceIDs(platform, kTypes, n, handles.data(), nullptr), "clGetDeviceIDs",
          "opencl");
    for (std::size_t i = 0; i < handles.size(); ++i) {
      PhysicalDevice device = read_device(platform, handles[i], i);
      const std::string lacks = what_lacks(device);
      if (lacks.empty())
        devices.push_back(std::move(device));
      else
        unusable += (unusable.empty() ? "" : "; ") + device.name + " has no " + lacks;
    }
  }
  if (devices.empty() && !unusable.empty())
    fail(ErrorCode::kUnavailable, "no device can be used: ", unusable, "; update the driver");
  std::stable_sort(devices.begin(), devices.end(),
                   [](const auto& a, const auto& b) { return a.can.is_cpu < b.can.is_cpu; });
  return devices;
}

std::uint64_t free_memory(const PhysicalDevice& device) {
  std::size_t kilobytes[2] = {0, 0};
  return read(device.handle, kFreeMemoryAmd, kilobytes) ? kilobytes[0] * std::uint64_t{1024}
                                                        : WICK_UNKNOWN;
}

}  // namespace wick::opencl

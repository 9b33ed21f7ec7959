// The devices that are found: names and ids by which the scheduler and people know them.
#include "platform.h"

#include <wick/abi/base.h>

#include <algorithm>
#include <set>

#include "a_device.h"

namespace wick::opencl {
namespace {

using Platform = ADevice;

TEST_F(Platform, NamesEveryDevice) {
  for (const PhysicalDevice& device : devices_) {
    EXPECT_FALSE(device.name.empty());
    EXPECT_NE(device.name.back(), ' ');
    EXPECT_NE(device.description.find("OpenCL"), std::string::npos) << device.description;
    EXPECT_NE(device.driver_key.find(device.name), std::string::npos);
    EXPECT_GT(device.memory_total, std::uint64_t{64} << 20);
  }
}

TEST_F(Platform, HasOneIdForEachDeviceTheSameEveryTime) {
  std::set<std::string> ids;
  const std::vector<PhysicalDevice> again = find_devices();
  ASSERT_EQ(again.size(), devices_.size());
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const std::string& id = devices_[i].id;
    EXPECT_EQ(again[i].id, id);
    EXPECT_TRUE(ids.insert(id).second) << id << " is two devices";
    const bool has_kind =
        id.rfind("pci-", 0) == 0 || id.rfind("uuid-", 0) == 0 || id.rfind("opencl-", 0) == 0;
    EXPECT_TRUE(has_kind) << id;
    EXPECT_TRUE(std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 127; })) << id;
  }
}

TEST_F(Platform, HasWhatKernelsCountOn) {
  for (const PhysicalDevice& device : devices_) {
    const Capabilities& can = device.can;
    EXPECT_GE(can.max_workgroup, 128u);
    EXPECT_GE(can.local_bytes, 16384u);
    EXPECT_GE(can.alignment, 64u);
    EXPECT_EQ(can.alignment & (can.alignment - 1), 0u) << "no power of two";
    EXPECT_GT(can.max_allocation, 0u);
    EXPECT_GE(can.lanes, 1u);
    EXPECT_FALSE(can.nvidia && can.is_cpu);
  }
}

TEST_F(Platform, TakesALaterLanguageForSubgroupsAlone) {
  for (const PhysicalDevice& device : devices_) {
    const Capabilities& can = device.can;
    EXPECT_EQ(can.subgroups, std::string(can.language) != "CL1.2") << device.description;
    EXPECT_FALSE(can.subgroups && (can.is_cpu || can.nvidia)) << device.description;
    EXPECT_EQ(can.subgroups, device.description.find(", subgroups") != std::string::npos);
  }
}

TEST_F(Platform, PutsCpusBehindAllOthers) {
  EXPECT_TRUE(std::is_sorted(devices_.begin(), devices_.end(), [](const auto& a, const auto& b) {
    return !a.can.is_cpu && b.can.is_cpu;
  }));
}

TEST_F(Platform, TellsFreeMemoryOrThatItDoesNotKnow) {
  for (const PhysicalDevice& device : devices_) {
    const std::uint64_t bytes = free_memory(device);
    EXPECT_TRUE(bytes == WICK_UNKNOWN || bytes <= device.memory_total) << bytes;
  }
}

}  // namespace
}  // namespace wick::opencl

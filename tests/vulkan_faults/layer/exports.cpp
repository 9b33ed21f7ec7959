// What tests in this process call of a layer: the same names in those of Vulkan and OpenCL.
#include "faults.h"

#define WICK_LAYER_EXPORT __attribute__((visibility("default")))

extern "C" {

WICK_LAYER_EXPORT void wick_faults_set(const char* words) {
  wick::vulkan_faults::set_faults(words);
}
/// Bytes of devices' memory, now and at most since faults were set; allocations that are not freed.
WICK_LAYER_EXPORT std::uint64_t wick_faults_bytes() {
  return wick::vulkan_faults::faults().bytes;
}
WICK_LAYER_EXPORT std::uint64_t wick_faults_most_bytes() {
  return wick::vulkan_faults::faults().most_bytes;
}
WICK_LAYER_EXPORT std::uint64_t wick_faults_live() {
  return wick::vulkan_faults::faults().n_live;
}
/// 0: allocations, 1: submissions, 2: waits, 3: pipelines.
WICK_LAYER_EXPORT std::uint64_t wick_faults_calls(std::uint32_t call) {
  return wick::vulkan_faults::faults().n_calls.at(call);
}
}

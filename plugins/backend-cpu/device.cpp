// Asks the operating system; what it does not tell is unknown, never an error.
#include "device.h"

#include <wick/abi/base.h>

#include <unistd.h>

#include <fstream>
#include <sstream>

namespace wick::cpu {
namespace {

std::string model_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos)
      return line.substr(colon + 2);
  }
  return "CPU";
}

std::uint64_t available_bytes() {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string key;
    std::uint64_t kilobytes = 0;
    if (words >> key >> kilobytes && key == "MemAvailable:") return kilobytes * 1024;
  }
  return WICK_UNKNOWN;
}

}  // namespace

Device::Device(std::uint32_t n_threads)
    : kernels_(usable_kernels().back()),
      name_(model_name()),
      description_(std::string(kernels_.name) + ", " + std::to_string(n_threads) +
                   (n_threads == 1 ? " thread" : " threads")) {}

MemoryState Device::memory() {
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  const std::uint64_t total =
      pages > 0 && page > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
                            : WICK_UNKNOWN;
  return {total, available_bytes()};
}

}  // namespace wick::cpu

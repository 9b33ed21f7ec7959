// Asks the operating system; what it does not tell is unknown, never an error.
#include "device.h"

#include <wick/abi/base.h>
#include <wick/error.h>

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "jit/kernel_cache.h"

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

Kernels pick_kernels(const std::string& isa) {
  const std::vector<Kernels> usable = usable_kernels();
  if (isa.empty()) return usable.back();
  std::string names;
  for (const Kernels& kernels : usable) {
    if (kernels.name == isa) return kernels;
    names += (names.empty() ? "" : ", ") + std::string(kernels.name);
  }
  fail(ErrorCode::kUnavailable, "cpu: the instruction set ", isa,
       " does not run here, need one of ", names);
}

}  // namespace

Device::Device(const sdk::Host& host, const std::string& isa)
    : kernels_(pick_kernels(isa)),
      name_(model_name()),
      description_(std::string(kernels_.name) + ", " + std::to_string(host.n_threads()) +
                   (host.n_threads() == 1 ? " thread" : " threads")) {
  if (kernels_.emits != jit::Isa::kNone)
    kernels_.jit = std::make_shared<jit::KernelCache>(host, kernels_.emits);
}

MemoryState Device::memory() {
  const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
  const std::uint64_t total =
      pages > 0 && page > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page)
                            : WICK_UNKNOWN;
  return {total, available_bytes()};
}

}  // namespace wick::cpu

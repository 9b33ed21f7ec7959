// Programs by source and options, each built once, and their cache on disk. Not for what kernels
// compute.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "device.h"
#include "sources.h"

namespace wick::opencl {

/// A kernel object: arguments are set by one thread at a time. Null in an estimate.
using Kernel = std::shared_ptr<std::remove_pointer_t<cl_kernel>>;

/// Macros of a build: (name, value), in any order.
using Options = std::vector<std::pair<std::string, std::int64_t>>;

class Kernels {
 public:
  /// `cache_folder`: where compiled programs are kept for the next start; empty: nowhere.
  Kernels(Device& device, std::string cache_folder)
      : device_(device), cache_folder_(std::move(cache_folder)) {}
  ~Kernels();
  Kernels(const Kernels&) = delete;
  Kernels& operator=(const Kernels&) = delete;

  /// Any thread. Throws kUnavailable where the driver's compiler refuses the source.
  Kernel get(KernelFile file, const Options& options);

 private:
  cl_program program_of(KernelFile file, const std::string& options);
  cl_program load(const std::string& cache_file, const std::string& key,
                  const std::string& options) noexcept;
  cl_program compile(KernelFile file, const std::string& options);
  [[noreturn]] void refuse(cl_program program, KernelFile file, const std::string& options);
  std::vector<std::uint8_t> binary_of(cl_program program) const;

  Device& device_;
  std::string cache_folder_;
  std::mutex mutex_;
  std::map<std::pair<KernelFile, std::string>, cl_program> made_;
};

}  // namespace wick::opencl

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

/// A kernel and the arguments it was given last, which drivers take longer to set than to compare:
/// a token's launches have some two thousand. One thread at a time.
class KernelObject {
 public:
  explicit KernelObject(cl_kernel handle) : handle_(handle) {}
  ~KernelObject() { api().ReleaseKernel(handle_); }
  KernelObject(const KernelObject&) = delete;
  KernelObject& operator=(const KernelObject&) = delete;

  cl_kernel handle() const noexcept { return handle_; }
  /// `value` null: n bytes of local memory. `epoch`: memory may be new where it differs from that
  /// of the last call, even if its handle is the same. Throws what the driver reports.
  void set(const Device& device, std::uint64_t epoch, cl_uint index, std::size_t n,
           const void* value);

 private:
  struct Argument {
    std::uint64_t epoch = 0;
    std::size_t n = 0;
    std::vector<std::uint8_t> bytes;
  };
  cl_kernel handle_;
  std::vector<Argument> arguments_;
};

/// Null in an estimate.
using Kernel = std::shared_ptr<KernelObject>;

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

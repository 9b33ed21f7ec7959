// See kernels.h. Built for OpenCL C 1.2, which every device takes, but where subgroups are used.
#include "kernels.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "binary_file.h"

namespace wick::opencl {
namespace {

std::string text_of(const Device& device, const Options& options) {
  // Some drivers print on standard error that there were warnings (-w).
  std::string text = std::string("-cl-std=") + device.can().language + " -cl-mad-enable -w";
  if (device.can().nvidia) text += " -D NVIDIA";
  if (device.can().subgroups) text += " -D SUBGROUPS";
  if (device.can().integer_dot) text += " -D INTEGER_DOT";
  text += " -D LANES=" + std::to_string(device.can().lanes);
  for (const auto& [name, value] : options) text += " -D " + name + "=" + std::to_string(value);
  return text;
}

/// Everything that a build depends on.
std::string key_of(const Device& device, KernelFile file, const std::string& options) {
  return device.about().driver_key + "\n" + options + "\n" + kernel_source(file).text;
}

std::string first_line_of(const std::string& log) {
  // What says error, or else what comes first.
  const std::size_t at = log.find("error");
  const std::size_t begin = at == std::string::npos ? log.find_first_not_of(" \n") : at;
  if (begin == std::string::npos) return "it does not say why";
  return log.substr(begin, log.find('\n', begin) - begin);
}

}  // namespace

void KernelObject::set(const Device& device, std::uint64_t epoch, cl_uint index, std::size_t n,
                       const void* value) {
  if (arguments_.size() <= index) arguments_.resize(index + 1);
  Argument& last = arguments_[index];
  const auto* bytes = static_cast<const std::uint8_t*>(value);
  const bool is_same = value ? std::equal(bytes, bytes + n, last.bytes.begin(), last.bytes.end())
                             : last.bytes.empty();
  if (last.n == n && last.epoch == epoch && is_same) return;
  last.n = 0;  // unless it is taken
  device.check(api().SetKernelArg(handle_, index, n, value), "clSetKernelArg");
  last.bytes.assign(bytes, bytes + (value ? n : 0));
  last.n = n, last.epoch = epoch;
}

Kernels::~Kernels() {
  for (const auto& made : made_) api().ReleaseProgram(made.second);
}

Kernel Kernels::get(KernelFile file, const Options& options) {
  const std::string text = text_of(device_, options);
  const std::lock_guard<std::mutex> lock(mutex_);
  cl_program& program = made_[{file, text}];
  if (!program) program = program_of(file, text);
  cl_int result = CL_SUCCESS;
  cl_kernel kernel = api().CreateKernel(program, kernel_source(file).name, &result);
  device_.check(result, "clCreateKernel");
  return std::make_shared<KernelObject>(kernel);
}

cl_program Kernels::program_of(KernelFile file, const std::string& options) {
  if (cache_folder_.empty()) return compile(file, options);
  const std::string key = key_of(device_, file, options);
  const std::string cache_file = binary_file_of(cache_folder_, key);
  if (cl_program loaded = load(cache_file, key, options)) return loaded;
  cl_program made = compile(file, options);
  const std::vector<std::uint8_t> binary = binary_of(made);
  if (!binary.empty()) write_binary_file(cache_file, key, binary);
  return made;
}

/// Null where there is no file, or the driver does not want it any more.
cl_program Kernels::load(const std::string& cache_file, const std::string& key,
                         const std::string& options) noexcept {
  cl_program program = nullptr;
  try {
    const std::vector<std::uint8_t> binary = read_binary_file(cache_file, key);
    if (binary.empty()) return nullptr;
    const std::size_t size = binary.size();
    const unsigned char* bytes = binary.data();
    cl_int status = CL_SUCCESS, result = CL_SUCCESS;
    program = api().CreateProgramWithBinary(device_.context(), 1, &device_.about().handle, &size,
                                            &bytes, &status, &result);
    if (result == CL_SUCCESS && status == CL_SUCCESS &&
        api().BuildProgram(program, 1, &device_.about().handle, options.c_str(), nullptr,
                           nullptr) == CL_SUCCESS)
      return program;
  } catch (const std::exception&) {
  }
  if (program) api().ReleaseProgram(program);
  return nullptr;
}

cl_program Kernels::compile(KernelFile file, const std::string& options) {
  const char* text = kernel_source(file).text;
  cl_int result = CL_SUCCESS;
  cl_program program = api().CreateProgramWithSource(device_.context(), 1, &text, nullptr, &result);
  device_.check(result, "clCreateProgramWithSource");
  if (api().BuildProgram(program, 1, &device_.about().handle, options.c_str(), nullptr, nullptr) !=
      CL_SUCCESS)
    refuse(program, file, options);
  return program;
}

void Kernels::refuse(cl_program program, KernelFile file, const std::string& options) {
  std::size_t size = 0;
  api().GetProgramBuildInfo(program, device_.about().handle, CL_PROGRAM_BUILD_LOG, 0, nullptr,
                            &size);
  std::string log(size, '\0');
  api().GetProgramBuildInfo(program, device_.about().handle, CL_PROGRAM_BUILD_LOG, size, log.data(),
                            nullptr);
  api().ReleaseProgram(program);
  log.resize(std::min(log.size(), log.find('\0')));
  const char* name = kernel_source(file).name;
  std::string advice;
  if (!cache_folder_.empty()) {
    const std::string report =
        cache_folder_ + "/opencl-build-" + std::to_string(getpid()) + "-" + name + ".log";
    std::ofstream out(report);
    out << device_.about().description << "\n"
        << options << "\n\n"
        << log << "\n\n"
        << kernel_source(file).text;
    if (out) advice = "; report this with the file " + report;
  }
  fail(ErrorCode::kUnavailable, device_.name(), ": the driver cannot compile the kernel ", name,
       ": ", first_line_of(log), advice, "; use another backend");
}

std::vector<std::uint8_t> Kernels::binary_of(cl_program program) const {
  std::size_t size = 0;
  if (api().GetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, sizeof size, &size, nullptr) !=
          CL_SUCCESS ||
      size == 0)
    return {};
  std::vector<std::uint8_t> binary(size);
  unsigned char* to = binary.data();
  return api().GetProgramInfo(program, CL_PROGRAM_BINARIES, sizeof to, &to, nullptr) == CL_SUCCESS
             ? binary
             : std::vector<std::uint8_t>{};
}

}  // namespace wick::opencl

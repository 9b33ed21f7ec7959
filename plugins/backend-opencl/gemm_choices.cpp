// See gemm_choices.h. In the file a line a shape: seconds of our kernels, of CLBlast, of it in
// f16, the shape.
#include "gemm_choices.h"

#include <algorithm>
#include <iomanip>
#include <iterator>
#include <sstream>

#include "binary_file.h"
#include "clblast.h"
#include "sources.h"

namespace wick::opencl {
namespace {

struct Row {
  const char* name;
  GemmWay way;
};
constexpr Row kRows[] = {{"own", GemmWay::kOwn},
                         {"tiles", GemmWay::kTiles},
                         {"clblast", GemmWay::kClblast},
                         {"clblast-f16", GemmWay::kClblastF16},
                         {"measured", GemmWay::kMeasured}};

}  // namespace

std::optional<GemmWay> wanted_gemm(const std::string& name) {
  if (name.empty()) return std::nullopt;
  std::string names;
  for (const Row& row : kRows) {
    if (row.name == name) return row.way;
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  fail(ErrorCode::kUnavailable, "opencl: matrices by ", name, " are unknown, need one of ", names);
}

GemmWay gemm_way(const std::optional<GemmWay>& wanted, const Capabilities& can,
                 const sdk::Host* host) {
  if (wanted == GemmWay::kClblastF16 && !can.half_arithmetic)
    fail(ErrorCode::kUnavailable,
         "opencl: matrices by clblast-f16 need cl_khr_fp16, which the device does not have; use "
         "--matrices clblast");
  if (wanted) return *wanted;
  // On a CPU its kernels take seconds to compile and lose against ours.
  if (can.is_cpu) return GemmWay::kOwn;
  try {
    clblast();
    return GemmWay::kMeasured;
  } catch (const Error& e) {
    if (host)
      host->log(WICK_LOG_INFO, std::string("opencl: own kernels multiply prompts: ") + e.what());
    return GemmWay::kOwn;
  }
}

const char* tokens_text(std::uint32_t n_tokens) noexcept {
  return n_tokens <= 64 ? "9-64" : n_tokens <= 256 ? "65-256" : "257-";
}

std::string gemm_choices_key(const PhysicalDevice& device) {
  return device.driver_key + "\n" + clblast().file + "\n" + kernel_source(KernelFile::unpack).text +
         kernel_source(KernelFile::halve_weights).text +
         kernel_source(KernelFile::halve_input).text + kernel_source(KernelFile::sum_chunks).text +
         kernel_source(device.can.is_cpu ? KernelFile::gemm_core : KernelFile::gemm).text;
}

GemmChoices::GemmChoices(const sdk::Host& host, const std::string& cache_folder, std::string key)
    : host_(host), key_(std::move(key)) {
  if (!cache_folder.empty()) file_ = binary_file_of(cache_folder, key_);
  read();
}

void GemmChoices::read() {
  if (file_.empty()) return;
  const std::vector<std::uint8_t> bytes = read_binary_file(file_, key_);
  std::istringstream lines(std::string(bytes.begin(), bytes.end()));
  std::string shape;
  for (GemmTimes times{}; lines >> times.own >> times.clblast >> times.clblast_f16 &&
                          std::getline(lines >> std::ws, shape);)
    times_.emplace(shape, times);
}

std::optional<GemmWay> GemmChoices::find(const std::string& shape) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!has_clblast_) return GemmWay::kOwn;
  const auto found = times_.find(shape);
  if (found == times_.end()) return std::nullopt;
  const GemmTimes& times = found->second;
  const GemmWay in_f32 = times.clblast < times.own ? GemmWay::kClblast : GemmWay::kOwn;
  const bool has_f16 = has_f16_ && times.clblast_f16 >= 0;
  return has_f16 && times.clblast_f16 < std::min(times.own, times.clblast) ? GemmWay::kClblastF16
                                                                           : in_f32;
}

void GemmChoices::keep(const std::string& shape, const GemmTimes& times) {
  const std::lock_guard<std::mutex> lock(mutex_);
  times_[shape] = times;
  std::ostringstream line;
  line << "opencl: products " << shape << ": " << times.own * 1e3 << " ms by own kernels, "
       << times.clblast * 1e3 << " ms by CLBlast";
  if (times.clblast_f16 >= 0) line << ", " << times.clblast_f16 * 1e3 << " ms by it in f16";
  host_.log(WICK_LOG_DEBUG, line.str());
  if (file_.empty()) return;
  read();
  std::ostringstream lines;
  lines << std::setprecision(9);
  for (const auto& [name, of] : times_)
    lines << of.own << ' ' << of.clblast << ' ' << of.clblast_f16 << ' ' << name << '\n';
  const std::string text = lines.str();
  write_binary_file(file_, key_, {text.begin(), text.end()});
}

void GemmChoices::give_up(GemmWay way, const std::string& why) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool is_f16 = way == GemmWay::kClblastF16;
  bool& has = is_f16 ? has_f16_ : has_clblast_;
  if (has)
    host_.log(WICK_LOG_WARNING, why + (is_f16 ? "; f32 multiplies prompts on this device"
                                              : "; own kernels multiply prompts on this device"));
  has = false;
}

}  // namespace wick::opencl

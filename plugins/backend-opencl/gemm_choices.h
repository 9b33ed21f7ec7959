// Who multiplies many tokens: our own kernels or CLBlast, as the user says or as was measured, once
// a device and shape. Not for the products (ops/tiles.h).
#pragma once

#include <wick/sdk/host.h>

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "platform.h"

namespace wick::opencl {

enum class GemmWay {
  kOwn,         ///< kernels for cores on a CPU, else tiles
  kTiles,       ///< kernels/gemm.cl anywhere
  kClblast,     ///< on unpacked weights
  kClblastF16,  ///< the same in f16, with sums of chunks in f32; kClblast where a plan is precise
  kMeasured     ///< kOwn, kClblast or kClblastF16, whichever was faster
};

/// What the option "matrices" asks for; none: what suits the device. Throws kUnavailable for
/// unknown names.
std::optional<GemmWay> wanted_gemm(const std::string& name);
/// What a device gets. Throws kUnavailable for kClblastF16 where it has no cl_khr_fp16. `host`: is
/// told where CLBlast would be used and is not there; may be null.
GemmWay gemm_way(const std::optional<GemmWay>& wanted, const Capabilities& can,
                 const sdk::Host* host);
inline bool needs_clblast(GemmWay way) noexcept {
  return way == GemmWay::kClblast || way == GemmWay::kClblastF16 || way == GemmWay::kMeasured;
}
/// "9-64": counts of tokens that share a choice.
const char* tokens_text(std::uint32_t n_tokens) noexcept;

/// Seconds.
struct GemmTimes {
  double own, clblast;
  double clblast_f16 = -1;  ///< negative: it is no choice
};

/// Measured times of one device, kept for the next start. Any thread.
class GemmChoices {
 public:
  /// `cache_folder`: empty: nowhere. `key`: all that times depend on besides the shape.
  GemmChoices(const sdk::Host& host, const std::string& cache_folder, std::string key);
  GemmChoices(const GemmChoices&) = delete;
  GemmChoices& operator=(const GemmChoices&) = delete;

  /// The fastest; nothing where none was measured.
  std::optional<GemmWay> find(const std::string& shape) const;
  /// Together with what others wrote to the file meanwhile. A file that cannot be written is one
  /// that is not there.
  void keep(const std::string& shape, const GemmTimes& times);
  /// A way by CLBlast fails on this device: others serve all shapes from now on, and the user is
  /// told. Without kClblast there is no kClblastF16.
  void give_up(GemmWay way, const std::string& why);

 private:
  void read();

  sdk::Host host_;
  std::string file_, key_;
  mutable std::mutex mutex_;
  bool has_clblast_ = true, has_f16_ = true;
  std::map<std::string, GemmTimes> times_;
};

/// Driver, library, kernels.
std::string gemm_choices_key(const PhysicalDevice& device);

}  // namespace wick::opencl

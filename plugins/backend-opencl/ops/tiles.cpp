// See ops/tiles.h, kernels/gemm.cl and kernels/gemm_core.cl.
#include "ops/tiles.h"

#include <algorithm>
#include <chrono>

namespace wick::opencl {
namespace {

constexpr std::uint32_t kSmallTile = 64, kLargeTile = 128, kTileItems = 256;  // of kernels/gemm.cl
constexpr std::uint32_t kCoreRows = 4, kCoreTokens = 64;  // of kernels/gemm_core.cl
constexpr int kMostRuns = 5;
constexpr double kEnoughSeconds = 0.1;

/// Large tiles decode and load less often, small ones are more workgroups.
std::uint32_t tile_of(const Program& program, const Product& product) {
  constexpr std::uint32_t kLocalBytes = 2 * 32 * kLargeTile * sizeof(float), kBusy = 128;
  const std::uint64_t groups =
      groups_of(product.n_out, kLargeTile) * groups_of(program.max_rows(product.y), kLargeTile);
  return program.can().local_bytes > kLocalBytes && groups >= kBusy ? kLargeTile : kSmallTile;
}

Options tile_options(const Product& product, std::uint32_t tile) {
  Options options = packing_options(product.layout->packing);
  options.emplace_back("TILE", tile);
  return options;
}

/// The best of a few runs, after one in which drivers compile.
template <class Run>
double seconds_of(const Device& device, const Run& run) {
  using Clock = std::chrono::steady_clock;
  run();
  device.finish();
  double best = 0, all = 0;
  for (int i = 0; i < kMostRuns && all < kEnoughSeconds; ++i) {
    const Clock::time_point begin = Clock::now();
    run();
    device.finish();
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    best = i == 0 ? seconds : std::min(best, seconds);
    all += seconds;
  }
  return best;
}

/// The storage class as its macros' values, rows and columns, tokens.
std::string shape_text(const Product& p, std::uint32_t n_rows) {
  std::string text;
  for (const auto& option : packing_options(p.layout->packing))
    text += (text.empty() ? "" : ".") + std::to_string(option.second);
  return text + " [" + std::to_string(p.n_out) + ", " + std::to_string(p.n_in) + "] of " +
         tokens_text(n_rows) + " tokens";
}

}  // namespace

TileKernels::TileKernels(Program& program, const Product& product)
    : product_(product),
      by_cores_(program.can().is_cpu && program.gemm() != GemmWay::kTiles),
      way_(program.gemm()),
      choices_(program.gemm_choices()),
      tile_(tile_of(program, product)),
      own_(by_cores_
               ? program.kernel(KernelFile::gemm_core, packing_options(product.layout->packing))
               : program.kernel(KernelFile::gemm, tile_options(product, tile_))) {
  if (!needs_clblast(way_)) return;
  const bool may_halve = program.can().half_arithmetic && !program.precise();
  if (way_ == GemmWay::kClblastF16 && !may_halve) way_ = GemmWay::kClblast;
  if (way_ != GemmWay::kClblastF16) {
    unpacked_ = std::make_unique<UnpackedProduct>(program, product);
    scratch_ = unpacked_->scratch();
  }
  if (!may_halve || way_ == GemmWay::kClblast) return;
  halved_ = std::make_unique<HalvedProduct>(program, product);
  const std::vector<std::uint32_t> more = halved_->scratch();
  scratch_.insert(scratch_.end(), more.begin(), more.end());
}

void TileKernels::run(Launcher& l, std::uint32_t n_rows) const {
  run_by(l, n_rows, way_for(l, n_rows));
}

void TileKernels::run_by(Launcher& l, std::uint32_t n_rows, GemmWay way) const {
  if (way == GemmWay::kClblast) return unpacked_->run(l, n_rows);
  if (way == GemmWay::kClblastF16) return halved_->run(l, n_rows);
  run_own(l, n_rows);
}

GemmWay TileKernels::way_for(Launcher& l, std::uint32_t n_rows) const {
  if (way_ != GemmWay::kMeasured) return way_;
  // A precise plan's choice is another one than that of a plan which may halve.
  const std::string shape = shape_text(product_, n_rows) + (halved_ ? ", f16 too" : "");
  if (!choices_->find(shape)) measure(l, n_rows, shape);
  return choices_->find(shape).value_or(GemmWay::kOwn);
}

double TileKernels::seconds_by(Launcher& l, std::uint32_t n_rows, GemmWay way) const {
  try {
    return seconds_of(l.device(), [&] { run_by(l, n_rows, way); });
  } catch (const Error& e) {
    if (e.code() != ErrorCode::kUnavailable) throw;
    choices_->give_up(way, e.what());
    return -1;
  }
}

void TileKernels::measure(Launcher& l, std::uint32_t n_rows, const std::string& shape) const {
  // On the values of this run, whose inputs no way changes.
  Launcher quiet = l.unmarked();
  l.device().finish();
  GemmTimes times{};
  times.own = seconds_by(quiet, n_rows, GemmWay::kOwn);
  times.clblast = seconds_by(quiet, n_rows, GemmWay::kClblast);
  if (times.clblast < 0) return;
  if (halved_) times.clblast_f16 = seconds_by(quiet, n_rows, GemmWay::kClblastF16);
  choices_->keep(shape, times);
}

void TileKernels::run_own(Launcher& l, std::uint32_t n_rows) const {
  const Product& p = product_;
  const Range range =
      by_cores_ ? workgroups(groups_of(p.n_out, kCoreRows), 1, groups_of(n_rows, kCoreTokens))
                : workgroups(groups_of(p.n_out, tile_), kTileItems, groups_of(n_rows, tile_));
  l.run(own_, range, p.w, WeightPlace(*p.layout), l.memory(p.x), l.memory(p.y),
        l.optional(p.addend), p.n_in, p.n_out, n_rows);
}

}  // namespace wick::opencl

// How near a measured speed is to what the device can do at most. Not for measuring either.
#pragma once

#include <optional>

#include "cli/benchmark.h"
#include "model/token_cost.h"
#include "schedule/device.h"

namespace wick::cli {

/// Of a prompt: the time that the device needs for its multiply-adds alone, over the time that was
/// taken. Products with integer codes count at the best rate of all, which is that of int8, or of
/// floats where a device has matrices of them; those with 16-bit floats at the best rate for
/// floats; all of them at that of f32 where `precise`. Of generation: the bytes that its tokens
/// read (weights of the products, states), over those that could have been read. Nothing where the
/// device did not measure what is needed.
std::optional<double> limit_share(const BenchmarkTest& test, double tokens_per_s,
                                  const TokenCost& cost, const DeviceLimits& limits, bool precise);

/// What was between two measurements: the mean of each rate.
DeviceLimits mean_of(const DeviceLimits& before, const DeviceLimits& after);

}  // namespace wick::cli

// Ops without a choice of order, and the two norms, whose sums are f64 in 8 lanes: included by one
// file per instruction set.
#pragma once

#include <math.h>

#include "portable/kernels.h"
#include "portable/math.h"

namespace wick::cpu {
namespace {

void add(const float* a, const float* b, uint64_t n, float* y) {
  for (uint64_t i = 0; i < n; ++i) y[i] = a[i] + b[i];
}
void mul(const float* a, const float* b, uint64_t n, float* y) {
  for (uint64_t i = 0; i < n; ++i) y[i] = a[i] * b[i];
}
void scale(const float* x, float factor, uint64_t n, float* y) {
  for (uint64_t i = 0; i < n; ++i) y[i] = x[i] * factor;
}
void silu(const float* x, uint64_t n, float* y) {
  for (uint64_t i = 0; i < n; ++i) y[i] = x[i] / (1.0f + exp_f32(-x[i]));
}
void swiglu(const float* gate, const float* up, uint64_t n, float* y) {
  for (uint64_t i = 0; i < n; ++i) y[i] = gate[i] / (1.0f + exp_f32(-gate[i])) * up[i];
}
void gelu(const float* x, uint64_t n, float* y) {
  for (uint64_t i = 0; i < n; ++i) {
    const float v = x[i];
    y[i] = 0.5f * v * (1.0f + tanhf(0.797884560802865f * (v + 0.044715f * v * v * v)));
  }
}
void softcap(const float* x, float cap, uint64_t n, float* y) {
  for (uint64_t i = 0; i < n; ++i) y[i] = cap * tanhf(x[i] / cap);
}
void exp_all(const float* x, uint64_t n, float* y) {
  for (uint64_t i = 0; i < n; ++i) y[i] = exp_f32(x[i]);
}

constexpr uint64_t kLanes = 16;

double lane_sum(const double* lanes) {
  double part[8], quarter[4];
  for (int i = 0; i < 8; ++i) part[i] = lanes[i] + lanes[i + 8];
  for (int i = 0; i < 4; ++i) quarter[i] = part[i] + part[i + 4];
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

double sum_of_squares(const float* x, double mean, uint64_t n) {
  double lanes[kLanes] = {};
  const uint64_t whole = n / kLanes * kLanes;
  for (uint64_t i = 0; i < whole; i += kLanes) {
    for (uint64_t k = 0; k < kLanes; ++k) {
      const double d = static_cast<double>(x[i + k]) - mean;
      lanes[k] += d * d;
    }
  }
  for (uint64_t i = whole; i < n; ++i) {
    const double d = static_cast<double>(x[i]) - mean;
    lanes[i - whole] += d * d;
  }
  return lane_sum(lanes);
}

double sum(const float* x, uint64_t n) {
  double lanes[kLanes] = {};
  const uint64_t whole = n / kLanes * kLanes;
  for (uint64_t i = 0; i < whole; i += kLanes)
    for (uint64_t k = 0; k < kLanes; ++k) lanes[k] += static_cast<double>(x[i + k]);
  for (uint64_t i = whole; i < n; ++i) lanes[i - whole] += static_cast<double>(x[i]);
  return lane_sum(lanes);
}

void rms_norm(const float* x, const float* weight, float epsilon, uint64_t n, float* y) {
  const double mean = sum_of_squares(x, 0.0, n) / static_cast<double>(n);
  const float factor =
      static_cast<float>(1.0 / __builtin_sqrt(mean + static_cast<double>(epsilon)));
  for (uint64_t i = 0; i < n; ++i) y[i] = x[i] * factor * weight[i];
}

void layer_norm(const float* x, const float* weight, const float* bias, float epsilon, uint64_t n,
                float* y) {
  const double mean = sum(x, n) / static_cast<double>(n);
  const double variance = sum_of_squares(x, mean, n) / static_cast<double>(n);
  const double factor = 1.0 / __builtin_sqrt(variance + static_cast<double>(epsilon));
  for (uint64_t i = 0; i < n; ++i) {
    const float centred = static_cast<float>((static_cast<double>(x[i]) - mean) * factor);
    y[i] = centred * weight[i] + (bias ? bias[i] : 0.0f);
  }
}

constexpr ElementwiseKernels kElementwise = {add,  mul,     scale,   silu,     swiglu,
                                             gelu, softcap, exp_all, rms_norm, layer_norm};

}  // namespace
}  // namespace wick::cpu

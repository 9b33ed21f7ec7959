// The emitted products of plain weights, called as they are: every instruction set and type, any
// number of tokens, rows and columns, and values that are no numbers. Not for packed weights
// (isa_test.cpp).
#include "conformance/reference/matmul.h"
#include "conformance/storage_classes.h"
#include "conformance/test_host.h"
#include "conformance/weight_data.h"

#include <gtest/gtest.h>

#include <cfloat>
#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>

#include "cpu_device.h"
#include "jit/kernel_cache.h"
#include "ops/matmul_input.h"
#include "weight.h"

namespace wick::cpu {
namespace {

using conformance::WeightData;
using reference::Matrix;

constexpr std::uint32_t kMostTokens = 9;
constexpr float kUntouched = 12345.0f;
constexpr std::size_t kGap = 3;  // behind a token's results

/// An instruction set, and the number of a plain type.
class FloatProducts : public ::testing::TestWithParam<std::tuple<jit::Isa, std::size_t>> {
 protected:
  FloatProducts() {
    for (const Kernels& kernels : usable_kernels())
      if (kernels.emits == std::get<0>(GetParam())) kernels_ = kernels;
    kernels_.jit = std::make_shared<jit::KernelCache>(sdk::Host(host_.api()), kernels_.emits);
  }
  static std::uint32_t type() {
    return conformance::plain_types()[std::get<1>(GetParam())].plain_type;
  }
  WeightData weight_of(const Matrix& values) const {
    return conformance::plain_weight(type(), values, WICK_USE_MATMUL);
  }
  /// What the program of a graph with that product takes.
  ProductKernel kernel_for(const Layout& layout, bool precise) const {
    conformance::TestGraph graph;
    const auto rows = static_cast<std::int64_t>(layout.n_rows),
               columns = static_cast<std::int64_t>(layout.n_cols);
    const std::uint32_t x = graph.input("x", columns), w = graph.weight("w", {rows, columns});
    graph.output(graph.node({"matmul@1", {x, w}, rows}), "y");
    const sdk::GraphView view(conformance::graph_api(), graph.handle());
    ProgramRequest request{};
    request.graph = &view;
    request.weights[w] = {&layout, nullptr};
    request.precise = precise;
    request.max_tokens = request.max_outputs = kMostTokens;
    request.kernels = kernels_;
    return product_kernel(Program(request), layout);
  }
  Weight packed(const WeightData& data) const {
    Weight weight(conformance::Device::describe("w", data));
    weight.put_plain(0, data.n_rows, data.plain.data());
    return weight;
  }
  /// [n_tokens][n_rows], by the emitted kernel; fails where another would run, or writes elsewhere.
  std::vector<float> multiply(const Weight& weight, const Matrix& x, std::uint64_t n_tokens) const {
    const Layout& layout = weight.layout();
    const ProductKernel kernel = kernel_for(layout, true);
    EXPECT_EQ(kernel.run, &jit::run_matmul);
    if (!kernel.codes) return {};
    const std::vector<float> units = whole_units(x, layout.padded_cols);
    const std::uint64_t stride = layout.n_rows + kGap;
    std::vector<float> y(n_tokens * stride, kUntouched);
    MatmulTask task{};
    kernel.set(task, {0, layout.padded_cols / kUnitCols, layout.padded_cols, 0});
    task.weights = weight.data();
    task.tile_bytes = layout.tile_bytes;
    task.end_tile = layout.n_tiles;
    task.n_rows = layout.n_rows;
    task.x = units.data();
    task.n_tokens = n_tokens;
    task.y = y.data();
    task.y_stride = stride;
    kernel.run(task);
    return without_gaps(y, stride);
  }

 private:
  static std::vector<float> whole_units(const Matrix& x, std::uint64_t width) {
    std::vector<float> units(x.n_rows * width);
    for (std::size_t t = 0; t < x.n_rows; ++t)
      for (std::size_t i = 0; i < x.width; ++i)
        units[t * width + i] = static_cast<float>(x.row(t)[i]);
    return units;
  }
  static std::vector<float> without_gaps(const std::vector<float>& y, std::uint64_t stride) {
    std::vector<float> results;
    for (std::size_t i = 0; i < y.size(); ++i) {
      if (i % stride < stride - kGap)
        results.push_back(y[i]);
      else
        EXPECT_EQ(y[i], kUntouched) << "behind the results of a token";
    }
    return results;
  }

  conformance::TestHost host_{1};
  Kernels kernels_{};
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(FloatProducts);  // in a build that emits nothing

struct Shape {
  std::size_t n_rows, n_cols;
};
std::vector<Shape> shapes() {
  std::vector<Shape> all{{17, 40001}};
  for (const std::size_t n_rows : {1u, 15u, 16u, 37u})
    for (const std::size_t n_cols : {1u, 2u, 31u, 32u, 33u, 77u, 2049u})
      all.push_back({n_rows, n_cols});
  return all;
}

std::string text_of(const Shape& shape) {
  return "[" + std::to_string(shape.n_rows) + ", " + std::to_string(shape.n_cols) + "]";
}

/// A product takes part in at most 32 sums of its unit and in those of all units, each of which
/// rounds; its own rounding is one more where it starts the unit.
double bound_of(double magnitude, std::size_t n_cols) {
  const std::size_t n_units = (n_cols + kUnitCols - 1) / kUnitCols;
  return static_cast<double>(kUnitCols + n_units + 1) * 0x1p-24 * magnitude;
}

double magnitude_of(double value) {
  return std::fabs(value);
}

TEST_P(FloatProducts, AreEmittedForFastAndPreciseRuns) {
  const Weight weight = packed(weight_of(Matrix(37, 77)));
  for (const bool precise : {false, true}) {
    const ProductKernel kernel = kernel_for(weight.layout(), precise);
    ASSERT_NE(kernel.codes, nullptr);
    EXPECT_EQ(kernel.run, &jit::run_matmul);
    EXPECT_NE(kernel.codes->product, jit::Product::kInteger);
    for (unsigned t = 0; t < kernel.codes->most_tokens; ++t)
      EXPECT_NE(kernel.codes->one_tile[t], nullptr) << t + 1 << " tokens";
  }
}

TEST_P(FloatProducts, AreWithinTheRoundingsOfTheirSums) {
  for (const Shape& shape : shapes()) {
    conformance::Random random(shape.n_rows * 100003 + shape.n_cols);
    const auto normal = conformance::InputClass::kNormal;
    const WeightData data =
        weight_of(conformance::make_input(normal, shape.n_rows, shape.n_cols, random));
    const Matrix x = conformance::make_input(normal, kMostTokens, shape.n_cols, random);
    const Matrix w = data.values(), want = reference::matmul(x, w);
    const Matrix most = reference::matmul(map(x, magnitude_of), map(w, magnitude_of));
    const Weight weight = packed(data);
    for (std::uint32_t n = 1; n <= kMostTokens; ++n) {
      const std::vector<float> got = multiply(weight, x, n);
      ASSERT_EQ(got.size(), n * shape.n_rows);
      for (std::size_t i = 0; i < got.size(); ++i)
        ASSERT_NEAR(static_cast<double>(got[i]), want.values[i],
                    bound_of(most.values[i], shape.n_cols))
            << text_of(shape) << ", " << n << " tokens, result " << i;
    }
  }
}

TEST_P(FloatProducts, GiveATokenTheSameBytesAloneAndAmongOthers) {
  for (const Shape& shape : shapes()) {
    conformance::Random random(shape.n_rows * 100003 + shape.n_cols);
    const auto normal = conformance::InputClass::kNormal;
    const Weight weight =
        packed(weight_of(conformance::make_input(normal, shape.n_rows, shape.n_cols, random)));
    const Matrix x = conformance::make_input(normal, kMostTokens, shape.n_cols, random);
    const std::vector<float> want = multiply(weight, x, kMostTokens);
    for (std::uint32_t n = 1; n < kMostTokens; ++n) {
      const std::vector<float> got = multiply(weight, x, n);
      EXPECT_EQ(std::memcmp(got.data(), want.data(), got.size() * sizeof(float)), 0)
          << text_of(shape) << ", " << n << " tokens";
    }
  }
}

struct Ends {
  double largest, smallest;
};
/// Of the values of a plain type above 0.
Ends ends_of(std::uint32_t type) {
  if (type == WICK_TYPE_F32) return {static_cast<double>(FLT_MAX), 0x1p-149};
  if (type == WICK_TYPE_F16) return {65504.0, 0x1p-24};
  return {0x1.fep127, 0x1p-133};
}

/// Every row has one strange value, or two side by side, at a column of its own; others are zero.
Matrix strange_weight(std::uint32_t type) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Ends ends = ends_of(type);
  const double strange[] = {infinity, -infinity, NAN, ends.largest, ends.smallest, infinity};
  Matrix w(21, 77);
  for (std::size_t r = 0; r < w.n_rows; ++r) {
    const std::size_t column = r * 5 % (w.width - 1);
    w.row(r)[column] = strange[r % 6];
    if (r % 6 == 5) w.row(r)[column + 1] = -infinity;
  }
  return w;
}

TEST_P(FloatProducts, KeepInfinitiesNansAndTheEndsOfATypeAsTheOracleDoes) {
  const WeightData data = weight_of(strange_weight(type()));
  Matrix x(kMostTokens, data.n_cols);
  for (std::size_t t = 0; t < x.n_rows; ++t)
    for (std::size_t i = 0; i < x.width; ++i) x.row(t)[i] = (t + i) % 3 == 0 ? -1.0 : 1.0;
  std::fill_n(x.row(1), x.width, 0.0);
  x.row(4)[7] = NAN;
  const Matrix want = reference::matmul(x, data.values());
  const Weight weight = packed(data);
  for (std::uint32_t n = 1; n <= kMostTokens; ++n) {
    const std::vector<float> got = multiply(weight, x, n);
    ASSERT_EQ(got.size(), n * data.n_rows);
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double value = static_cast<double>(got[i]);
      EXPECT_TRUE(std::isnan(want.values[i]) ? std::isnan(value) : value == want.values[i])
          << n << " tokens, result " << i << ": got " << value << ", need " << want.values[i];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cpu, FloatProducts,
                         ::testing::Combine(::testing::ValuesIn(jit::usable_isas()),
                                            ::testing::Range(std::size_t{0},
                                                             conformance::plain_types().size())),
                         [](const auto& made) {
                           std::string name{jit::name_of(std::get<0>(made.param))};
                           for (char& c : name)
                             if (c == '-') c = '_';
                           return name + "_" +
                                  conformance::plain_types()[std::get<1>(made.param)].name;
                         });

}  // namespace
}  // namespace wick::cpu

// Where the rows of a tensor lie, and when their pages may go.
#include "quantize/tensor_plan.h"

#include <gtest/gtest.h>

#include "base/tests/temp_folder.h"

namespace wick {
namespace {

/// Rows of one byte-sized value each, numbered.
PlannedTensor numbered(std::vector<std::vector<std::byte>>& memory, std::uint64_t n_parts,
                       std::uint64_t rows_a_part) {
  PlannedTensor tensor;
  tensor.stored = plain_weight_type(PlainType::kI8);
  tensor.n_rows = n_parts * rows_a_part;
  tensor.n_cols = 1;
  for (std::uint64_t part = 0; part < n_parts; ++part) {
    auto& bytes = memory.emplace_back();
    for (std::uint64_t row = 0; row < rows_a_part; ++row)
      bytes.push_back(static_cast<std::byte>(part * rows_a_part + row));
  }
  for (const auto& bytes : memory) tensor.parts.push_back({nullptr, 0, bytes});
  return tensor;
}

std::vector<int> order(const PlannedTensor& tensor) {
  std::vector<int> rows;
  for (std::uint64_t row = 0; row < tensor.n_rows; ++row)
    rows.push_back(static_cast<int>(*tensor.row(row)));
  return rows;
}

TEST(TensorPlan, InterleavesTheHalvesOfEachHead) {
  std::vector<std::vector<std::byte>> memory;
  PlannedTensor tensor = numbered(memory, 1, 12);
  tensor.n_heads = 2;
  EXPECT_EQ(order(tensor), (std::vector<int>{0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11}));
}

TEST(TensorPlan, LeavesRowsBehindThoseThatTurn) {
  std::vector<std::vector<std::byte>> memory;
  PlannedTensor tensor = numbered(memory, 1, 12);
  tensor.n_heads = 2;
  tensor.n_rotary = 4;
  EXPECT_EQ(order(tensor), (std::vector<int>{0, 2, 1, 3, 4, 5, 6, 8, 7, 9, 10, 11}));
}

TEST(TensorPlan, StacksPartsInOrder) {
  std::vector<std::vector<std::byte>> memory;
  const PlannedTensor tensor = numbered(memory, 3, 2);
  EXPECT_EQ(order(tensor), (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

TEST(TensorPlan, ReadsTheSameRowsWhateverItHintsAtTheDisk) {
  const TempFolder folder;
  std::string bytes(3 * 65536, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i / 16384);
  const MappedFile file = MappedFile::open(folder.write("rows", bytes));
  PlannedTensor tensor;
  tensor.stored = plain_weight_type(PlainType::kI8);
  tensor.n_rows = 8;
  tensor.n_cols = 16384;
  tensor.n_heads = 2;
  for (const std::uint64_t offset : {0u, 65536u})
    tensor.parts.push_back({&file, offset, file.bytes().subspan(offset, 65536)});
  for (const std::uint64_t heads : {0u, 2u}) {
    tensor.n_heads = heads;
    const std::vector<int> before = order(tensor);
    for (std::uint64_t row = 0; row < tensor.n_rows; ++row) {
      tensor.will_need(row, tensor.n_rows - row + 5);
      tensor.drop(0, row);
      EXPECT_EQ(order(tensor), before);
    }
  }
}

TEST(TensorPlan, WeighsTheRowsOfEachExpertByItsOwnImportance) {
  std::vector<std::vector<std::byte>> memory;
  PlannedTensor tensor = numbered(memory, 3, 2);
  EXPECT_EQ(tensor.row_importance(0), nullptr);
  tensor.importance = {10, 20, 30};
  std::vector<float> weights;
  for (std::uint64_t row = 0; row < tensor.n_rows; ++row)
    weights.push_back(*tensor.row_importance(row));
  EXPECT_EQ(weights, (std::vector<float>{10, 10, 20, 20, 30, 30}));
}

}  // namespace
}  // namespace wick

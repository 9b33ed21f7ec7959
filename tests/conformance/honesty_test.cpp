// Whether the backend under test keeps its word.
#include "conformance/honesty.h"
#include "under_test.h"

namespace wick::tests {
namespace {

TEST(Honesty, EstimatesTheBytesThatItAllocates) {
  for (const conformance::StorageEntry& storage : conformance::all_storage()) {
    if (256 % storage.super_values() != 0) continue;  // the small model's rows have 256 values
    if (!device_under_test().supports("matmul@1", storage.pointer(), storage.plain_type)) continue;
    for (const bool precise : {true, false})
      EXPECT_EQ(conformance::check_estimate(device_under_test(), storage, precise), "")
          << storage.name << " " << conformance::precision_name(precise);
  }
}

TEST(Honesty, MeasuresLimitsThatADeviceMayHave) {
  EXPECT_EQ(conformance::check_limits(device_under_test()), "");
}

TEST(Honesty, RefusesAnOpThatNobodyKnows) {
  EXPECT_EQ(conformance::check_unknown_op(device_under_test()), "");
}

TEST(Honesty, RefusesRowsThatAreNoWholeNumberOfSuperGroups) {
  for (const conformance::StorageEntry& storage : conformance::gguf_classes()) {
    if (!device_under_test().supports("matmul@1", storage.pointer(), 0)) continue;
    EXPECT_EQ(conformance::check_ragged_weight(device_under_test(), storage), "") << storage.name;
  }
}

}  // namespace
}  // namespace wick::tests

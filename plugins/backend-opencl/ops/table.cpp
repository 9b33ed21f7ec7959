// See table.h.
#include "ops/table.h"

#include <algorithm>

namespace wick::opencl {
namespace {
constexpr OpRow kRows[] = {
    {"embed@1", true, add_embed},
    {"matmul@1", true, add_matmul},
    {"matmul_experts@1", true, add_matmul_experts},
    {"add@1", false, add_elementwise},
    {"mul@1", false, add_elementwise},
    {"scale@1", false, add_elementwise},
    {"softcap@1", false, add_elementwise},
    {"silu@1", false, add_elementwise},
    {"swiglu@1", false, add_elementwise},
    {"gelu@1", false, add_elementwise},
    {"rms_norm@1", false, add_norm},
    {"layer_norm@1", false, add_norm},
    {"rope@1", false, add_rope},
    {"attention@1", false, add_attention},
    {"short_conv@1", false, add_short_conv},
    {"slice@1", false, add_slice},
    {"select_rows@1", false, add_select_rows},
    {"route@1", false, add_route},
    {"combine@1", false, add_combine},
    {"top_k@1", false, add_top_k},
};
}  // namespace

const OpRow* find_op(std::string_view name) noexcept {
  const auto* row = std::find_if(std::begin(kRows), std::end(kRows),
                                 [&](const OpRow& r) { return r.name == name; });
  return row == std::end(kRows) ? nullptr : row;
}

}  // namespace wick::opencl

// One row an op.
#include "ops/table.h"

namespace wick::cpu {
namespace {

constexpr OpRow kOps[] = {
    {"embed@1", add_embed, true},
    {"matmul@1", add_matmul, true},
    {"add@1", add_add, false},
    {"mul@1", add_mul, false},
    {"rms_norm@1", add_rms_norm, false},
    {"layer_norm@1", add_layer_norm, false},
    {"rope@1", add_rope, false},
    {"attention@1", add_attention, false},
    {"short_conv@1", add_short_conv, false},
    {"swiglu@1", add_swiglu, false},
    {"silu@1", add_silu, false},
    {"gelu@1", add_gelu, false},
    {"softcap@1", add_softcap, false},
    {"scale@1", add_scale, false},
    {"route@1", add_route, false},
    {"matmul_experts@1", add_matmul_experts, true},
    {"combine@1", add_combine, false},
    {"slice@1", add_slice, false},
    {"select_rows@1", add_select_rows, false},
};

}  // namespace

const OpRow* find_op(std::string_view name) noexcept {
  for (const OpRow& row : kOps)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace wick::cpu

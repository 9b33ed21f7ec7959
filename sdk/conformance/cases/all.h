// The cases of every op, by op or all together.
#pragma once

#include "conformance/cases/add.h"
#include "conformance/cases/attention.h"
#include "conformance/cases/combine.h"
#include "conformance/cases/embed.h"
#include "conformance/cases/gelu.h"
#include "conformance/cases/layer_norm.h"
#include "conformance/cases/matmul.h"
#include "conformance/cases/matmul_experts.h"
#include "conformance/cases/mul.h"
#include "conformance/cases/rms_norm.h"
#include "conformance/cases/rope.h"
#include "conformance/cases/route.h"
#include "conformance/cases/scale.h"
#include "conformance/cases/select_rows.h"
#include "conformance/cases/short_conv.h"
#include "conformance/cases/silu.h"
#include "conformance/cases/slice.h"
#include "conformance/cases/softcap.h"
#include "conformance/cases/swiglu.h"
#include "conformance/cases/top_k.h"

namespace wick::conformance {

/// The cases of one op.
struct OpCases {
  const char* name;
  std::vector<Case> (*make)();
};

inline std::vector<OpCases> all_ops() {
  return {{"add", add_cases},
          {"attention", attention_cases},
          {"combine", combine_cases},
          {"embed", embed_cases},
          {"gelu", gelu_cases},
          {"layer_norm", layer_norm_cases},
          {"matmul", matmul_cases},
          {"matmul_experts", matmul_experts_cases},
          {"mul", mul_cases},
          {"rms_norm", rms_norm_cases},
          {"rope", rope_cases},
          {"route", route_cases},
          {"scale", scale_cases},
          {"select_rows", select_rows_cases},
          {"short_conv", short_conv_cases},
          {"silu", silu_cases},
          {"slice", slice_cases},
          {"softcap", softcap_cases},
          {"swiglu", swiglu_cases},
          {"top_k", top_k_cases}};
}

inline std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const OpCases& op : all_ops()) {
    const std::vector<Case> cases = op.make();
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace wick::conformance

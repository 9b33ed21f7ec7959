// The cases of every op.
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

inline std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& cases :
       {add_cases(),    attention_cases(),   combine_cases(),    matmul_experts_cases(),
        route_cases(),  embed_cases(),       gelu_cases(),       layer_norm_cases(),
        matmul_cases(), mul_cases(),         rms_norm_cases(),   rope_cases(),
        scale_cases(),  select_rows_cases(), short_conv_cases(), silu_cases(),
        slice_cases(),  softcap_cases(),     swiglu_cases(),     top_k_cases()})
    all.insert(all.end(), cases.begin(), cases.end());
  return all;
}

}  // namespace wick::conformance

// The plugin's entry: one row for each weight format.
#include "formats/dynamic8.h"
#include "formats/iq1_m.h"
#include "formats/iq1_s.h"
#include "formats/iq2_s.h"
#include "formats/iq2_xs.h"
#include "formats/iq2_xxs.h"
#include "formats/iq3_s.h"
#include "formats/iq3_xxs.h"
#include "formats/iq4_nl.h"
#include "formats/iq4_xs.h"
#include "formats/mxfp4.h"
#include "formats/nf4.h"
#include "formats/nf4_dq.h"
#include "formats/q2_k.h"
#include "formats/q3_k.h"
#include "formats/q4_0.h"
#include "formats/q4_1.h"
#include "formats/q4_k.h"
#include "formats/q5_0.h"
#include "formats/q5_1.h"
#include "formats/q5_k.h"
#include "formats/q6_k.h"
#include "formats/q8_0.h"
#include "formats/tq1_0.h"
#include "formats/tq2_0.h"

#include <wick/sdk/plugin.h>

namespace wick::quant {
namespace {

using MakeFormat = std::unique_ptr<sdk::Format> (*)();

constexpr MakeFormat kFormats[] = {
    make_q4_0,      // 4.5 bits a weight
    make_q4_1,      // 5 bits a weight
    make_q5_0,      // 5.5 bits a weight
    make_q5_1,      // 6 bits a weight
    make_q8_0,      // 8.5 bits a weight
    make_q2_k,      // 2.625 bits a weight
    make_q3_k,      // 3.438 bits a weight
    make_q4_k,      // 4.5 bits a weight
    make_q5_k,      // 5.5 bits a weight
    make_q6_k,      // 6.562 bits a weight
    make_iq4_nl,    // 4.5 bits a weight
    make_iq4_xs,    // 4.25 bits a weight
    make_mxfp4,     // 4.25 bits a weight
    make_tq1_0,     // 1.688 bits a weight
    make_tq2_0,     // 2.062 bits a weight
    make_iq1_s,     // 1.562 bits a weight
    make_iq1_m,     // 1.75 bits a weight
    make_iq2_xxs,   // 2.062 bits a weight
    make_iq2_xs,    // 2.312 bits a weight
    make_iq2_s,     // 2.562 bits a weight
    make_iq3_xxs,   // 3.062 bits a weight
    make_iq3_s,     // 3.438 bits a weight
    make_nf4,       // 4.25 bits a weight
    make_nf4_dq,    // 4.188 bits a weight
    make_dynamic8,  // 8.25 bits a weight
};

}  // namespace
}  // namespace wick::quant

WICK_DEFINE_PLUGIN("org.wick.quant", WICK_PLUGIN_VERSION, [](const wick::sdk::Host& host) {
  for (const auto make : wick::quant::kFormats) wick::sdk::register_format(host, make());
})

// See makers.h.
#include "jit/makers.h"

#if defined(WICK_JIT) && defined(__x86_64__)
#include "jit/x86/integer_product.h"
#endif

namespace wick::cpu::jit {

const std::vector<MatmulMaker>& matmul_makers() {
  static const std::vector<MatmulMaker> kMakers = {
#if defined(WICK_JIT) && defined(__x86_64__)
    {Isa::kAvx2, Product::kInteger, x86::make_integer_product},
    {Isa::kAvxVnni, Product::kInteger, x86::make_integer_product},
    {Isa::kAvx512, Product::kInteger, x86::make_integer_product},
    {Isa::kAvx512Vnni, Product::kInteger, x86::make_integer_product},
#endif
  };
  return kMakers;
}

}  // namespace wick::cpu::jit

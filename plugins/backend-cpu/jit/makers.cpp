// See makers.h.
#include "jit/makers.h"

#if defined(WICK_JIT) && defined(__x86_64__)
#include "jit/x86/float_product.h"
#include "jit/x86/integer_product.h"
#include "jit/x86/tile_product.h"
#elif defined(WICK_JIT) && defined(__aarch64__)
#include "jit/a64/float_product.h"
#include "jit/a64/integer_product.h"
#endif

namespace wick::cpu::jit {

const std::vector<MatmulMaker>& matmul_makers() {
  static const std::vector<MatmulMaker> makers = {
#if defined(WICK_JIT) && defined(__x86_64__)
    {Isa::kAvx2, Product::kInteger, x86::make_integer_product},
    {Isa::kAvxVnni, Product::kInteger, x86::make_integer_product},
    {Isa::kAvx512, Product::kInteger, x86::make_integer_product},
    {Isa::kAvx512Vnni, Product::kInteger, x86::make_integer_product},
    {Isa::kAmxInt8, Product::kInteger, x86::make_tile_product},
    {Isa::kAvx2, Product::kF32, x86::make_float_product},
    {Isa::kAvxVnni, Product::kF32, x86::make_float_product},
    {Isa::kAvx512, Product::kF32, x86::make_float_product},
    {Isa::kAvx512Vnni, Product::kF32, x86::make_float_product},
    {Isa::kAvx2, Product::kF16, x86::make_float_product},
    {Isa::kAvxVnni, Product::kF16, x86::make_float_product},
    {Isa::kAvx512, Product::kF16, x86::make_float_product},
    {Isa::kAvx512Vnni, Product::kF16, x86::make_float_product},
    {Isa::kAvx2, Product::kBf16, x86::make_float_product},
    {Isa::kAvxVnni, Product::kBf16, x86::make_float_product},
    {Isa::kAvx512, Product::kBf16, x86::make_float_product},
    {Isa::kAvx512Vnni, Product::kBf16, x86::make_float_product},
#elif defined(WICK_JIT) && defined(__aarch64__)
    {Isa::kNeon, Product::kInteger, a64::make_integer_product},
    {Isa::kDotprod, Product::kInteger, a64::make_integer_product},
    {Isa::kI8mm, Product::kInteger, a64::make_integer_product},
    {Isa::kNeon, Product::kF32, a64::make_float_product},
    {Isa::kDotprod, Product::kF32, a64::make_float_product},
    {Isa::kI8mm, Product::kF32, a64::make_float_product},
    {Isa::kNeon, Product::kF16, a64::make_float_product},
    {Isa::kDotprod, Product::kF16, a64::make_float_product},
    {Isa::kI8mm, Product::kF16, a64::make_float_product},
    {Isa::kNeon, Product::kBf16, a64::make_float_product},
    {Isa::kDotprod, Product::kBf16, a64::make_float_product},
    {Isa::kI8mm, Product::kBf16, a64::make_float_product},
#endif
  };
  return makers;
}

}  // namespace wick::cpu::jit

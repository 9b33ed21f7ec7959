// See emitted_code.h.
#include "jit/emitted_code.h"

#include <wick/error.h>

namespace wick::cpu::jit {

EmittedCode::EmittedCode() {
  holder_.init(asmjit::Environment::host());
  holder_.setErrorHandler(&errors_);
}

std::vector<std::uint8_t> EmittedCode::finish() {
  holder_.flatten();
  holder_.resolveUnresolvedLinks();
  std::vector<std::uint8_t> code(holder_.codeSize());
  if (errors_.first.empty())
    holder_.copyFlattenedData(code.data(), code.size(),
                              asmjit::CopySectionFlags::kPadSectionBuffer);
  if (!errors_.first.empty() || code.empty())
    fail(ErrorCode::kUnavailable, "cpu: the assembler refuses: ", errors_.first);
  return code;
}

}  // namespace wick::cpu::jit

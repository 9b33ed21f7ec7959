// Where an assembler puts its code, and what it refused. Not for memory that code runs in
// (code_memory.h).
#pragma once

#include <asmjit/core.h>

#include <cstdint>
#include <string>
#include <vector>

namespace wick::cpu::jit {

/// Errors of asmjit are kept until finish(): one check instead of hundreds.
class EmittedCode {
 public:
  EmittedCode();

  /// Once, before anything is emitted. The emitter must not outlive this.
  void attach(asmjit::BaseEmitter& emitter) { holder_.attach(&emitter); }

  /// The code, position-independent. Throws kUnavailable for what asmjit refused.
  std::vector<std::uint8_t> finish();

 private:
  struct Errors final : asmjit::ErrorHandler {
    void handleError(asmjit::Error, const char* text, asmjit::BaseEmitter*) override {
      if (first.empty()) first = text;
    }
    std::string first;
  };
  Errors errors_;
  asmjit::CodeHolder holder_;
};

}  // namespace wick::cpu::jit

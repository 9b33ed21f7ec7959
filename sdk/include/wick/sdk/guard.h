// The border between exceptions and codes: guard() on the side that is called, check() on the side
// that calls.
#pragma once

#include <wick/abi/base.h>
#include <wick/error.h>

#include <cstring>
#include <new>
#include <string>
#include <string_view>

namespace wick {
inline namespace v1 {
namespace sdk {

inline wick_str to_str(std::string_view text) noexcept {
  return {text.data(), text.size()};
}
inline std::string_view to_view(wick_str text) noexcept {
  return {text.data ? text.data : "", text.data ? static_cast<std::size_t>(text.size) : 0};
}

/// A struct of the contract, zeroed, with its size written.
template <class Struct>
Struct make() noexcept {
  Struct made{};
  made.struct_size = static_cast<std::uint32_t>(sizeof(Struct));
  return made;
}

inline void copy_text(char* to, std::size_t capacity, std::string_view text) noexcept {
  std::size_t n = text.size() < capacity ? text.size() : capacity - 1;
  while (n < text.size() && n > 0 && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80) --n;
  if (n > 0) std::memcpy(to, text.data(), n);  // an empty view may point nowhere
  to[n] = '\0';
}

inline wick_code report(wick_error* error, ErrorCode code, std::string_view message,
                        std::string_view hint = {}) noexcept {
  if (error && WICK_HAS(error, hint)) {
    error->code = static_cast<wick_code>(code);
    copy_text(error->message, sizeof error->message, message);
    copy_text(error->hint, sizeof error->hint, hint);
  }
  return static_cast<wick_code>(code);
}

/// Runs body; whatever it throws becomes a code and a sentence.
template <class Body>
wick_code guard(wick_error* error, Body&& body) noexcept {
  try {
    body();
    return WICK_OK;
  } catch (const Error& e) {
    return report(error, e.code() == ErrorCode::kOk ? ErrorCode::kInternal : e.code(), e.what(),
                  e.hint());
  } catch (const std::bad_alloc&) {
    return report(error, ErrorCode::kOutOfMemory, "out of memory; use a smaller context or model");
  } catch (const std::exception& e) {
    return report(error, ErrorCode::kInternal, e.what());
  } catch (...) {
    return report(error, ErrorCode::kInternal, "an exception that is no std::exception was thrown");
  }
}

/// Throws what a call over the border reported. `call` is `code = f(..., error)` as a function of
/// wick_error*.
template <class Call>
void check(Call&& call) {
  wick_error error = make<wick_error>();
  const wick_code code = call(&error);
  if (code == WICK_OK) return;
  error.message[sizeof error.message - 1] = '\0';
  error.hint[sizeof error.hint - 1] = '\0';
  const char* text = error.message[0] ? error.message : "failed without saying why";
  throw Error(static_cast<ErrorCode>(code), text, error.hint);
}

}  // namespace sdk
}  // namespace v1
}  // namespace wick

// The border of the C API: exceptions become a status and a wick_failure. Not the plugin border,
// whose errors have a size: see <wick/sdk/guard.h>.
#pragma once

#include <wick/error.h>
#include <wick/wick.h>

#include <exception>
#include <string>
#include <type_traits>
#include <utility>

struct wick_failure {
  wick_status status = WICK_STATUS_INTERNAL;
  std::string message, hint;
};

namespace wick::api {

/// Keeps what was thrown in *failure, where that is not null, and returns its status.
wick_status keep(wick_failure** failure, const std::exception_ptr& thrown) noexcept;

/// Runs body, which returns a status or nothing.
template <class Body>
wick_status guarded(wick_failure** failure, Body&& body) noexcept {
  try {
    if constexpr (std::is_void_v<decltype(body())>) {
      std::forward<Body>(body)();
      return WICK_STATUS_OK;
    } else {
      return std::forward<Body>(body)();
    }
  } catch (...) {
    return keep(failure, std::current_exception());
  }
}

/// Errors: kBadArgument for null, which a caller's handle or place must not be.
template <class T>
T& need(T* pointer, const char* function, const char* what) {
  if (pointer == nullptr)
    fail(ErrorCode::kBadArgument, function, ": got null for the ", what, ", need one");
  return *pointer;
}

}  // namespace wick::api

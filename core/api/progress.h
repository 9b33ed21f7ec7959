// A caller's progress callback, whose answer may end the work.
#pragma once

#include <wick/error.h>
#include <wick/wick.h>

#include <string>
#include <string_view>

namespace wick::api {

struct Progress {
  wick_progress_function function = nullptr;
  void* context = nullptr;

  /// False where the caller wants to stop.
  bool goes_on(const char* what, double done) const {
    return function == nullptr || function(context, what, done) == 0;
  }
  /// Errors: kCancelled, where the caller wants to stop.
  void tell(std::string_view what, double done) const {
    if (!goes_on(std::string(what).c_str(), done))
      fail(ErrorCode::kCancelled, what, ": the caller asked to stop");
  }
};

}  // namespace wick::api

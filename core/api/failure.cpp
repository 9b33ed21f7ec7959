// See failure.h; and the functions that read a failure.
#include "api/failure.h"

#include <memory>
#include <new>

namespace wick::api {
namespace {

/// Made before it is needed: what stands for a failure that there is no memory to keep; never
/// freed.
wick_failure& out_of_memory() {
  static wick_failure failure{WICK_STATUS_OUT_OF_MEMORY, "out of memory", {}};
  return failure;
}

wick_failure described(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& e) {
    const ErrorCode code = e.code() == ErrorCode::kOk ? ErrorCode::kInternal : e.code();
    return {static_cast<wick_status>(code), e.what(), e.hint()};
  } catch (const std::bad_alloc&) {
    return {WICK_STATUS_OUT_OF_MEMORY, "out of memory; use a smaller context or model", {}};
  } catch (const std::exception& e) {
    return {WICK_STATUS_INTERNAL, e.what(), {}};
  } catch (...) {
    return {WICK_STATUS_INTERNAL, "an exception that is no std::exception was thrown", {}};
  }
}

}  // namespace

wick_status keep(wick_failure** failure, const std::exception_ptr& thrown) noexcept {
  try {
    auto made = std::make_unique<wick_failure>(described(thrown));
    const wick_status status = made->status;
    if (failure != nullptr) *failure = made.release();
    return status;
  } catch (...) {
    if (failure != nullptr) *failure = &out_of_memory();
    return WICK_STATUS_OUT_OF_MEMORY;
  }
}

}  // namespace wick::api

wick_status wick_failure_status(const wick_failure* failure) {
  return failure != nullptr ? failure->status : WICK_STATUS_OK;
}

const char* wick_failure_message(const wick_failure* failure) {
  return failure != nullptr ? failure->message.c_str() : "";
}

const char* wick_failure_hint(const wick_failure* failure) {
  return failure != nullptr ? failure->hint.c_str() : "";
}

void wick_failure_free(wick_failure* failure) {
  if (failure != &wick::api::out_of_memory()) delete failure;
}

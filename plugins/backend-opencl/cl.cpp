// The loader is opened by its name, as every distribution installs it, and stays open: drivers
// leave threads and destructors behind that closing it would pull the ground from under.
#include "cl.h"

#include <dlfcn.h>

#include <iterator>

namespace wick::opencl {
namespace {

Api open_loader() {
  const char* const name = "libOpenCL.so.1";
  void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char* why = dlerror();
    throw Error(ErrorCode::kUnavailable,
                std::string("the OpenCL loader cannot be opened: ") + (why ? why : name),
                "apt install ocl-icd-libopencl1");
  }
  Api loaded;
#define WICK_CL_LOAD(function)                                                                   \
  loaded.function = reinterpret_cast<decltype(loaded.function)>(dlsym(library, "cl" #function)); \
  if (!loaded.function)                                                                          \
    fail(ErrorCode::kUnavailable, name, ": it lacks cl" #function, ", which OpenCL 1.2 has",     \
         "; update ocl-icd-libopencl1");
  WICK_CL_FUNCTIONS(WICK_CL_LOAD)
#undef WICK_CL_LOAD
  return loaded;
}

struct Named {
  cl_int result;
  const char* name;
};

#define WICK_CL_NAME(name) \
  { name, #name }
constexpr Named kNames[] = {
    WICK_CL_NAME(CL_DEVICE_NOT_FOUND),
    WICK_CL_NAME(CL_DEVICE_NOT_AVAILABLE),
    WICK_CL_NAME(CL_COMPILER_NOT_AVAILABLE),
    WICK_CL_NAME(CL_MEM_OBJECT_ALLOCATION_FAILURE),
    WICK_CL_NAME(CL_OUT_OF_RESOURCES),
    WICK_CL_NAME(CL_OUT_OF_HOST_MEMORY),
    WICK_CL_NAME(CL_BUILD_PROGRAM_FAILURE),
    WICK_CL_NAME(CL_MISALIGNED_SUB_BUFFER_OFFSET),
    WICK_CL_NAME(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
    WICK_CL_NAME(CL_INVALID_VALUE),
    WICK_CL_NAME(CL_INVALID_PLATFORM),
    WICK_CL_NAME(CL_INVALID_DEVICE),
    WICK_CL_NAME(CL_INVALID_CONTEXT),
    WICK_CL_NAME(CL_INVALID_COMMAND_QUEUE),
    WICK_CL_NAME(CL_INVALID_MEM_OBJECT),
    WICK_CL_NAME(CL_INVALID_BINARY),
    WICK_CL_NAME(CL_INVALID_BUILD_OPTIONS),
    WICK_CL_NAME(CL_INVALID_PROGRAM),
    WICK_CL_NAME(CL_INVALID_PROGRAM_EXECUTABLE),
    WICK_CL_NAME(CL_INVALID_KERNEL_NAME),
    WICK_CL_NAME(CL_INVALID_KERNEL),
    WICK_CL_NAME(CL_INVALID_ARG_INDEX),
    WICK_CL_NAME(CL_INVALID_ARG_VALUE),
    WICK_CL_NAME(CL_INVALID_ARG_SIZE),
    WICK_CL_NAME(CL_INVALID_KERNEL_ARGS),
    WICK_CL_NAME(CL_INVALID_WORK_GROUP_SIZE),
    WICK_CL_NAME(CL_INVALID_WORK_ITEM_SIZE),
    WICK_CL_NAME(CL_INVALID_EVENT),
    WICK_CL_NAME(CL_INVALID_OPERATION),
    WICK_CL_NAME(CL_INVALID_BUFFER_SIZE),
    {-1001, "CL_PLATFORM_NOT_FOUND_KHR"},
};
#undef WICK_CL_NAME

}  // namespace

const Api& api() {
  static const Api opened = open_loader();
  return opened;
}

std::string result_name(cl_int result) {
  for (const Named& named : kNames)
    if (named.result == result) return named.name;
  return "OpenCL error " + std::to_string(result);
}

bool is_out_of_memory(cl_int result) noexcept {
  return result == CL_MEM_OBJECT_ALLOCATION_FAILURE || result == CL_OUT_OF_RESOURCES ||
         result == CL_OUT_OF_HOST_MEMORY || result == CL_INVALID_BUFFER_SIZE;
}

void check(cl_int result, const char* call, const std::string& device) {
  if (result == CL_SUCCESS) return;
  const std::string text = device + ": " + call + ": " + result_name(result);
  if (result == CL_MEM_OBJECT_ALLOCATION_FAILURE || result == CL_OUT_OF_HOST_MEMORY)
    throw Error(ErrorCode::kOutOfMemory, text);
  // What drivers say of a device that is gone, or that a kernel brought down.
  if (result == CL_DEVICE_NOT_AVAILABLE || result == CL_OUT_OF_RESOURCES ||
      result == CL_INVALID_COMMAND_QUEUE ||
      result == CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST || result <= -9999)
    throw Error(ErrorCode::kDeviceLost, text, "start again, or use another backend");
  throw Error(ErrorCode::kUnavailable, text);
}

}  // namespace wick::opencl

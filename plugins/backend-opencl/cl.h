// OpenCL as this plugin uses it: the loader opened at run time, functions by name, results as
// exceptions. Not for what is done with them.
#pragma once

#include <CL/cl.h>
#include <wick/error.h>

#include <string>

namespace wick::opencl {

#define WICK_CL_FUNCTIONS(X)  \
  X(BuildProgram)             \
  X(CreateBuffer)             \
  X(CreateCommandQueue)       \
  X(CreateContext)            \
  X(CreateKernel)             \
  X(CreateProgramWithBinary)  \
  X(CreateProgramWithSource)  \
  X(CreateSubBuffer)          \
  X(EnqueueCopyBuffer)        \
  X(EnqueueFillBuffer)        \
  X(EnqueueMapBuffer)         \
  X(EnqueueMigrateMemObjects) \
  X(EnqueueNDRangeKernel)     \
  X(EnqueueReadBuffer)        \
  X(EnqueueUnmapMemObject)    \
  X(EnqueueWriteBuffer)       \
  X(Finish)                   \
  X(Flush)                    \
  X(GetDeviceIDs)             \
  X(GetDeviceInfo)            \
  X(GetEventProfilingInfo)    \
  X(GetPlatformIDs)           \
  X(GetPlatformInfo)          \
  X(GetProgramBuildInfo)      \
  X(GetProgramInfo)           \
  X(ReleaseCommandQueue)      \
  X(ReleaseContext)           \
  X(ReleaseEvent)             \
  X(ReleaseKernel)            \
  X(ReleaseMemObject)         \
  X(ReleaseProgram)           \
  X(SetKernelArg)             \
  X(WaitForEvents)

/// The loader's functions.
struct Api {
#define WICK_CL_MEMBER(name) decltype(&::cl##name) name = nullptr;
  WICK_CL_FUNCTIONS(WICK_CL_MEMBER)
#undef WICK_CL_MEMBER
};

/// Opens the loader, once for the process. Throws kUnavailable where it is not there.
const Api& api();

/// "CL_OUT_OF_RESOURCES"
std::string result_name(cl_int result);
/// Throws what a failed call means: kOutOfMemory, kDeviceLost or kUnavailable.
void check(cl_int result, const char* call, const std::string& device);
/// Where memory is asked for, drivers have more names for that there is none.
bool is_out_of_memory(cl_int result) noexcept;

}  // namespace wick::opencl

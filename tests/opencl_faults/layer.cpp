// A layer between OpenCL's loader and any driver: it fails as WICK_FAULTS says, and counts what is
// asked for. The words are those of ../vulkan_faults/layer/faults.h, whose state it uses.
#include "faults.h"

#define CL_TARGET_OPENCL_VERSION 300
#include <CL/cl_layer.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>

#define WICK_LAYER_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

using wick::vulkan_faults::Call;
using wick::vulkan_faults::fails;
using wick::vulkan_faults::faults;

const cl_icd_dispatch* next = nullptr;
cl_icd_dispatch ours;
std::mutex mutex;
struct Piece {
  std::uint64_t n_bytes;
  bool is_counted;  // of the device, not what the host reads and writes
};
std::map<cl_mem, Piece> pieces;

cl_int CL_API_CALL get_device_ids(cl_platform_id platform, cl_device_type type, cl_uint n,
                                  cl_device_id* devices, cl_uint* n_found) {
  if (faults().hides) return CL_DEVICE_NOT_FOUND;
  return next->clGetDeviceIDs(platform, type, n, devices, n_found);
}

template <class T>
cl_int answer(const T* value, std::size_t size, std::size_t room, void* to, std::size_t* n) {
  if (n) *n = size;
  if (to && room < size) return CL_INVALID_VALUE;
  if (to) std::memcpy(to, value, size);
  return CL_SUCCESS;
}

cl_int CL_API_CALL get_device_info(cl_device_id device, cl_device_info what, std::size_t room,
                                   void* to, std::size_t* n) {
  constexpr char kOld[] = "OpenCL 1.1 old";
  const cl_bool no = CL_FALSE;
  const cl_ulong budget = faults().budget;
  if (what == CL_DEVICE_VERSION && faults().is_old) return answer(kOld, sizeof kOld, room, to, n);
  if (what == CL_DEVICE_HOST_UNIFIED_MEMORY && faults().is_discrete)
    return answer(&no, sizeof no, room, to, n);
  if (what == CL_DEVICE_GLOBAL_MEM_SIZE && budget > 0)
    return answer(&budget, sizeof budget, room, to, n);
  return next->clGetDeviceInfo(device, what, room, to, n);
}

cl_mem CL_API_CALL create_buffer(cl_context context, cl_mem_flags flags, std::size_t size,
                                 void* host, cl_int* result) {
  auto& all = faults();
  // Memory that the host lends begins and ends at a page; the backend's own has some bytes more.
  const bool is_lent = (flags & CL_MEM_USE_HOST_PTR) && size % 4096 == 0;
  const bool is_counted = !(flags & CL_MEM_ALLOC_HOST_PTR) && !is_lent;
  const std::lock_guard<std::mutex> lock(mutex);
  const std::uint64_t limit = all.memory;
  if (fails(Call::kAllocate) || (limit > 0 && is_counted && all.bytes + size > limit)) {
    if (result) *result = CL_MEM_OBJECT_ALLOCATION_FAILURE;
    return nullptr;
  }
  cl_mem made = next->clCreateBuffer(context, flags, size, host, result);
  if (!made) return nullptr;
  pieces[made] = {size, is_counted};
  ++all.n_live;
  if (is_counted) all.bytes += size;
  all.most_bytes = std::max(all.most_bytes.load(), all.bytes.load());
  return made;
}

cl_int CL_API_CALL release_mem_object(cl_mem memory) {
  const std::lock_guard<std::mutex> lock(mutex);
  const auto found = pieces.find(memory);  // a part of another is none
  if (found != pieces.end()) {
    --faults().n_live;
    if (found->second.is_counted) faults().bytes -= found->second.n_bytes;
    pieces.erase(found);
  }
  return next->clReleaseMemObject(memory);
}

cl_int CL_API_CALL build_program(cl_program program, cl_uint n, const cl_device_id* devices,
                                 const char* options, void(CL_CALLBACK* done)(cl_program, void*),
                                 void* data) {
  if (fails(Call::kPipeline)) return CL_BUILD_PROGRAM_FAILURE;
  return next->clBuildProgram(program, n, devices, options, done, data);
}

cl_int CL_API_CALL enqueue_kernel(cl_command_queue queue, cl_kernel kernel, cl_uint n_dimensions,
                                  const std::size_t* offset, const std::size_t* items,
                                  const std::size_t* local, cl_uint n_events,
                                  const cl_event* events, cl_event* event) {
  if (fails(Call::kSubmit)) return CL_OUT_OF_RESOURCES;
  return next->clEnqueueNDRangeKernel(queue, kernel, n_dimensions, offset, items, local, n_events,
                                      events, event);
}

cl_int CL_API_CALL finish(cl_command_queue queue) {
  const cl_int result = next->clFinish(queue);  // nothing may run on when memory is freed
  return fails(Call::kWait) ? CL_OUT_OF_RESOURCES : result;
}

}  // namespace

WICK_LAYER_EXPORT cl_int CL_API_CALL clGetLayerInfo(cl_layer_info what, std::size_t room, void* to,
                                                    std::size_t* n) {
  constexpr char kName[] = "wick faults";
  const cl_layer_api_version version = CL_LAYER_API_VERSION_100;
  if (what == CL_LAYER_API_VERSION) return answer(&version, sizeof version, room, to, n);
  if (what == CL_LAYER_NAME) return answer(kName, sizeof kName, room, to, n);
  return CL_INVALID_VALUE;
}

WICK_LAYER_EXPORT cl_int CL_API_CALL clInitLayer(cl_uint n, const cl_icd_dispatch* target,
                                                 cl_uint* n_ours,
                                                 const cl_icd_dispatch** dispatch) {
  if (!target || !n_ours || !dispatch || n < sizeof ours / sizeof(void*)) return CL_INVALID_VALUE;
  next = target;
  ours = *target;
  ours.clGetDeviceIDs = &get_device_ids;
  ours.clGetDeviceInfo = &get_device_info;
  ours.clCreateBuffer = &create_buffer;
  ours.clReleaseMemObject = &release_mem_object;
  ours.clBuildProgram = &build_program;
  ours.clEnqueueNDRangeKernel = &enqueue_kernel;
  ours.clFinish = &finish;
  *n_ours = sizeof ours / sizeof(void*);
  *dispatch = &ours;
  return CL_SUCCESS;
}

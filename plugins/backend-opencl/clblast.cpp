// See clblast.h. Debian's archive of CLBlast is for programs, and few users have the library: it is
// opened by its name. It needs libOpenCL.so.1 itself and gets the one that is open already.
#include "clblast.h"

#include <dlfcn.h>

#include <cstdlib>
#include <iterator>

namespace wick::opencl {
namespace {

template <class Function>
void load(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (!function)
    fail(ErrorCode::kUnavailable, "libclblast.so.1: it lacks ", name,
         ", which CLBlast 1.5 has; update libclblast1");
}

std::string file_of(const void* function) {
  Dl_info info{};
  if (dladdr(function, &info) == 0 || !info.dli_fname) return "";
  char* real = realpath(info.dli_fname, nullptr);
  const std::string file = real ? real : info.dli_fname;
  std::free(real);
  return file;
}

Clblast open_library() {
  const char* const name = "libclblast.so.1";
  void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char* why = dlerror();
    fail(ErrorCode::kUnavailable, "CLBlast cannot be opened: ", why ? why : name,
         "; install libclblast1, or use --matrices own");
  }
  Clblast loaded;
  load(library, "CLBlastSgemmWithTempBuffer", loaded.sgemm);
  load(library, "CLBlastSGemmTempBufferSize", loaded.temp_bytes);
  load(library, "CLBlastHgemmStridedBatched", loaded.hgemm_batched);
  load(library, "CLBlastClearCache", loaded.clear_cache);
  loaded.file = file_of(reinterpret_cast<const void*>(loaded.sgemm));
  return loaded;
}

struct Meaning {
  int result;
  const char* text;
};

constexpr Meaning kMeanings[] = {
    {-2050, "its temporary buffer is too small"},
    {-2045, "the device has no cl_khr_fp16"},
    {-2046, "the device has less local memory than its kernel needs"},
    {-2041, "it has no entry for the device in its database"},
    {-2040, "an error that it does not name"},
    {-2039, "an exception that it did not expect"},
    {-1024, "it does not have this product"},
    {-1022, "the weights are no buffer"},
    {-1021, "the input is no buffer"},
    {-1020, "the output is no buffer"},
    {-1017, "a dimension is 0"},
    {-1016, "columns of the weights overlap"},
    {-1015, "columns of the input overlap"},
    {-1014, "columns of the output overlap"},
    {-1011, "the buffer of weights is too small"},
    {-1010, "the buffer of the input is too small"},
    {-1009, "the buffer of the output is too small"},
};
constexpr int kFirstOpenCl = -1000;  // above it results are OpenCL's

}  // namespace

const Clblast& clblast() {
  static const Clblast opened = open_library();
  return opened;
}

void check_clblast(int result, const char* call, const std::string& device) {
  if (result > kFirstOpenCl) return check(result, call, device);
  std::string text = "result " + std::to_string(result);
  for (const Meaning& meaning : kMeanings)
    if (meaning.result == result) text = meaning.text + std::string(" (") + text + ")";
  fail(ErrorCode::kUnavailable, device, ": ", call, ": ", text, "; use --matrices own");
}

}  // namespace wick::opencl

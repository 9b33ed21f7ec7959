// See kernel_cache.h; one table from key to maker.
#include "jit/kernel_cache.h"

#include <wick/error.h>

#include "jit/makers.h"

namespace wick::cpu::jit {

MatmulCode KernelCache::matmul(const MatmulKey& key) {
  const std::string name = describe(key);
  std::promise<const void*> promise;
  std::shared_future<const void*> result;
  bool is_mine = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto [at, is_new] = made_.try_emplace(name);
    if (is_new) at->second = promise.get_future().share();
    result = at->second;
    is_mine = is_new;
  }
  if (is_mine) promise.set_value(make(key, name));
  return reinterpret_cast<MatmulCode>(reinterpret_cast<std::uintptr_t>(result.get()));
}

const void* KernelCache::make(const MatmulKey& key, const std::string& name) {
  try {
    for (const MatmulMaker& maker : matmul_makers())
      if (maker.isa == key.isa && maker.product == key.product)
        return memory_.add(maker.make(key), name);
    fail(ErrorCode::kUnavailable, "cpu: no maker for it");
  } catch (const std::exception& e) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!warned_)
      host_.log(WICK_LOG_WARNING, "cpu: the kernel " + name + " cannot be made (" + e.what() +
                                      "); portable kernels run instead, and are slower");
    warned_ = true;
    return nullptr;
  }
}

}  // namespace wick::cpu::jit

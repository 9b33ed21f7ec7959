// Masks of the calling thread. A mask as large as any kernel's, because a cpu_set_t ends at 1024.
#include "base/affinity.h"

#include <wick/error.h>

#include <algorithm>

#include "base/processors.h"

namespace wick {

void check_processors(const std::vector<int>& processors, std::uint32_t n_threads) {
  const std::vector<int> allowed = allowed_processor_numbers();
  std::vector<int> sorted = processors;
  std::sort(sorted.begin(), sorted.end());
  const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
  if (twice != sorted.end())
    fail(ErrorCode::kUsage, "affinity: processor ", *twice,
         " is named twice, need one for each thread");
  for (const int processor : processors)
    if (!std::binary_search(allowed.begin(), allowed.end(), processor))
      fail(ErrorCode::kUnavailable, "affinity: this process may not use processor ", processor,
           ", need some of its ", allowed.size(), " from ", allowed.front(), " to ", allowed.back(),
           "; `taskset -cp $$` lists them");
  if (n_threads > processors.size())
    fail(ErrorCode::kUsage, "affinity: too few processors for ", n_threads, " threads, got ",
         processors.size(), ", need one for each; name more or lower --threads");
}

bool bind_thread(int processor) noexcept {
  alignas(cpu_set_t) unsigned long mask[kMaxProcessors / (8 * sizeof(unsigned long))] = {};
  auto* set = reinterpret_cast<cpu_set_t*>(mask);
  CPU_SET_S(static_cast<std::size_t>(processor), sizeof mask, set);
  return sched_setaffinity(0, sizeof mask, set) == 0;
}

BoundThread::BoundThread(int processor) noexcept
    : is_bound_(sched_getaffinity(0, sizeof before_, reinterpret_cast<cpu_set_t*>(before_)) == 0 &&
                bind_thread(processor)) {}

BoundThread::~BoundThread() {
  if (is_bound_)
    static_cast<void>(
        sched_setaffinity(0, sizeof before_, reinterpret_cast<const cpu_set_t*>(before_)));
}

}  // namespace wick

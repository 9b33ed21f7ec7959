// By addresses: no allocation, no lock, since this runs within operator new.
#include "callers.h"

#include <link.h>
#include <unwind.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace wick::check {
namespace {

/// The code of a library that was there in time.
struct Range {
  std::uintptr_t begin, end;
  bool is_cxx_library;
};
std::vector<Range> ranges;  // sorted, and constant once they are noted

int add_ranges(dl_phdr_info* info, std::size_t, void*) {
  const bool is_cxx = std::strstr(info->dlpi_name, "/libstdc++.so") != nullptr ||
                      std::strstr(info->dlpi_name, "/libc++.so") != nullptr;
  for (std::size_t i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X)) continue;
    const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    ranges.push_back({begin, begin + segment.p_memsz, is_cxx});
  }
  return 0;
}

const Range* range_of(std::uintptr_t address) noexcept {
  const auto above =
      std::upper_bound(ranges.begin(), ranges.end(), address,
                       [](std::uintptr_t a, const Range& range) { return a < range.begin; });
  if (above == ranges.begin()) return nullptr;
  const Range& range = *(above - 1);
  return address < range.end ? &range : nullptr;
}

/// The first caller behind the C++ library.
struct Search {
  bool is_in_library = false, is_plugins = false;
};

_Unwind_Reason_Code look(_Unwind_Context* context, void* argument) {
  auto& search = *static_cast<Search*>(argument);
  const Range* range = range_of(_Unwind_GetIP(context));
  if (range && range->is_cxx_library) {
    search.is_in_library = true;
  } else if (search.is_in_library) {
    search.is_plugins = range != nullptr;
    return _URC_END_OF_STACK;
  }
  return _URC_NO_REASON;
}

}  // namespace

void note_libraries() {
  ranges.clear();
  ::dl_iterate_phdr(&add_ranges, nullptr);
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.begin < b.begin; });
}

bool is_call_of_plugin(const void* address) noexcept {
  if (ranges.empty()) return true;
  const Range* range = range_of(reinterpret_cast<std::uintptr_t>(address));
  if (!range || !range->is_cxx_library) return range != nullptr;
  Search search;
  ::_Unwind_Backtrace(&look, &search);
  return search.is_plugins;
}

}  // namespace wick::check

// See faults.h.
#include "faults.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace wick::vulkan_faults {
namespace {

[[noreturn]] void refuse(std::string_view word) {
  std::fprintf(stderr, "WICK_FAULTS: '%.*s' is no fault; see faults.h\n",
               static_cast<int>(word.size()), word.data());
  std::abort();
}

std::uint64_t number_of(std::string_view word, std::size_t at) {
  std::uint64_t number = 0;
  const char* end = word.data() + word.size();
  const auto parsed = std::from_chars(word.data() + at, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number == 0) refuse(word);
  return number;
}

void set_word(Faults& all, std::string_view word) {
  if (word == "hide") {
    all.hides = true;
  } else if (word == "find-none") {
    all.finds_none = true;
  } else if (word == "api-1.1") {
    all.is_old = true;
  } else if (word == "discrete") {
    all.is_discrete = true;
  } else {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    constexpr std::string_view kNames[kCalls] = {"allocate", "submit", "wait", "pipeline"};
    std::atomic<std::uint64_t>* number = name == "budget"   ? &all.budget
                                         : name == "memory" ? &all.memory
                                                            : nullptr;
    for (std::size_t i = 0; i < kCalls; ++i)
      if (name == kNames[i]) number = &all.fails_at[i];
    if (!number || equals == std::string_view::npos) refuse(word);
    *number = number_of(word, equals + 1);
  }
}

void fill(Faults& all, std::string_view words) {
  all.hides = all.finds_none = all.is_old = all.is_discrete = false;
  all.budget = all.memory = 0;
  for (std::size_t i = 0; i < kCalls; ++i) all.fails_at[i] = all.n_calls[i] = 0;
  all.most_bytes = all.bytes.load();
  while (!words.empty()) {
    const std::size_t end = words.find(' ');
    if (end != 0) set_word(all, words.substr(0, end));
    words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
  }
}

}  // namespace

Faults& faults() {
  // Never destroyed: drivers' threads may outlive static objects.
  static Faults& all = [&]() -> Faults& {
    auto* made = new Faults;
    const char* words = std::getenv("WICK_FAULTS");
    fill(*made, words ? words : "");
    return *made;
  }();
  return all;
}

void set_faults(std::string_view words) {
  fill(faults(), words);
}

bool fails(Call call) {
  Faults& all = faults();
  const auto i = static_cast<std::size_t>(call);
  const std::uint64_t n = ++all.n_calls[i], at = all.fails_at[i];
  return at != 0 && n >= at;
}

}  // namespace wick::vulkan_faults

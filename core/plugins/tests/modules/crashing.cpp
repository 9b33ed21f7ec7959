// Ends or holds up whoever loads it, in the place that a macro names.
#include <wick/sdk/plugin.h>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#ifndef CRASH_IN_CONSTRUCTOR
#define CRASH_IN_CONSTRUCTOR 0
#endif
#ifndef CRASH_IN_INIT
#define CRASH_IN_INIT 0
#endif
#ifndef HANG_IN_INIT
#define HANG_IN_INIT 0
#endif
#ifndef EXIT_IN_INIT
#define EXIT_IN_INIT 0
#endif

namespace {

struct Constructed {
  Constructed() {
    if (!CRASH_IN_CONSTRUCTOR) return;
    std::fputs("the constructor says goodbye\n", stderr);
    std::abort();
  }
};
const Constructed constructed;

void act(const wick::sdk::Host&) {
  std::fputs("init was reached\n", stderr);
  if (CRASH_IN_INIT) __builtin_trap();
  if (EXIT_IN_INIT) std::exit(7);
  while (HANG_IN_INIT) ::pause();
}

}  // namespace

WICK_DEFINE_PLUGIN("org.test.plugin", "1.0.0", [](const wick::sdk::Host& host) { act(host); })

// trace_test FILE.so: the conformance kit on the built plugin, as any backend's author runs it.
#include "conformance/cases/all.h"
#include "conformance/test_host.h"

#include <wick/abi/backend.h>

#include <cstdio>
#include <exception>

int main(int n_arguments, char** arguments) {
  if (n_arguments != 2) return 2;
  try {
    wick::conformance::TestHost host(2);
    host.load(arguments[1]);
    const wick_provider& provider = host.provider("backend", "trace");
    const wick::conformance::Device device(static_cast<const wick_backend_v1*>(provider.vtable),
                                           provider.self, 0, "trace");
    int n_cases = 0, n_failed = 0;
    for (const wick::conformance::Case& c : wick::conformance::all_cases()) {
      const wick::conformance::Outcome outcome = wick::conformance::check(device, c);
      ++n_cases;
      if (outcome.failed()) {
        ++n_failed;
        std::fprintf(stderr, "%s: %s\n", c.name.c_str(), outcome.text.c_str());
      }
    }
    std::printf("%d cases, %d failed\n", n_cases, n_failed);
    return n_cases > 0 && n_failed == 0 ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}

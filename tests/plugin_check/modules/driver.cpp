// A library that a plugin opens when it runs, and that ends the process where it gets no memory.
#include <string>

extern "C" __attribute__((visibility("default"))) void test_driver_works() noexcept;

void test_driver_works() noexcept {
  static std::string kept;
  kept = std::string(100, 'x') + kept.substr(0, 10);  // by the C++ library, and by code of our own
  delete new int(static_cast<int>(kept.size()));
}

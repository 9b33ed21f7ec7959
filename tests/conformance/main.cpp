// conformance_tests [--backend NAME] [--plugin FILE.so] [--threads N] [--device N] [--option
// NAME=VALUE]...: puts one backend through every case of the kit, with options of the host. Without
// --backend: WICK_TEST_BACKEND, or cpu.
#include "under_test.h"

#include <cstdlib>
#include <iostream>
#include <string>

int main(int n_arguments, char** arguments) {
  ::testing::InitGoogleTest(&n_arguments, arguments);
  wick::tests::Choice& choice = wick::tests::choice();
  if (const char* name = std::getenv("WICK_TEST_BACKEND")) choice.backend = name;
  for (int i = 1; i + 1 < n_arguments; i += 2) {
    const std::string option = arguments[i], value = arguments[i + 1];
    if (option == "--backend") choice.backend = value;
    if (option == "--plugin") choice.library = value;
    if (option == "--threads") choice.n_threads = static_cast<std::uint32_t>(std::stoul(value));
    if (option == "--option") {
      const std::size_t equals = value.find('=');
      choice.options[value.substr(0, equals)] =
          equals == std::string::npos ? "1" : value.substr(equals + 1);
    }
    if (option == "--device") choice.device = static_cast<std::uint32_t>(std::stoul(value));
  }
  try {
    const wick_device_info info = wick::tests::device_under_test().info();
    std::cout << "backend " << choice.backend << ": " << wick::sdk::to_view(info.name) << ", "
              << wick::sdk::to_view(info.description) << "\n";
  } catch (const std::exception& e) {
    std::cerr << "conformance_tests: " << e.what() << "\n";
    return 3;
  }
  return RUN_ALL_TESTS();
}

// embed-cpp PROMPT [MODEL.gguf]: continues a text with the likeliest tokens, 32 at most. Without a
// model it takes the one that is installed with Wick.
#include <iostream>
#include <wick/wick.hpp>

int main(int n_arguments, char** arguments) {
  if (n_arguments < 2) return 2;
  try {
    wick::Engine engine;
    wick::LoadOptions load;
    if (n_arguments > 2) load.path = arguments[2];
    load.backends = "cpu";
    const wick::Model model = engine.load(load);

    wick::GenerateOptions options;
    options.temperature = 0;
    options.n_tokens = 32;
    wick::Session session = model.session();
    for (std::string_view piece : session.generate(model.tokenize(arguments[1]), options))
      std::cout << piece << std::flush;
    return 0;
  } catch (const wick::Error& error) {
    std::cerr << "embed-cpp: " << error.what() << '\n';
    return 1;
  }
}

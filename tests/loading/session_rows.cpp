// See session_rows.h.
#include "session_rows.h"

#include "tiny_model.h"

namespace wick {

std::string model_file(const std::string& name) {
  if (name == "bundled") return WICK_TEST_SOURCE_DIR "/tests/models/ember-Q8_0.gguf";
  if (name != "tiny") return WICK_TEST_SHARED_DIR "/models/" + name + ".gguf";
  static const std::string tiny = TinyModel().write("session");
  return tiny;
}

}  // namespace wick

// See model_path.h.
#include "cli/model_path.h"

#include "model/bundled_model.h"

namespace wick::cli {

std::string model_path(const Arguments& arguments) {
  return arguments.has("model") ? arguments.text("model") : bundled_model_path();
}

}  // namespace wick::cli

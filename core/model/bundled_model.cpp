// share/wick/models/default.json says which of the models beside it is the default.
#include "model/bundled_model.h"

#include <wick/error.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <filesystem>

#include "base/data_directory.h"
#include "base/mapped_file.h"

namespace wick {

std::string bundled_model_path() {
  const std::filesystem::path folder = data_directory() / "models";
  const std::string list = (folder / "default.json").string();
  const MappedFile file = MappedFile::open(list);
  const std::string text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  const boost::json::value* const name =
      error || !value.is_object() ? nullptr : value.get_object().if_contains("model");
  if (name == nullptr || !name->is_string())
    fail(ErrorCode::kBadFile, list,
         ": names no model, need {\"model\": \"FILE.gguf\"}; name a model");
  return (folder / name->get_string().c_str()).string();
}

}  // namespace wick

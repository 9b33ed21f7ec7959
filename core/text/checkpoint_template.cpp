// Chat templates: a file of their own, or texts in tokenizer_config.json. Never run here.
#include <wick/error.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <filesystem>

#include "base/mapped_file.h"
#include "text/checkpoint_tokenizer.h"
#include "text/tokenizer_json.h"

namespace wick {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kMaxTemplateBytes = 4 << 20;

std::string text_file(const std::string& path) {
  const MappedFile file = MappedFile::open(path);
  if (file.size() > kMaxTemplateBytes)
    fail(ErrorCode::kBadFile, path, ": is too large, got ", file.size(), " bytes, need at most ",
         kMaxTemplateBytes);
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> checkpoint_templates(
    const std::string& folder, const json::object& tokenizer_config) {
  const std::string file = folder + "/chat_template.jinja";
  const std::string subject = folder + "/tokenizer_config.json";
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) return {{"", text_file(file)}};
  const json::value* value = json_member(tokenizer_config, "chat_template");
  if (!value) return {};
  if (value->is_string()) return {{"", std::string(value->get_string())}};
  std::vector<std::pair<std::string, std::string>> templates;
  for (const json::value& item : json_array(tokenizer_config, "chat_template", subject)) {
    if (!item.is_object())
      fail(ErrorCode::kBadFile, subject, ": 'chat_template' holds something that is no object");
    const std::string name = json_text(item.get_object(), "name", subject);
    templates.emplace_back(name == "default" ? "" : name,
                           json_text(item.get_object(), "template", subject));
  }
  return templates;
}

}  // namespace wick

// See json_file.h. Boost's parser bounds the depth; the size bounds everything else.
#include "files/json_file.h"

#include <wick/error.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/mapped_file.h"
#include "files/json_keys.h"
#include "files/quoted.h"

namespace wick {

namespace json = boost::json;

json::object parse_json_object(std::string_view text, const std::string& path) {
  json::error_code code;
  json::value value = json::parse(json::string_view(text.data(), text.size()), code);
  if (code)
    fail(ErrorCode::kBadFile, path, ": its JSON cannot be read: ", code.message(),
         "; it is damaged, fetch it again");
  if (!value.is_object()) fail(ErrorCode::kBadFile, path, ": its JSON is no object, need one");
  if (const auto key = find_duplicate_key(text))
    fail(ErrorCode::kBadFile, path, ": ", wick::quoted(*key),
         " is there twice, need each name once");
  return std::move(value.get_object());
}

json::object read_json_object(const std::string& path, std::uint64_t max_bytes) {
  const MappedFile file = MappedFile::open(path);
  if (file.size() > max_bytes)
    fail(ErrorCode::kBadFile, path, ": is too large, got ", file.size(), " bytes, need at most ",
         max_bytes);
  return parse_json_object(
      {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}, path);
}

}  // namespace wick

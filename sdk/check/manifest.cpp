// Boost.JSON; every access is checked, because the author may still be writing it.
#include "manifest.h"

#include <wick/error.h>

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace wick::check {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view kSuffix = ".wick.json";

std::optional<json::object> object_in(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return std::nullopt;
  return value.get_object();
}

std::string text_at(const json::object& object, const char* key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

std::optional<std::uint32_t> number_in(const json::value* value) {
  if (!value || !value->is_int64() || value->get_int64() < 0 || value->get_int64() > UINT32_MAX)
    return std::nullopt;
  return static_cast<std::uint32_t>(value->get_int64());
}

Manifest read(const fs::path& file, const json::object& object) {
  Manifest manifest;
  manifest.file = file.string();
  manifest.id = text_at(object, "id");
  manifest.version = text_at(object, "version");
  manifest.recipes = text_at(object, "recipes");
  manifest.host_minor_min = number_in(object.if_contains("host_minor_min")).value_or(0);
  const json::value* abi = object.if_contains("abi");
  const json::value* provides = object.if_contains("provides");
  if (!abi || !abi->is_array() || abi->get_array().size() != 2 || !provides ||
      !provides->is_array())
    fail(ErrorCode::kBadFile, file.string(), ": needs \"abi\": [1, 0] and a list \"provides\"");
  manifest.abi_major = number_in(&abi->get_array()[0]).value_or(0);
  manifest.abi_minor = number_in(&abi->get_array()[1]).value_or(0);
  for (const json::value& entry : provides->get_array()) {
    if (!entry.is_object()) continue;
    const json::object& promise = entry.get_object();
    manifest.provides.push_back({text_at(promise, "kind"), text_at(promise, "id"),
                                 number_in(promise.if_contains("gguf_type"))});
  }
  return manifest;
}

}  // namespace

std::optional<Manifest> manifest_of(const std::string& library) {
  const fs::path path(library);
  std::error_code error;
  for (fs::directory_iterator i(path.parent_path(), error), end; !error && i != end;
       i.increment(error)) {
    const std::string name = i->path().filename().string();
    if (name.size() <= kSuffix.size() || name.substr(name.size() - kSuffix.size()) != kSuffix)
      continue;
    const auto object = object_in(i->path());
    if (object && text_at(*object, "library") == path.filename()) return read(i->path(), *object);
  }
  return std::nullopt;
}

}  // namespace wick::check

// A manifest may come from anybody, so every value in it is bounded before it is kept.
#include "plugins/manifest.h"

#include <wick/error.h>

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace wick {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxNameBytes = 128;
constexpr std::size_t kMaxPromises = 1024;
constexpr std::size_t kMaxFingerprints = 64;
constexpr std::size_t kMaxOptionBytes = 4096;
constexpr std::size_t kMaxPathBytes = 1024;

/// Letters, digits and `._@+-`, the first one a letter or a digit: safe in a path and on a
/// terminal.
bool is_name(std::string_view text) {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !text.empty() && text.size() <= kMaxNameBytes && letter_or_digit(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return letter_or_digit(c) || std::string_view("._@+-").find(c) != std::string_view::npos;
         });
}

/// What a fingerprint may look at: an absolute path, or one in the home folder.
bool is_watched_path(std::string_view text) {
  return text.size() <= kMaxPathBytes && (text.substr(0, 1) == "/" || text.substr(0, 2) == "~/") &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; });
}

bool is_variable(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes && !(text[0] >= '0' && text[0] <= '9') &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

/// One object of the file, and where it is, for sentences.
class Reader {
 public:
  Reader(const json::object& object, std::string subject)
      : object_(object), subject_(std::move(subject)) {}

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    fail(ErrorCode::kBadFile, subject_, ": ", parts..., "; reinstall the plugin");
  }

  const json::value* optional(const char* key) const { return object_.if_contains(key); }

  const json::value& required(const char* key) const {
    const auto* value = optional(key);
    if (!value) refuse("\"", key, "\" is missing");
    return *value;
  }

  std::string name(const char* key) const {
    const auto* text = required(key).if_string();
    if (!text || !is_name(*text))
      refuse("\"", key, "\" is no name, need 1 to ", kMaxNameBytes,
             " letters, digits and ._@+- with a letter or digit first");
    return std::string(*text);
  }

  std::int64_t integer(const json::value& value, const char* key, std::int64_t low,
                       std::int64_t high) const {
    const auto* number = value.if_int64();
    if (!number || *number < low || *number > high)
      refuse("\"", key, "\" is no whole number in ", low, " .. ", high);
    return *number;
  }

  std::int64_t integer(const char* key, std::int64_t low, std::int64_t high) const {
    return integer(required(key), key, low, high);
  }

  const json::array& array(const char* key) const {
    const auto* list = required(key).if_array();
    if (!list) refuse("\"", key, "\" is no list");
    return *list;
  }

  bool flag(const char* key) const {
    const auto* value = optional(key);
    if (!value) return false;
    if (!value->is_bool()) refuse("\"", key, "\" is neither true nor false");
    return value->get_bool();
  }

  /// An object of short printable texts; empty where the key is absent.
  std::map<std::string, std::string> texts(const char* key) const {
    std::map<std::string, std::string> found;
    const auto* value = optional(key);
    if (!value) return found;
    if (!value->is_object() || value->get_object().size() > 64)
      refuse("\"", key, "\" is no object of at most 64 texts");
    for (const auto& [entry, text] : value->get_object()) {
      if (!text.is_string() || !is_name(entry) || !is_name(text.get_string()))
        refuse("\"", key, "\" holds something that is no name");
      found[std::string(entry)] = std::string(text.get_string());
    }
    return found;
  }

  /// An object of texts, each of names with a space between; empty where the key is absent.
  std::map<std::string, std::vector<std::string>> name_lists(const char* key) const {
    std::map<std::string, std::vector<std::string>> found;
    const auto* value = optional(key);
    if (!value) return found;
    if (!value->is_object() || value->get_object().size() > 64)
      refuse("\"", key, "\" is no object of at most 64 texts");
    for (const auto& [entry, text] : value->get_object()) {
      if (!is_name(entry) || !text.is_string() || text.get_string().size() > kMaxOptionBytes)
        refuse("\"", key, "\" holds something that is no name with a text of at most ",
               kMaxOptionBytes, " bytes");
      std::istringstream words{std::string(text.get_string())};
      for (std::string word; words >> word;) {
        if (!is_name(word)) refuse("\"", key, "\" holds a word that is no name");
        found[std::string(entry)].push_back(word);
      }
    }
    return found;
  }

  /// A list of texts that `fits`; empty where the key is absent. `need` says what fits.
  std::vector<std::string> list(const char* key, bool (*fits)(std::string_view),
                                const char* need) const {
    std::vector<std::string> found;
    const auto* value = optional(key);
    if (!value) return found;
    if (!value->is_array() || value->get_array().size() > kMaxFingerprints)
      refuse("\"", key, "\" is no list of at most ", kMaxFingerprints, " texts");
    for (const auto& text : value->get_array()) {
      if (!text.is_string() || !fits(text.get_string()))
        refuse("\"", key, "\" holds something that is no ", need);
      found.emplace_back(text.get_string());
    }
    return found;
  }

 private:
  const json::object& object_;
  std::string subject_;
};

Promise parse_promise(const json::value& value, const std::string& subject) {
  if (!value.is_object()) fail(ErrorCode::kBadFile, subject, ": no object; reinstall the plugin");
  const Reader in(value.get_object(), subject);
  Promise promise;
  promise.kind = in.name("kind");
  promise.id = in.name("id");
  if (in.optional("probe")) promise.probe = in.name("probe");
  if (in.optional("rank")) promise.rank = static_cast<int>(in.integer("rank", -1000, 1000));
  promise.safe = in.flag("safe");
  // Ids from 0x10000 on belong to files, which bind them by name.
  if (in.optional("gguf_type"))
    promise.gguf_type = static_cast<std::uint32_t>(in.integer("gguf_type", 0, 0xffff));
  promise.checkpoints = in.list("checkpoints", is_name, "name of a class");
  return promise;
}

void parse_provides(const Reader& in, std::string_view subject, Manifest& manifest) {
  const auto& list = in.array("provides");
  if (list.empty() || list.size() > kMaxPromises)
    in.refuse("\"provides\" has ", list.size(), " entries, need 1 to ", kMaxPromises);
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = std::string(subject) + ": provides[" + std::to_string(i) + "]";
    auto promise = parse_promise(list[i], place);
    for (const auto& other : manifest.provides)
      if (other.kind == promise.kind && other.id == promise.id)
        in.refuse("\"provides\" names ", promise.kind, " ", promise.id, " twice");
    manifest.provides.push_back(std::move(promise));
  }
}

json::value parse_json(std::string_view text, std::string_view subject) {
  if (text.size() > kMaxManifestBytes)
    fail(ErrorCode::kBadFile, subject, ": ", text.size(), " bytes, need at most ",
         kMaxManifestBytes, "; reinstall the plugin");
  json::parse_options options;
  options.max_depth = 8;
  json::error_code error;
  auto value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error)
    fail(ErrorCode::kBadFile, subject, ": not JSON (", error.message(), "); reinstall the plugin");
  if (!value.is_object())
    fail(ErrorCode::kBadFile, subject, ": not a JSON object; reinstall the plugin");
  return value;
}

}  // namespace

Manifest parse_manifest(std::string_view text, std::string_view subject) {
  const auto value = parse_json(text, subject);
  const Reader in(value.get_object(), std::string(subject));
  in.integer("wick_manifest", 1, 1);
  Manifest manifest;
  manifest.id = in.name("id");
  manifest.version = in.name("version");
  const auto& abi = in.array("abi");
  if (abi.size() != 2) in.refuse("\"abi\" has ", abi.size(), " numbers, need [major, minor]");
  manifest.abi_major = static_cast<std::uint32_t>(in.integer(abi[0], "abi", 0, 0xffff));
  manifest.abi_minor = static_cast<std::uint32_t>(in.integer(abi[1], "abi", 0, 0xffff));
  if (in.optional("host_minor_min"))
    manifest.host_minor_min = static_cast<std::uint32_t>(in.integer("host_minor_min", 0, 0xffff));
  // A name has no slash, so that neither file can lie outside the manifest's folder.
  manifest.library = in.name("library");
  if (in.optional("recipes")) manifest.recipes = in.name("recipes");
  parse_provides(in, subject, manifest);
  manifest.needs = in.texts("requires");
  manifest.package_hint = in.texts("package_hint");
  manifest.fingerprint = in.list("fingerprint", is_watched_path, "absolute path, nor one with ~/");
  manifest.fingerprint_env =
      in.list("fingerprint_env", is_variable, "name of an environment variable");
  manifest.options = in.name_lists("options");
  return manifest;
}

Manifest read_manifest(const std::string& path) {
  // A pipe would wait for its writer.
  std::error_code ignored;
  const bool regular = std::filesystem::is_regular_file(path, ignored);
  std::ifstream file;
  if (regular) file.open(path, std::ios::binary);
  if (!file.is_open())
    fail(ErrorCode::kMissingFile, path, ": cannot be opened; check that it is there and readable");
  std::string text(kMaxManifestBytes + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto manifest = parse_manifest(text, path);
  const auto name = std::filesystem::path(path).filename().string();
  if (name != manifest.id + std::string(kManifestSuffix))
    fail(ErrorCode::kBadFile, path, ": its id is ", manifest.id, ", need the file name ",
         manifest.id, kManifestSuffix, "; reinstall the plugin");
  return manifest;
}

}  // namespace wick

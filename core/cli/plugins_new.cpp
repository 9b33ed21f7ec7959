// Templates are compilable as they are: a name is replaced, nothing is generated.
#include "cli/plugins_new.h"

#include <fmt/format.h>
#include <unistd.h>
#include <wick/error.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#include "base/data_directory.h"
#include "cli/exit_codes.h"
#include "cli/standard_output.h"
#include "cli/suggest.h"

namespace wick::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxName = 40;

/// A name in the spellings that files, namespaces and types need.
struct Spellings {
  std::string dashes, underscores, pascal;

  explicit Spellings(const std::string& name) : dashes(name), underscores(name) {
    std::replace(underscores.begin(), underscores.end(), '-', '_');
    bool starts = true;
    for (const char c : name) {
      if (c != '-') pascal += starts && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
      starts = c == '-';
    }
  }
};

bool is_good_name(const std::string& name) {
  if (name.empty() || name.size() > kMaxName || name[0] < 'a' || name[0] > 'z') return false;
  char before = '-';
  for (const char c : name) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!is_word && (c != '-' || before == '-')) return false;
    before = c;
  }
  return before != '-';
}

std::string replaced(std::string text, const Spellings& name) {
  const std::pair<std::string_view, const std::string*> words[] = {
      {"template-name", &name.dashes},
      {"template_name", &name.underscores},
      {"TemplateName", &name.pascal}};
  for (const auto& [word, by] : words)
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at)) {
      text.replace(at, word.size(), *by);
      at += by->size();
    }
  return text;
}

std::vector<std::string> kinds_in(const fs::path& templates) {
  std::vector<std::string> kinds;
  std::error_code error;
  for (fs::directory_iterator i(templates, error), end; !error && i != end; i.increment(error))
    if (i->is_directory(error)) kinds.push_back(i->path().filename().string());
  std::sort(kinds.begin(), kinds.end());
  return kinds;
}

void copy_file(const fs::path& from, const fs::path& to, const Spellings& name) {
  std::ifstream in(from, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) fail(ErrorCode::kIo, from.string(), ": cannot be read; reinstall Wick's SDK");
  std::error_code error;
  fs::create_directories(to.parent_path(), error);
  std::ofstream out(to, std::ios::binary);
  out << replaced(text, name) << std::flush;
  if (!out)
    fail(ErrorCode::kIo, to.string(), ": cannot be written; is there room, and a right to?");
}

/// A folder that is removed unless it was renamed.
class UnfinishedFolder {
 public:
  explicit UnfinishedFolder(const fs::path& target)
      : path_(target.string() + ".part-" + std::to_string(::getpid())) {
    std::error_code error;
    if (!fs::create_directory(path_, error))
      fail(ErrorCode::kIo, path_.string(), ": cannot be made, ", error.message());
  }
  ~UnfinishedFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;

  const fs::path& path() const noexcept { return path_; }
  void rename_to(const fs::path& target) const {
    std::error_code error;
    fs::rename(path_, target, error);
    if (error) fail(ErrorCode::kIo, target.string(), ": cannot be made, ", error.message());
  }

 private:
  fs::path path_;
};

void check_request(const fs::path& templates, const std::string& kind, const std::string& name,
                   const fs::path& target) {
  const std::vector<std::string> kinds = kinds_in(templates);
  if (kinds.empty())
    fail(ErrorCode::kMissingFile, templates.string(),
         ": the templates of the SDK are not there; install libwick-dev");
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
    fail(ErrorCode::kUsage, "plugins new: unknown kind '", kind, "'", did_you_mean(kind, kinds),
         ", need one of ", fmt::format("{}", fmt::join(kinds, " ")));
  if (!is_good_name(name))
    fail(ErrorCode::kUsage, "plugins new: '", name,
         "' is no name for a plugin, need a letter, then letters, digits and single dashes, all in "
         "lower case, at most ",
         kMaxName);
  std::error_code error;
  if (fs::symlink_status(target, error).type() != fs::file_type::not_found)
    fail(ErrorCode::kUsage, "plugins new: ", target.string(),
         " is there already; choose another name or remove it");
}

}  // namespace

std::vector<std::string> copy_template(const fs::path& templates, const std::string& kind,
                                       const std::string& name, const fs::path& target) {
  check_request(templates, kind, name, target);
  const Spellings spellings(name);
  const UnfinishedFolder folder(target);
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator i(templates / kind, error), end; !error && i != end;
       i.increment(error)) {
    if (!i->is_regular_file(error)) continue;
    files.push_back(
        replaced(i->path().lexically_relative(templates / kind).generic_string(), spellings));
    copy_file(i->path(), folder.path() / files.back(), spellings);
  }
  if (error) fail(ErrorCode::kIo, templates.string(), ": cannot be read, ", error.message());
  folder.rename_to(target);
  std::sort(files.begin(), files.end());
  return files;
}

int make_plugin(const std::string& kind, const std::string& name) {
  const auto files = copy_template(data_directory() / "sdk" / "template", kind, name, name);
  write_output(
      fmt::format("{0}: {2}\n\n"
                  "  cmake -S {0} -B {0}/build && cmake --build {0}/build\n"
                  "  wick plugins check {0}/build/plugins/libwick-{1}-{0}.so\n\n"
                  "{0}/README.md says what to change.\n",
                  name, kind, fmt::join(files, " ")));
  return kExitDone;
}

}  // namespace wick::cli

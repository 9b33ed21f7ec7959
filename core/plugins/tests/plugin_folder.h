// A folder of plugins under /tmp, made for one test and removed behind it.
#pragma once

#include "base/thread_pool.h"
#include "plugins/registry.h"

#include <wick/error.h>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

namespace wick::testing {

namespace fs = std::filesystem;

class PluginFolder {
 public:
  PluginFolder() {
    char name[] = "/tmp/wick-plugins-XXXXXX";
    if (::mkdtemp(name)) path_ = name;
  }
  ~PluginFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  PluginFolder(const PluginFolder&) = delete;
  PluginFolder& operator=(const PluginFolder&) = delete;

  const fs::path& path() const { return path_; }

  fs::path write(const std::string& name, std::string_view text) const {
    const fs::path file = path_ / name;
    std::ofstream(file, std::ios::binary) << text;
    ::chmod(file.c_str(), 0644);
    return file;
  }

  /// A copy of a test module, so that every test loads a library of its own.
  fs::path copy_module(const std::string& module) const {
    const fs::path library = path_ / (module + ".so");
    fs::copy_file(fs::path(WICK_TEST_MODULE_DIR) / (module + ".so"), library,
                  fs::copy_options::overwrite_existing);
    ::chmod(library.c_str(), 0755);
    return library;
  }

  /// The module with a manifest beside it; `provides` is the inside of that list.
  fs::path add(const std::string& module, const std::string& provides = kBytes,
               const std::string& id = "org.test.plugin", const std::string& more = "") const {
    copy_module(module);
    return write(id + ".wick.json", manifest(id, module + ".so", provides, more));
  }

  static std::string manifest(const std::string& id, const std::string& library,
                              const std::string& provides = kBytes, const std::string& more = "") {
    return R"({"wick_manifest": 1, "id": ")" + id + R"(", "version": "1.0.0", "abi": [1, 0],)" +
           R"("library": ")" + library + R"(", "provides": [)" + provides + "]" + more + "}";
  }

  RuntimeOptions options() const {
    RuntimeOptions made;
    made.directories = {{{path_, true}}};
    made.cache_folder = path_ / "cache";
    return made;
  }

  static constexpr char kBytes[] = R"({"kind": "quant", "id": "BYTES", "gguf_type": 200})";

 private:
  fs::path path_;
};

inline ErrorCode error_of(const std::function<void()>& body, std::string* sentence = nullptr) {
  try {
    body();
  } catch (const Error& e) {
    if (sentence) *sentence = e.what();
    return e.code();
  }
  return ErrorCode::kOk;
}

inline std::string sentence_of(const std::function<void()>& body) {
  std::string sentence;
  error_of(body, &sentence);
  return sentence;
}

/// The first row of that id or plugin, after a check; a row without state where there is none.
inline PluginRow row_of(const RuntimeOptions& options, std::string_view name) {
  ThreadPool pool(1);
  Registry registry(options, pool);
  for (auto& row : registry.check_all())
    if (row.id == name || row.plugin == name || row.path.find(name) != std::string::npos)
      return row;
  PluginRow none;
  none.sentence = "no such row";
  return none;
}

}  // namespace wick::testing

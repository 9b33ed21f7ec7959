// Opens a safetensors checkpoint: one file, or those that an index names.
#include "files/safetensors.h"

#include <wick/error.h>

#include <sys/stat.h>

#include <set>
#include <utility>

#include "files/quoted.h"
#include "files/safetensors_part.h"

namespace wick {
namespace {

constexpr std::string_view kIndexEnd = ".index.json";

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

std::string file_in_folder(const std::string& folder) {
  for (const char* name : {"/model.safetensors", "/model.safetensors.index.json"})
    if (exists(folder + name)) return folder + name;
  fail(ErrorCode::kMissingFile, folder,
       ": holds no checkpoint, need model.safetensors or model.safetensors.index.json");
}

bool is_index(const std::string& path) {
  return path.size() >= kIndexEnd.size() &&
         path.compare(path.size() - kIndexEnd.size(), kIndexEnd.size(), kIndexEnd) == 0;
}

}  // namespace

/// Builds a SafetensorsFile; used once.
class SafetensorsOpener {
 public:
  SafetensorsFile open(const std::string& path) {
    file_.path_ = is_folder(path) ? file_in_folder(path) : path;
    if (is_index(file_.path_))
      add_indexed();
    else
      add_part(file_.path_);
    index_names();
    check_index();
    return std::move(file_);
  }

 private:
  void add_indexed() {
    weight_map_ = parse_safetensors_index(file_.path_);
    std::set<std::string> names;
    for (const auto& entry : weight_map_) names.insert(entry.second);
    for (const std::string& name : names) add_part(folder() + name);
  }

  std::string folder() const { return file_.path_.substr(0, file_.path_.rfind('/') + 1); }

  void add_part(const std::string& path) {
    MappedFile mapping = MappedFile::open(path);
    SafetensorsPart part = parse_safetensors_part(mapping);
    for (SafeTensor& tensor : part.tensors) {
      tensor.part = static_cast<std::uint32_t>(file_.parts_.size());
      file_.tensors_.push_back(std::move(tensor));
    }
    file_.metadata_.merge(part.metadata);
    file_.parts_.push_back(std::move(mapping));
  }

  void index_names() {
    for (std::size_t i = 0; i < file_.tensors_.size(); ++i) {
      const SafeTensor& tensor = file_.tensors_[i];
      const auto [other, is_new] = file_.by_name_.emplace(tensor.name, i);
      if (!is_new)
        fail(ErrorCode::kBadFile, file_.parts_[tensor.part].path(), ": tensor ",
             quoted(tensor.name), ": is in ",
             file_.parts_[file_.tensors_[other->second].part].path(), " too, need it once");
    }
  }

  void check_index() const {
    for (const auto& [name, part] : weight_map_) {
      const SafeTensor* tensor = file_.find_tensor(name);
      if (tensor == nullptr || file_.parts_[tensor->part].path() != folder() + part)
        fail(ErrorCode::kBadFile, file_.path(), ": tensor ", quoted(name),
             ": is not in the file that the index names, ", quoted(part),
             "; fetch the checkpoint again");
    }
  }

  std::map<std::string, std::string> weight_map_;  ///< empty without an index
  SafetensorsFile file_;
};

SafetensorsFile SafetensorsFile::open(const std::string& path) {
  return SafetensorsOpener().open(path);
}

const SafeTensor* SafetensorsFile::find_tensor(std::string_view name) const noexcept {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &tensors_[found->second];
}

void SafetensorsFile::drop(const SafeTensor& tensor) const noexcept {
  if (tensor.part < parts_.size()) parts_[tensor.part].drop(tensor.offset, tensor.data.size());
}

}  // namespace wick

// Processes that start at once each pack, and each write a file of their own: the last to rename
// wins, and all of them are right.
#include "packed_cache.h"

#include <wick/error.h>

#include <sys/stat.h>

#include <algorithm>

namespace wick::cpu {
namespace {

constexpr std::size_t kMostContent = 100;

/// A name of the host's becomes one of a file: nothing that could lead elsewhere.
bool is_plain(std::string_view content) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !content.empty() && content.size() <= kMostContent &&
         std::all_of(content.begin(), content.end(), fits);
}

}  // namespace

/// The weights that one start creates.
struct PackedCache::Load {
  struct Member {
    std::string name;
    const Weight* weight;
  };
  std::string content, path;
  std::shared_ptr<const PackedFile> file;  ///< null: there was none
  std::uint32_t n_weights = 0, n_finished = 0;
  std::vector<Member> members;
  bool all_mapped = true;
  bool is_whole = true;  ///< no weight went, or came twice, before the last was finished
};

PackedCache::PackedCache(const sdk::Host& host, std::string directory)
    : host_(host), directory_(std::move(directory)) {}

std::shared_ptr<const PackedFile> PackedCache::open(const std::string& path,
                                                    const std::string& content) {
  try {
    return PackedFile::open(path, content);
  } catch (const std::exception& e) {
    host_.log(WICK_LOG_WARNING, std::string("cpu: ") + e.what() + "; weights are packed anew");
    return nullptr;
  }
}

std::shared_ptr<PackedCache::Load> PackedCache::load_of(const wick_weight_origin& origin) {
  const std::string content(sdk::to_view(origin.content));
  std::shared_ptr<Load>& load = growing_[content];
  if (!load) {
    load = std::make_shared<Load>();
    load->content = content;
    load->path = directory_ + "/" + content + ".wickpack";
    load->n_weights = origin.n_weights;
    load->file = open(load->path, content);
  }
  const std::shared_ptr<Load> found = load;
  if (found->members.size() + 1 >= found->n_weights) growing_.erase(content);
  return found;
}

std::unique_ptr<Weight> PackedCache::create(const wick_weight_desc& desc) {
  if (!is_plain(sdk::to_view(desc.origin->content)))
    fail(ErrorCode::kBadArgument, "weight: its origin is no name of small letters and digits");
  const std::string name(sdk::to_view(desc.name));
  const Layout layout = make_layout(desc);
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::shared_ptr<Load> load = load_of(*desc.origin);
  const std::uint8_t* data =
      load->file ? load->file->find(name, signature(layout), layout.total_bytes) : nullptr;
  auto weight =
      data ? std::make_unique<Weight>(desc, load->file, data) : std::make_unique<Weight>(desc);
  for (const Load::Member& member : load->members)
    if (member.name == name) load->is_whole = false;
  load->members.push_back({name, weight.get()});
  load->all_mapped = load->all_mapped && data;
  loads_[weight.get()] = load;
  return weight;
}

void PackedCache::finished(const Weight& weight) {
  std::shared_ptr<Load> load;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto at = loads_.find(&weight);
    if (at == loads_.end() || ++at->second->n_finished < at->second->n_weights) return;
    load = at->second;
    for (const Load::Member& member : load->members) loads_.erase(member.weight);
  }
  if (!load->is_whole) return;
  if (load->all_mapped)
    host_.log(WICK_LOG_INFO, "cpu: packed weights are mapped from " + load->path);
  else
    write(*load);
}

void PackedCache::freed(const Weight& weight) noexcept {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = loads_.find(&weight);
  if (at == loads_.end()) return;
  at->second->is_whole = false;
  growing_.erase(at->second->content);
  loads_.erase(at);
}

void PackedCache::write(const Load& load) {
  std::vector<PackedEntry> entries;
  for (const Load::Member& member : load.members)
    entries.push_back({member.name, signature(member.weight->layout()), member.weight->data(),
                       member.weight->bytes()});
  try {
    // The folder may be there: then the file says what is wrong, if anything is.
    static_cast<void>(::mkdir(directory_.c_str(), 0755));
    write_packed_file(load.path, load.content, entries);
    host_.log(WICK_LOG_INFO, "cpu: packed weights are kept in " + load.path);
  } catch (const std::exception& e) {
    host_.log(WICK_LOG_WARNING,
              std::string("cpu: ") + e.what() + "; the next start will pack again");
  }
}

}  // namespace wick::cpu

// Packed weights that outlive the process: `--packed-cache DIR`. Not for the bytes of the files
// (packed_file.h).
#pragma once

#include <wick/abi/backend.h>
#include <wick/sdk/host.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "packed_file.h"
#include "weight.h"

namespace wick::cpu {

/// One file in DIR for each content that the host names. It is mapped where it is there and right,
/// and written when the last weight of a load has been packed where it is not. Nothing that goes
/// wrong with a file stops the load: it is said once. From any thread.
class PackedCache {
 public:
  PackedCache(const sdk::Host& host, std::string directory);

  /// Mapped and full, or empty and to be packed. The description has an origin. Throws as Weight.
  std::unique_ptr<Weight> create(const wick_weight_desc& desc);
  /// Each weight that create() made, when it is full.
  void finished(const Weight& weight);
  /// Before it goes.
  void freed(const Weight& weight) noexcept;

 private:
  struct Load;
  std::shared_ptr<Load> load_of(const wick_weight_origin& origin);
  std::shared_ptr<const PackedFile> open(const std::string& path, const std::string& content);
  void write(const Load& load);

  sdk::Host host_;
  std::string directory_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Load>> growing_;  ///< by content: weights are still created
  std::map<const Weight*, std::shared_ptr<Load>> loads_;  ///< that are not finished
};

}  // namespace wick::cpu

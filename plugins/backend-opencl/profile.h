// How long each step's kernels ran, by the device's own clock: with the user's option "profile".
// The queue was made to tell.
#pragma once

#include <wick/sdk/profile_table.h>

#include <utility>
#include <vector>

#include "device.h"
#include "program.h"

namespace wick::opencl {

class Profile {
 public:
  Profile(Device& device, const Program& program) : device_(device), program_(program) {}
  ~Profile() { forget(); }
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  /// Takes the event over.
  void mark(std::size_t step, cl_event event) { events_.emplace_back(step, event); }
  /// When all that was marked has run.
  void collect(std::uint32_t n_tokens);
  /// Of a run that failed.
  void forget() noexcept;
  std::vector<std::string> lines() const { return table_.text("opencl"); }

 private:
  Device& device_;
  const Program& program_;
  std::vector<std::pair<std::size_t, cl_event>> events_;
  sdk::ProfileTable table_;
};

}  // namespace wick::opencl

// An architecture opened on a model that does not exist.
#pragma once

#include "arch_host.h"
#include "check_host.h"

namespace wick::check {

class ArchUnderTest {
 public:
  /// Opens the model. Errors: what the plugin reports.
  ArchUnderTest(const Registered& provider, SampleModel& sample);
  ~ArchUnderTest();
  ArchUnderTest(const ArchUnderTest&) = delete;
  ArchUnderTest& operator=(const ArchUnderTest&) = delete;

  wick_model_info info() const;
  std::vector<DeclaredTensor> tensors() const;
  void build(BuilderHost& builder) const;
  /// tensors() with a sink that takes so many and then refuses.
  void tensors_refused_after(std::uint32_t n) const;

 private:
  const wick_arch_v1& table_;
  void* self_;
  void* model_ = nullptr;
};

}  // namespace wick::check

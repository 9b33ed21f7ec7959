// Calls through the table, as a host does.
#include "arch_under_test.h"

namespace wick::check {
namespace {

struct Sink {
  std::vector<DeclaredTensor> tensors;
  std::uint32_t limit = UINT32_MAX;
};

wick_code take(void* context, const wick_tensor_decl* decl) noexcept {
  const HostRuns own;
  return sdk::guard(nullptr, [&] {
    Sink& sink = *static_cast<Sink*>(context);
    if (sink.tensors.size() >= sink.limit) fail(ErrorCode::kCancelled, "enough");
    DeclaredTensor tensor;
    tensor.name = std::string(sdk::to_view(decl->name));
    tensor.role = std::string(sdk::to_view(decl->role));
    tensor.dims.assign(decl->dims, decl->dims + (decl->n_dims < 4 ? decl->n_dims : 4));
    tensor.layer = decl->layer;
    tensor.optional = (decl->flags & WICK_TENSOR_OPTIONAL) != 0;
    sink.tensors.push_back(std::move(tensor));
  });
}

}  // namespace

ArchUnderTest::ArchUnderTest(const Registered& provider, SampleModel& sample)
    : table_(*static_cast<const wick_arch_v1*>(provider.provider.vtable)),
      self_(provider.provider.self) {
  call_plugin([&](wick_error* e) { return table_.open(self_, sample.handle(), &model_, e); });
}

ArchUnderTest::~ArchUnderTest() {
  table_.close(self_, model_);
}

wick_model_info ArchUnderTest::info() const {
  Skewed<wick_model_info> info("wick_model_info");
  call_plugin([&](wick_error* e) { return table_.info(self_, model_, info.get(), e); });
  wick_model_info copy;
  info.copy_to(copy);
  return copy;
}

std::vector<DeclaredTensor> ArchUnderTest::tensors() const {
  Sink sink;
  call_plugin([&](wick_error* e) { return table_.tensors(self_, model_, &take, &sink, e); });
  return std::move(sink.tensors);
}

void ArchUnderTest::tensors_refused_after(std::uint32_t n) const {
  Sink sink;
  sink.limit = n;
  call_plugin([&](wick_error* e) { return table_.tensors(self_, model_, &take, &sink, e); });
}

void ArchUnderTest::build(BuilderHost& builder) const {
  call_plugin([&](wick_error* e) { return table_.build(self_, model_, builder.handle(), e); });
}

}  // namespace wick::check

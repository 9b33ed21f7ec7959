// See arch_session.h.
#include "model/arch_session.h"

#include <wick/error.h>
#include <wick/sdk/guard.h>

#include <exception>

#include "graph/metadata_table.h"

namespace wick {
namespace {

using sdk::to_view;

constexpr std::size_t kMaxDeclared = 1u << 20;

TensorNeed need_of(const wick_tensor_decl& decl) {
  if (!WICK_HAS(&decl, role) || decl.n_dims == 0 || decl.n_dims > 4)
    fail(ErrorCode::kInternal, "architecture: it declares an impossible tensor ",
         to_view(decl.name));
  TensorNeed need;
  need.name = to_view(decl.name);
  need.dims.assign(decl.dims, decl.dims + decl.n_dims);
  need.role = to_view(decl.role);
  if (WICK_HAS(&decl, source)) need.source = to_view(decl.source);
  if (WICK_HAS(&decl, transform)) need.transform = to_view(decl.transform);
  need.layer = decl.layer;
  need.optional = (decl.flags & WICK_TENSOR_OPTIONAL) != 0;
  return need;
}

/// Errors cannot pass through the plugin: the first one is kept and thrown when it has returned.
struct Sink {
  std::vector<TensorNeed> needs;
  std::exception_ptr error;
};

wick_code take_declaration(void* context, const wick_tensor_decl* decl) noexcept {
  Sink& sink = *static_cast<Sink*>(context);
  try {
    if (sink.needs.size() >= kMaxDeclared)
      fail(ErrorCode::kInternal, "architecture: it declares more than ", kMaxDeclared, " tensors");
    sink.needs.push_back(need_of(*decl));
    return WICK_OK;
  } catch (...) {
    sink.error = std::current_exception();
    return WICK_CANCELLED;
  }
}

}  // namespace

ArchSession::ArchSession(const Provider& provider, const MetadataSource& metadata)
    : table_(*arch_table(provider)), self_(provider.self) {
  sdk::check([&](wick_error* e) { return table_.open(self_, to_abi(metadata), &model_, e); });
}

ArchSession::~ArchSession() {
  table_.close(self_, model_);
}

wick_model_info ArchSession::info() {
  auto info = sdk::make<wick_model_info>();
  sdk::check([&](wick_error* e) { return table_.info(self_, model_, &info, e); });
  return info;
}

std::vector<TensorNeed> ArchSession::tensors() {
  Sink sink;
  auto error = sdk::make<wick_error>();
  const wick_code code = table_.tensors(self_, model_, &take_declaration, &sink, &error);
  if (sink.error) std::rethrow_exception(sink.error);
  if (code != WICK_OK) throw Error(static_cast<ErrorCode>(code), error.message, error.hint);
  return std::move(sink.needs);
}

Graph ArchSession::build(std::map<std::string, DeclaredTensor, std::less<>> tensors) {
  Builder builder(std::move(tensors));
  sdk::check([&](wick_error* e) { return table_.build(self_, model_, builder.to_abi(), e); });
  return builder.finish();
}

}  // namespace wick

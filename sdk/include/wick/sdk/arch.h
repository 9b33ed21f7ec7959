// An architecture in C++: functions in a Definition, or a class derived from Architecture;
// then register_architecture(host, "id", definition). The graph is written with GraphBuilder and
// Scope (wick/sdk/graph_builder.h).
#pragma once

#include <wick/abi/arch.h>
#include <wick/sdk/config_sink.h>
#include <wick/sdk/graph_builder.h>
#include <wick/sdk/host.h>
#include <wick/sdk/metadata.h>

#include <memory>
#include <string>
#include <vector>

namespace wick {
inline namespace v1 {
namespace sdk {

struct TensorDecl {
  std::string name;                 ///< in GGUF: "blk.3.attn_q.weight"
  std::vector<std::uint64_t> dims;  ///< outermost first
  std::string role;                 ///< "attn_q": what recipes go by
  std::string source;               ///< in a Hugging Face checkpoint
  std::string transform = {};  ///< "", or how the checkpoint's values become ours: see abi/arch.h
  std::int32_t layer = -1;
  bool optional = false;
};

struct ModelInfo {
  std::uint32_t n_layers = 0;
  std::uint64_t context_length = 0, vocab_size = 0, model_dim = 0;
};

/// One model: a config that was read and checked.
class ArchModel {
 public:
  virtual ~ArchModel() = default;
  virtual ModelInfo info() const = 0;
  virtual std::vector<TensorDecl> tensors() const = 0;
  virtual void build(GraphBuilder& graph) const = 0;
};

class Architecture {
 public:
  virtual ~Architecture() = default;
  /// Reads the config; fails with kBadFile for one that makes no model.
  virtual std::unique_ptr<ArchModel> open(const Metadata& metadata) const = 0;
  /// Makes the keys that open() reads from a checkpoint's config.json (wick_arch_v1::convert).
  virtual void convert(const Metadata& config, const ConfigSink& gguf) const {
    static_cast<void>(config), static_cast<void>(gguf);
    fail(ErrorCode::kUnavailable, "this architecture converts no checkpoints; use a GGUF file");
  }
};

/// An architecture as functions over its Config, a struct that has `ModelInfo info() const`. The
/// last one may be null: then it converts no checkpoints.
template <class Config>
struct Definition {
  Config (*read)(const Metadata& metadata);
  std::vector<TensorDecl> (*tensors)(const Config& config);
  void (*build)(const Config& config, const GraphBuilder& graph);
  void (*convert)(const Metadata& config, const ConfigSink& gguf) = nullptr;
};

namespace detail {

template <class Config>
class DefinedModel final : public ArchModel {
 public:
  DefinedModel(const Definition<Config>& definition, Config config)
      : definition_(definition), config_(std::move(config)) {}
  ModelInfo info() const override { return config_.info(); }
  std::vector<TensorDecl> tensors() const override { return definition_.tensors(config_); }
  void build(GraphBuilder& graph) const override { definition_.build(config_, graph); }

 private:
  Definition<Config> definition_;
  Config config_;
};

template <class Config>
class DefinedArchitecture final : public Architecture {
 public:
  explicit DefinedArchitecture(const Definition<Config>& definition) : definition_(definition) {}
  std::unique_ptr<ArchModel> open(const Metadata& metadata) const override {
    return std::make_unique<DefinedModel<Config>>(definition_, definition_.read(metadata));
  }
  void convert(const Metadata& config, const ConfigSink& gguf) const override {
    definition_.convert ? definition_.convert(config, gguf) : Architecture::convert(config, gguf);
  }

 private:
  Definition<Config> definition_;
};

struct ArchProvider {
  const wick_host_api* host;
  std::unique_ptr<Architecture> architecture;
};

inline wick_code arch_open(void* self, const wick_metadata* metadata, void** model,
                           wick_error* e) noexcept {
  return guard(e, [&] {
    auto& provider = *static_cast<ArchProvider*>(self);
    *model = provider.architecture->open(Metadata(provider.host->metadata, metadata)).release();
  });
}

inline wick_code arch_info(void*, void* model, wick_model_info* info, wick_error* e) noexcept {
  return guard(e, [&] {
    const ModelInfo read = static_cast<ArchModel*>(model)->info();
    info->n_layers = read.n_layers;
    info->context_length = read.context_length;
    info->vocab_size = read.vocab_size;
    info->model_dim = read.model_dim;
  });
}

inline wick_code arch_tensors(void*, void* model, wick_tensor_sink sink, void* context,
                              wick_error* e) noexcept {
  return guard(e, [&] {
    for (const TensorDecl& tensor : static_cast<ArchModel*>(model)->tensors()) {
      auto decl = make<wick_tensor_decl>();
      decl.flags = tensor.optional ? WICK_TENSOR_OPTIONAL : 0;
      decl.name = to_str(tensor.name);
      decl.n_dims = static_cast<std::uint32_t>(tensor.dims.size());
      for (std::size_t i = 0; i < tensor.dims.size() && i < 4; ++i) decl.dims[i] = tensor.dims[i];
      decl.layer = tensor.layer;
      decl.role = to_str(tensor.role);
      decl.source = to_str(tensor.source);
      decl.transform = to_str(tensor.transform);
      if (sink(context, &decl) != WICK_OK)
        fail(ErrorCode::kCancelled, tensor.name, ": the host took no more tensors");
    }
  });
}

inline wick_code arch_build(void* self, void* model, wick_builder* builder,
                            wick_error* e) noexcept {
  return guard(e, [&] {
    GraphBuilder graph(static_cast<ArchProvider*>(self)->host->builder, builder);
    static_cast<ArchModel*>(model)->build(graph);
  });
}

inline wick_code arch_convert(void* self, const wick_metadata* config, const wick_config_sink* sink,
                              wick_error* e) noexcept {
  return guard(e, [&] {
    auto& provider = *static_cast<ArchProvider*>(self);
    provider.architecture->convert(Metadata(provider.host->metadata, config), ConfigSink(sink));
  });
}

inline const wick_arch_v1* arch_table() noexcept {
  static const auto table = [] {
    auto t = make<wick_arch_v1>();
    t.open = &arch_open;
    t.close = +[](void*, void* model) noexcept { delete static_cast<ArchModel*>(model); };
    t.info = &arch_info;
    t.tensors = &arch_tensors;
    t.build = &arch_build;
    t.convert = &arch_convert;
    return t;
  }();
  return &table;
}

}  // namespace detail

inline void register_architecture(const Host& host, std::string_view id,
                                  std::unique_ptr<Architecture> architecture) {
  auto holder = std::make_unique<detail::ArchProvider>();
  holder->host = host.api();
  holder->architecture = std::move(architecture);
  wick_provider provider = make<wick_provider>();
  provider.kind = to_str("arch");
  provider.id = to_str(id);
  provider.vtable = detail::arch_table();
  provider.self = holder.get();
  provider.destroy = +[](void* self) noexcept { delete static_cast<detail::ArchProvider*>(self); };
  host.register_provider(provider);
  holder.release();
}

template <class Config>
void register_architecture(const Host& host, std::string_view id,
                           const Definition<Config>& definition) {
  register_architecture(host, id,
                        std::make_unique<detail::DefinedArchitecture<Config>>(definition));
}

}  // namespace sdk
}  // namespace v1
}  // namespace wick

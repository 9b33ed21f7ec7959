// See converted_config.h.
#include "quantize/converted_config.h"

#include <wick/abi/arch.h>
#include <wick/error.h>
#include <wick/sdk/guard.h>

#include <exception>

#include "files/quoted.h"

namespace wick {
namespace {

using sdk::to_view;

// A vector is as long as a row at most.
constexpr std::uint64_t kMaxVector = 1 << 24;
constexpr std::size_t kMaxKeys = 1 << 16;

/// Errors cannot pass through the plugin: the first one is kept and thrown when it has returned.
struct Sink {
  ConvertedConfig& out;
  std::exception_ptr error = nullptr;

  template <class Put>
  static wick_code put(void* context, Put put_in) noexcept {
    Sink& sink = *static_cast<Sink*>(context);
    try {
      if (sink.out.metadata.size() >= kMaxKeys)
        fail(ErrorCode::kInternal, "architecture: it makes more than ", kMaxKeys, " keys");
      put_in(sink.out);
      return WICK_OK;
    } catch (...) {
      if (!sink.error) sink.error = std::current_exception();
      return WICK_CANCELLED;
    }
  }
};

void need_size(wick_str name, std::uint64_t n) {
  if (n > kMaxVector)
    fail(ErrorCode::kInternal, "architecture: ", wick::quoted(to_view(name)), ": is too long, got ",
         n, " values, need at most ", kMaxVector);
}

wick_code put_i32s(void* context, wick_str key, const std::int32_t* values,
                   std::uint64_t n) noexcept {
  return Sink::put(context, [&](ConvertedConfig& out) {
    need_size(key, n);
    out.metadata.add_i32s(to_view(key), {values, static_cast<std::size_t>(n)});
  });
}

wick_code put_vector(void* context, wick_str name, const float* values, std::uint64_t n) noexcept {
  return Sink::put(context, [&](ConvertedConfig& out) {
    need_size(name, n);
    out.vectors[std::string(to_view(name))].assign(values, values + n);
  });
}

wick_code put_shape(void* context, wick_str name, std::uint32_t n_dims,
                    const std::uint64_t* dims) noexcept {
  return Sink::put(context, [&](ConvertedConfig& out) {
    if (n_dims > 4)
      fail(ErrorCode::kBadFile, to_view(name), ": has too many dimensions, got ", n_dims,
           ", need at most 4");
    out.shapes[std::string(to_view(name))].assign(dims, dims + n_dims);
  });
}

wick_config_sink table_of(Sink& sink) {
  auto table = sdk::make<wick_config_sink>();
  table.context = &sink;
  table.put_u32 = +[](void* c, wick_str key, std::uint32_t value) noexcept {
    return Sink::put(c, [&](ConvertedConfig& out) { out.metadata.add_u32(to_view(key), value); });
  };
  table.put_f32 = +[](void* c, wick_str key, float value) noexcept {
    return Sink::put(c, [&](ConvertedConfig& out) { out.metadata.add_f32(to_view(key), value); });
  };
  table.put_bool = +[](void* c, wick_str key, std::uint32_t value) noexcept {
    return Sink::put(
        c, [&](ConvertedConfig& out) { out.metadata.add_bool(to_view(key), value != 0); });
  };
  table.put_str = +[](void* c, wick_str key, wick_str value) noexcept {
    return Sink::put(
        c, [&](ConvertedConfig& out) { out.metadata.add_string(to_view(key), to_view(value)); });
  };
  table.put_i32s = &put_i32s;
  table.put_vector = &put_vector;
  table.put_shape = &put_shape;
  table.leave_out = +[](void* c, wick_str name) noexcept {
    return Sink::put(c, [&](ConvertedConfig& out) { out.left_out.emplace(to_view(name)); });
  };
  return table;
}

}  // namespace

std::optional<std::vector<std::uint64_t>> ConvertedConfig::tensor(std::string_view name) const {
  if (const auto found = vectors.find(name); found != vectors.end())
    return std::vector<std::uint64_t>{found->second.size()};
  if (const auto found = shapes.find(name); found != shapes.end()) return found->second;
  return std::nullopt;
}

void convert_config(const Provider& provider, const MetadataSource& config, ConvertedConfig& out) {
  const wick_arch_v1& table = *arch_table(provider);
  if (!WICK_CAN(&table, convert))
    fail(ErrorCode::kUnavailable, "architecture ", provider.id, ": its plugin, ", provider.plugin,
         ", converts no checkpoints; update it, or use a GGUF file");
  Sink sink{out};
  const wick_config_sink abi = table_of(sink);
  auto error = sdk::make<wick_error>();
  const wick_code code = table.convert(provider.self, to_abi(config), &abi, &error);
  if (sink.error) std::rethrow_exception(sink.error);
  if (code != WICK_OK) throw Error(static_cast<ErrorCode>(code), error.message, error.hint);
}

}  // namespace wick

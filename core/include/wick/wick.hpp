// libwick for C++17: classes over wick.h that free themselves, and throw wick::Error. Header-only,
// so that programs depend on the C ABI alone. What functions do, and who may call them from which
// thread, is said in wick.h.
#pragma once

#include <wick/error.h>
#include <wick/wick.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wick {
inline namespace v1 {

namespace detail {

template <class Handle, void (*free)(Handle*)>
struct Free {
  void operator()(Handle* handle) const noexcept { free(handle); }
};
template <class Handle, void (*free)(Handle*)>
using Owned = std::unique_ptr<Handle, Free<Handle, free>>;

/// call(&failure) gives a status. Errors: what it reports. False for WICK_STATUS_NOT_FOUND.
template <class Call>
bool check(Call&& call) {
  wick_failure* failure = nullptr;
  const wick_status status = call(&failure);
  const Owned<wick_failure, wick_failure_free> owned(failure);
  if (status != WICK_STATUS_OK && status != WICK_STATUS_NOT_FOUND)
    throw Error(static_cast<ErrorCode>(status), wick_failure_message(failure),
                wick_failure_hint(failure));
  return status == WICK_STATUS_OK;
}

/// make(&handle, &failure) gives a status.
template <class Owned, class Make>
Owned made(Make&& make) {
  typename Owned::pointer handle = nullptr;
  check([&](wick_failure** failure) { return make(&handle, failure); });
  return Owned(handle);
}

/// A result of varying length: copy(data, capacity, &n, &failure) is called until all of it fits.
template <class Container, class Copy>
std::optional<Container> copied(Copy&& copy) {
  Container result;
  for (std::uint64_t n = 0;;) {
    const bool found = check([&](wick_failure** failure) {
      return copy(result.data(), static_cast<std::uint64_t>(result.size()), &n, failure);
    });
    if (!found) return std::nullopt;
    const bool fits = n <= result.size();
    result.resize(static_cast<std::size_t>(n));
    if (fits) return result;
  }
}

/// A callback whose exceptions wait until the C function has returned.
template <class Function>
struct Callback {
  Function function;
  std::exception_ptr error;

  template <class... Arguments>
  std::int32_t call(Arguments... arguments) noexcept {
    try {
      return function(arguments...) ? 0 : 1;
    } catch (...) {
      error = std::current_exception();
      return 1;
    }
  }
  void rethrow() const {
    if (error) std::rethrow_exception(error);
  }
};

}  // namespace detail

/// What is done, and the part of it that is, 0 to 1. False ends the work: Error kCancelled.
using Progress = std::function<bool(const char* what, double done)>;

struct EngineOptions : wick_engine_options {
  EngineOptions() noexcept { wick_engine_options_init(this, sizeof(wick_engine_options)); }
};
struct LoadOptions : wick_load_options {
  LoadOptions() noexcept { wick_load_options_init(this, sizeof(wick_load_options)); }
};
struct GenerateOptions : wick_generate_options {
  GenerateOptions() noexcept { wick_generate_options_init(this, sizeof(wick_generate_options)); }
};
struct QuantizeOptions : wick_quantize_options {
  QuantizeOptions() noexcept { wick_quantize_options_init(this, sizeof(wick_quantize_options)); }
};

class Engine;
class Session;

/// Text of a generation, piece by piece: `for (std::string_view piece : generation)`, once. A piece
/// is valid until the next.
class Generation {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const std::string_view*;
    using reference = std::string_view;

    Iterator() = default;
    explicit Iterator(Generation* of) : of_(of) { ++*this; }
    std::string_view operator*() const noexcept { return piece_; }
    Iterator& operator++() {
      const std::optional<std::string_view> next = of_->next();
      piece_ = next.value_or(std::string_view());
      if (!next) of_ = nullptr;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const Iterator& other) const noexcept { return of_ == other.of_; }
    bool operator!=(const Iterator& other) const noexcept { return of_ != other.of_; }

   private:
    Generation* of_ = nullptr;
    std::string_view piece_;
  };

  Iterator begin() { return Iterator(this); }
  Iterator end() noexcept { return {}; }
  /// Nothing at the end.
  std::optional<std::string_view> next() {
    const char* piece = nullptr;
    std::uint64_t size = 0;
    detail::check([&](wick_failure** failure) {
      return wick_generation_next(handle_.get(), &piece, &size, failure);
    });
    if (piece == nullptr) return std::nullopt;
    return std::string_view(piece, static_cast<std::size_t>(size));
  }
  std::vector<std::int32_t> tokens() const {
    return *detail::copied<std::vector<std::int32_t>>(
        [&](auto... to) { return wick_generation_tokens(handle_.get(), to...); });
  }
  wick_generation_stats stats() const {
    wick_generation_stats stats{};
    stats.struct_size = sizeof stats;
    detail::check([&](wick_failure** failure) {
      return wick_generation_describe(handle_.get(), &stats, failure);
    });
    return stats;
  }
  wick_generation* handle() const noexcept { return handle_.get(); }

 private:
  friend class Session;
  using Handle = detail::Owned<wick_generation, wick_generation_free>;
  explicit Generation(Handle handle) noexcept : handle_(std::move(handle)) {}
  Handle handle_;
};

class Model {
 public:
  /// Strings of the facts live as long as the model.
  wick_model_facts facts() const {
    wick_model_facts facts{};
    facts.struct_size = sizeof facts;
    detail::check([&](wick_failure** failure) {
      return wick_model_describe(handle_.get(), &facts, failure);
    });
    return facts;
  }
  /// Nothing where the file has no such key.
  std::optional<std::string> metadata(const std::string& key) const {
    return detail::copied<std::string>(
        [&](auto... to) { return wick_model_metadata(handle_.get(), key.c_str(), to...); });
  }
  std::vector<std::int32_t> tokenize(std::string_view text,
                                     std::uint32_t flags = WICK_TOKENIZE_BOS |
                                                           WICK_TOKENIZE_SPECIAL) const {
    return *detail::copied<std::vector<std::int32_t>>([&](auto... to) {
      return wick_model_tokenize(handle_.get(), text.data(), text.size(), flags, to...);
    });
  }
  std::string detokenize(const std::vector<std::int32_t>& ids, std::uint32_t flags = 0) const {
    return *detail::copied<std::string>([&](auto... to) {
      return wick_model_detokenize(handle_.get(), ids.data(), ids.size(), flags, to...);
    });
  }
  bool is_end(std::int32_t id) const noexcept { return wick_model_is_end(handle_.get(), id) != 0; }
  inline Session session() const;
  wick_model* handle() const noexcept { return handle_.get(); }

 private:
  friend class Engine;
  using Handle = detail::Owned<wick_model, wick_model_free>;
  explicit Model(Handle handle) noexcept : handle_(std::move(handle)) {}
  Handle handle_;
};

class Session {
 public:
  void evaluate(const std::vector<std::int32_t>& ids, float* rows = nullptr) {
    detail::check([&](wick_failure** failure) {
      return wick_session_evaluate(handle_.get(), ids.data(), ids.size(), rows, failure);
    });
  }
  /// [vocab_size] behind the last token, or null; valid until the next call.
  const float* logits() const noexcept { return wick_session_logits(handle_.get()); }
  std::vector<std::int32_t> tokens() const {
    return *detail::copied<std::vector<std::int32_t>>(
        [&](auto... to) { return wick_session_tokens(handle_.get(), to...); });
  }
  void truncate(std::uint64_t n_ids) {
    detail::check([&](wick_failure** failure) {
      return wick_session_truncate(handle_.get(), n_ids, failure);
    });
  }
  Session fork() const {
    return Session(detail::made<Handle>([&](wick_session** made, wick_failure** failure) {
      return wick_session_fork(handle_.get(), made, failure);
    }));
  }
  void cancel() noexcept { wick_session_cancel(handle_.get()); }
  Generation generate(const std::vector<std::int32_t>& prompt,
                      const wick_generate_options& options = GenerateOptions()) {
    return Generation(
        detail::made<Generation::Handle>([&](wick_generation** made, wick_failure** failure) {
          return wick_generation_create(handle_.get(), prompt.data(), prompt.size(), &options, made,
                                        failure);
        }));
  }
  wick_session* handle() const noexcept { return handle_.get(); }

 private:
  friend class Model;
  using Handle = detail::Owned<wick_session, wick_session_free>;
  explicit Session(Handle handle) noexcept : handle_(std::move(handle)) {}
  Handle handle_;
};

inline Session Model::session() const {
  return Session(detail::made<Session::Handle>([&](wick_session** made, wick_failure** failure) {
    return wick_session_create(handle_.get(), made, failure);
  }));
}

class Engine {
 public:
  explicit Engine(const wick_engine_options& options = EngineOptions())
      : handle_(detail::made<Handle>([&](wick_engine** made, wick_failure** failure) {
          return wick_engine_create(&options, made, failure);
        })) {}

  /// `progress`, where it is not empty, takes the place of the one in the options.
  Model load(const wick_load_options& options = LoadOptions(), const Progress& progress = {}) {
    wick_load_options own = options;
    return with_progress(own, progress, [&] {
      return Model(detail::made<Model::Handle>([&](wick_model** made, wick_failure** failure) {
        return wick_model_load(handle_.get(), &own, made, failure);
      }));
    });
  }
  Model load(const std::string& path) {
    LoadOptions options;
    options.path = path.c_str();
    return load(options);
  }
  wick_quantize_stats quantize(const wick_quantize_options& options,
                               const Progress& progress = {}) {
    wick_quantize_options own = options;
    wick_quantize_stats stats{};
    stats.struct_size = sizeof stats;
    return with_progress(own, progress, [&] {
      detail::check([&](wick_failure** failure) {
        return wick_quantize(handle_.get(), &own, &stats, failure);
      });
      return stats;
    });
  }
  /// row(const wick_plugin_row&); its strings are valid during the call.
  template <class Row>
  void list_plugins(Row&& row) {
    list<wick_plugin_row>(wick_engine_list_plugins, row);
  }
  /// row(const wick_device_row&)
  template <class Row>
  void list_devices(Row&& row) {
    list<wick_device_row>(wick_engine_list_devices, row);
  }
  wick_engine* handle() const noexcept { return handle_.get(); }

 private:
  using Handle = detail::Owned<wick_engine, wick_engine_free>;

  template <class Options, class Body>
  static auto with_progress(Options& options, const Progress& progress, Body body)
      -> decltype(body()) {
    using Told = detail::Callback<const Progress&>;
    Told told{progress, nullptr};
    if (progress) {
      options.progress = [](void* context, const char* what, double done) {
        return static_cast<Told*>(context)->call(what, done);
      };
      options.progress_context = &told;
    }
    try {
      return body();
    } catch (const Error&) {
      told.rethrow();
      throw;
    }
  }
  template <class RowOf, class List, class Row>
  void list(List list_all, Row& row) {
    const auto show = [&row](const RowOf* of) {
      row(*of);
      return true;
    };
    detail::Callback<decltype(show)> shown{show, nullptr};
    detail::check([&](wick_failure** failure) {
      return list_all(
          handle_.get(),
          [](void* context, const RowOf* of) {
            auto* const to = static_cast<detail::Callback<decltype(show)>*>(context);
            if (!to->error) to->call(of);
          },
          &shown, failure);
    });
    shown.rethrow();
  }

  Handle handle_;
};

}  // namespace v1
}  // namespace wick

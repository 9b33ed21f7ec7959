// Finding and loading. What manifests promise decides; a library is opened when it is needed.
#include "plugins/registry.h"

#include "base/log.h"
#include "plugins/known_plugins.h"
#include "plugins/probe_cache.h"
#include "plugins/registry_state.h"

#include <wick/abi/format.h>
#include <wick/error.h>

#include <algorithm>
#include <set>

namespace wick {
namespace {

const KnownPlugin* find_known(const Request& request) {
  for (const auto& plugin : known_plugins())
    for (const auto& promise : plugin.provides)
      if (request.fits(promise)) return &plugin;
  return nullptr;
}

}  // namespace

bool Request::fits(const Promise& promise) const {
  if (promise.kind != kind) return false;
  return gguf_type ? promise.gguf_type == gguf_type : promise.id == id;
}

bool Request::fits(const Provider& provider) const {
  if (provider.kind != kind) return false;
  return gguf_type ? format_table(provider)->gguf_type == *gguf_type : provider.id == id;
}

std::string Request::subject() const {
  if (!gguf_type) return std::string(kind) + " " + std::string(id);
  std::string text = "tensor type " + std::to_string(*gguf_type);
  if (const auto* known = find_known(*this))
    for (const auto& promise : known->provides)
      if (fits(promise)) text += " (" + promise.id + ")";
  return text;
}

std::string Slot::name() const {
  if (loaded) return loaded->id();
  return candidate.manifest ? candidate.manifest->id : candidate.file.string();
}

Registry::State::State(const RuntimeOptions& wanted, ThreadPool& threads)
    : options([&] {
        auto mine = wanted;
        mine.safe = mine.safe || safe_mode_asked();
        return mine;
      }()),
      pool(threads) {
  auto candidates = discover(options);
  slots.reserve(candidates.size());
  for (auto& candidate : candidates) slots.push_back({std::move(candidate)});
}

Registry::State::~State() {
  for (auto i = load_order.rbegin(); i != load_order.rend(); ++i) slots[*i].loaded.reset();
}

bool Registry::State::try_load(Slot& slot) {
  if (slot.loaded) return true;
  auto& candidate = slot.candidate;
  if (candidate.state != PluginState::kAvailable) return false;
  if (needs_probe(candidate) && !slot.probe) {
    slot.probe = probe_or_recall(candidate, options);
    candidate.state = slot.probe->state;
    candidate.sentence = slot.probe->sentence;
    if (candidate.state != PluginState::kAvailable) return false;
  }
  try {
    slot.loaded = std::make_unique<LoadedPlugin>(candidate, options, pool);
    candidate.state = PluginState::kLoaded;
    load_order.push_back(static_cast<std::size_t>(&slot - slots.data()));
    return true;
  } catch (const PluginError& e) {
    candidate.state = e.state();
    candidate.sentence = e.what();
  } catch (const std::exception& e) {
    candidate.state = PluginState::kProbeFailed;
    candidate.sentence = e.what();
  }
  return false;
}

void Registry::State::load_explicit() {
  for (auto& slot : slots) {
    if (!slot.candidate.is_explicit || slot.candidate.state == PluginState::kShadowed) continue;
    if (!try_load(slot))
      fail(ErrorCode::kUnavailable, "--plugin ", slot.candidate.file.string(), ": ",
           state_name(slot.candidate.state), ": ", slot.candidate.sentence);
  }
}

std::optional<Provider> Registry::State::provider_of(const Slot& slot,
                                                     const Request& request) const {
  if (slot.loaded)
    for (const auto& provider : slot.loaded->providers())
      if (request.fits(provider)) return provider;
  return std::nullopt;
}

bool Registry::State::promises(const Slot& slot, const Request& request) const {
  if (!slot.candidate.manifest) return provider_of(slot, request).has_value();
  const auto& provides = slot.candidate.manifest->provides;
  return std::any_of(provides.begin(), provides.end(), [&](const Promise& promise) {
    return request.fits(promise) && is_offered(promise, options);
  });
}

std::optional<Provider> Registry::State::search(const Request& request) {
  load_explicit();
  std::vector<Slot*> passed_over;
  for (auto& slot : slots) {
    if (!promises(slot, request)) continue;
    if (try_load(slot))
      if (auto provider = provider_of(slot, request)) {
        for (auto* other : passed_over)
          log_warning("{}: {} is {} ({}); {} is used instead", request.subject(), other->name(),
                      state_name(other->candidate.state), other->candidate.sentence, slot.name());
        return provider;
      }
    const bool worth_a_line = slot.candidate.state != PluginState::kShadowed &&
                              slot.candidate.state != PluginState::kDisabled && !slot.warned;
    if (worth_a_line) passed_over.push_back(&slot);
    slot.warned = true;
  }
  return std::nullopt;
}

std::string Registry::State::reasons(const Request& request) const {
  std::string text;
  for (const auto& slot : slots) {
    const auto& manifest = slot.candidate.manifest;
    if (!manifest) continue;
    const auto promise = std::find_if(manifest->provides.begin(), manifest->provides.end(),
                                      [&](const Promise& p) { return request.fits(p); });
    if (promise == manifest->provides.end()) continue;
    text += (text.empty() ? "" : "; ") + slot.name() + " is ";
    if (!slot.usable())
      text += std::string(state_name(slot.candidate.state)) + " (" + slot.candidate.sentence + ")";
    else if (!is_offered(*promise, options))
      text += "left out by safe mode";
    else
      text += "loaded and lacks what its manifest promises";
  }
  return text;
}

std::string Registry::State::ids_of(std::string_view kind) const {
  std::set<std::string_view> ids;
  for (const auto& slot : slots)
    if (slot.usable() && slot.candidate.manifest)
      for (const auto& promise : slot.candidate.manifest->provides)
        if (promise.kind == kind) ids.insert(promise.id);
  std::string text;
  for (const auto id : ids) text += " " + std::string(id);
  return text.empty() ? " none" : text;
}

void Registry::State::fail_missing(const Request& request) const {
  std::string why = reasons(request), hint;
  const bool has_reason = !why.empty();
  const auto* known = find_known(request);
  if (!has_reason && known) {
    why = "its plugin " + known->id + " is not installed";
    hint = install_hint(known->package_hint);
  }
  if (why.empty()) why = "no plugin offers it";
  why += ", installed of that kind:" + ids_of(request.kind);
  if (!hint.empty()) hint += ", or ";
  // --why knows nothing of an id that nobody has heard of.
  const bool explains = !request.gguf_type && (has_reason || known);
  const std::string subject = request.kind == "arch"
                                  ? "unknown architecture '" + std::string(request.id) + "'"
                                  : request.subject();
  fail(ErrorCode::kUnavailable, subject, ": ", why, "; ", hint, "see wick plugins",
       explains ? " --why " : "", explains ? request.id : "");
}

Registry::Registry(const RuntimeOptions& options, ThreadPool& pool)
    : state_(std::make_unique<State>(options, pool)) {}

Registry::~Registry() = default;

Provider Registry::find(std::string_view kind, std::string_view id) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  const Request request{kind, id};
  if (auto provider = state_->search(request)) return *provider;
  state_->fail_missing(request);
}

Provider Registry::format_for_type(std::uint32_t gguf_type) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  const Request request{"quant", "", gguf_type};
  if (auto provider = state_->search(request)) return *provider;
  state_->fail_missing(request);
}

bool Registry::has(std::string_view kind, std::string_view id) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  return state_->search({kind, id}).has_value();
}

std::vector<Offer> Registry::offers(std::string_view kind) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  state_->load_explicit();
  std::vector<Offer> found;
  const auto add = [&](Offer offer) {
    const bool known = std::any_of(found.begin(), found.end(),
                                   [&](const Offer& other) { return other.id == offer.id; });
    if (offer.kind == kind && !known) found.push_back(std::move(offer));
  };
  for (const auto& slot : state_->slots) {
    if (!slot.usable()) continue;
    if (slot.candidate.manifest) {
      for (const auto& promise : slot.candidate.manifest->provides)
        if (is_offered(promise, state_->options))
          add({promise.kind, promise.id, slot.name(), promise.rank, promise.checkpoints});
    } else if (slot.loaded) {
      for (const auto& provider : slot.loaded->providers())
        add({provider.kind, provider.id, provider.plugin, 0, {}});
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Offer& a, const Offer& b) { return a.rank > b.rank; });
  return found;
}

std::vector<std::string> Registry::recipe_files() {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  std::vector<std::string> files;
  for (const auto& slot : state_->slots)
    if (slot.usable() && slot.candidate.manifest && !slot.candidate.manifest->recipes.empty())
      files.push_back(slot.candidate.file.parent_path() / slot.candidate.manifest->recipes);
  return files;
}

std::vector<std::string> Registry::unused_options(const std::vector<std::string>& backends) {
  const std::lock_guard<std::mutex> lock(state_->mutex);
  const auto is_used = [&](const Slot& slot) {
    bool has_backend = false, has_used_one = false;
    for (const auto& provider : slot.loaded->providers()) {
      if (provider.kind != "backend") continue;
      has_backend = true;
      if (std::find(backends.begin(), backends.end(), provider.id) != backends.end())
        has_used_one = true;
    }
    return has_used_one || !has_backend;
  };
  std::vector<std::string> unused;
  for (const auto& [name, value] : state_->options.options) {
    const bool asked = std::any_of(
        state_->slots.begin(), state_->slots.end(), [&option = name, &is_used](const Slot& slot) {
          return slot.loaded && is_used(slot) && slot.loaded->has_asked_for(option);
        });
    if (!asked) unused.push_back(name);
  }
  return unused;
}

}  // namespace wick

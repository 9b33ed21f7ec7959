// The reference ops as a plugin with several devices, for tests of plans. The option "twin.ids" has
// their ids with spaces between them; "none": there is no device. Not for use.
#include "../conformance/reference_backend.h"

#include <wick/sdk/plugin.h>

#include <sstream>

namespace {

std::vector<std::string> ids_of(const wick::sdk::Host& host) {
  std::istringstream words(host.option("twin.ids").value_or("twin-a twin-b"));
  std::vector<std::string> ids;
  for (std::string id; words >> id;) ids.push_back(id);
  if (ids == std::vector<std::string>{"none"}) ids.clear();
  return ids;
}

}  // namespace

WICK_DEFINE_PLUGIN("org.test.twin", "1.0.0", [](const wick::sdk::Host& host) {
  wick::sdk::register_backend(host, "twin",
                              wick::tests::make_reference_backend(
                                  host.api()->graph, wick::tests::Fault::kNone, ids_of(host)));
})

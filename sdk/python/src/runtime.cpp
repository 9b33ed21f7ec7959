// The thread pool and the plugins, as a class of the module.
#include "plugins/runtime.h"

#include <pybind11/stl.h>

#include <memory>

#include "bindings.h"
#include "graph/host_tables.h"

namespace wick::python {
namespace {

std::shared_ptr<Runtime> make_runtime(std::uint32_t threads, std::vector<int> affinity,
                                      std::vector<std::string> plugins, bool safe,
                                      bool allow_insecure,
                                      std::map<std::string, std::string> plugin_options) {
  RuntimeOptions options;
  options.n_threads = threads;
  options.processors = std::move(affinity);
  options.plugin_files = std::move(plugins);
  options.safe = safe;
  options.allow_insecure = allow_insecure;
  options.options = std::move(plugin_options);
  options.tables = host_tables();
  const py::gil_scoped_release released;
  return std::make_shared<Runtime>(options);
}

}  // namespace

void bind_runtime(py::module_& module) {
  py::class_<Runtime, std::shared_ptr<Runtime>>(module, "Runtime")
      .def(py::init(&make_runtime), py::arg("threads"), py::arg("affinity"), py::arg("plugins"),
           py::arg("safe"), py::arg("allow_insecure_plugins"), py::arg("plugin_options"))
      .def_property_readonly("threads",
                             [](Runtime& runtime) { return runtime.pool().n_threads(); });
}

}  // namespace wick::python

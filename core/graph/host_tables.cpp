// See host_tables.h.
#include "graph/host_tables.h"

#include "graph/builder.h"
#include "graph/graph.h"
#include "graph/metadata_table.h"

namespace wick {

const HostTables& host_tables() noexcept {
  static const HostTables tables{&graph_api(), &builder_api(), &metadata_api()};
  return tables;
}

}  // namespace wick

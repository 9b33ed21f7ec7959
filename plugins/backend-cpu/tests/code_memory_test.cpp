// Emitted code is never writable where it runs, and a system that refuses executable memory gets
// portable kernels and one warning.
#include "jit/code_memory.h"

#include "conformance/cases/all.h"
#include "conformance/small_model.h"
#include "conformance/storage_classes.h"

#include <gtest/gtest.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cpu_device.h"
#include "jit/kernel_cache.h"
#include "jit/matmul.h"

namespace wick::cpu {
namespace {

/// A line of /proc/self/maps.
struct Mapping {
  std::uintptr_t first = 0, end = 0;
  std::string access;          ///< "r-xs"
  std::string device, number;  ///< of the file behind it
  bool can(char what) const { return access.find(what) != std::string::npos; }
};

std::vector<Mapping> mappings() {
  std::vector<Mapping> all;
  std::ifstream file("/proc/self/maps");
  for (std::string line; std::getline(file, line);) {
    Mapping m;
    char dash = 0;
    std::string offset;
    std::istringstream(line) >> std::hex >> m.first >> dash >> m.end >> m.access >> offset >>
        m.device >> m.number;
    all.push_back(m);
  }
  return all;
}

/// A host that counts warnings, and the kernels of the best instruction set for one weight.
class OneWeight {
 public:
  OneWeight() : api_(*plain_.api()) {
    api_.host = this;
    api_.log = +[](void* self, std::uint32_t level, wick_str text) noexcept {
      if (level < WICK_LOG_WARNING) return;
      static_cast<OneWeight*>(self)->warnings_.emplace_back(sdk::to_view(text));
    };
    api_.option = +[](void*, wick_str, char*, std::uint64_t, std::uint64_t*) noexcept {
      return wick_code{WICK_NOT_FOUND};
    };
    cache_ = std::make_unique<jit::KernelCache>(sdk::Host(&api_), jit::usable_isas().back());
    auto desc = sdk::make<wick_weight_desc>();
    const conformance::StorageEntry q4 = conformance::gguf_classes()[0];
    desc.use = WICK_USE_MATMUL;
    desc.n_rows = 64;
    desc.n_cols = 256;
    desc.storage = q4.pointer();
    layout_ = make_layout(desc);
  }
  std::shared_ptr<const jit::MatmulCodes> make() { return make_matmul(*cache_, layout_, 1); }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  conformance::TestHost plain_{1};
  wick_host_api api_;
  std::vector<std::string> warnings_;
  std::unique_ptr<jit::KernelCache> cache_;
  Layout layout_;
};

/// From here on the system refuses every mapping that could be run; for children only.
bool refuse_executable_memory() {
#if defined(__x86_64__)
  constexpr std::uint32_t kThisMachine = 0xc000003e;  // AUDIT_ARCH_X86_64
#else
  constexpr std::uint32_t kThisMachine = 0xc00000b7;  // AUDIT_ARCH_AARCH64
#endif
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kThisMachine, 0, 6),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 13),  // EACCES
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{sizeof filter / sizeof filter[0], filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

class CodeMemoryTest : public testing::Test {
 protected:
  void SetUp() override {
    if (jit::usable_isas().empty()) GTEST_SKIP() << "nothing is emitted here";
  }
};

TEST_F(CodeMemoryTest, HasNoPageThatIsWritableAndExecutable) {
  OneWeight kernels;
  ASSERT_NE(kernels.make(), nullptr);
  for (const Mapping& m : mappings())
    EXPECT_FALSE(m.can('w') && m.can('x')) << std::hex << m.first << " " << m.access;
}

TEST_F(CodeMemoryTest, HasOneViewToRunAndAnotherToWrite) {
  OneWeight kernels;
  const auto codes = kernels.make();
  ASSERT_NE(codes, nullptr);
  const auto at = reinterpret_cast<std::uintptr_t>(codes->one_tile[0]);
  Mapping runs;
  int n_writable = 0;
  for (const Mapping& m : mappings())
    if (m.first <= at && at < m.end) runs = m;
  EXPECT_TRUE(runs.can('x') && !runs.can('w')) << runs.access;
  for (const Mapping& m : mappings())
    n_writable += m.device == runs.device && m.number == runs.number && m.can('w') && !m.can('x');
  EXPECT_EQ(n_writable, 1);
}

/// Ends the child: 0 where all went as it should.
[[noreturn]] void try_refused() {
  if (!refuse_executable_memory()) std::_Exit(77);
  OneWeight kernels;
  const bool is_refused = !kernels.make() && !kernels.make();
  const bool is_said_once =
      kernels.warnings().size() == 1 &&
      kernels.warnings()[0].find("portable kernels run instead") != std::string::npos;
  if (!is_refused || !is_said_once) std::_Exit(1);
  const CpuDevice cpu("", 1);
  int n_products = 0;
  for (const conformance::Case& c : conformance::all_cases()) {
    if (c.name.find("matmul") != 0 || n_products++ % 16 != 0) continue;
    const conformance::Outcome outcome = conformance::check(cpu.device(), c);
    if (outcome.failed()) std::_Exit(2);
  }
  std::_Exit(n_products > 0 ? 0 : 3);
}

bool went_well(int status) {
  return WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77);
}

TEST_F(CodeMemoryTest, IsReplacedByPortableKernelsWhereItIsRefused) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(try_refused(), went_well, "");
}

/// The kernel's own ban on memory that is, or was, both: what is emitted needs neither.
[[noreturn]] void try_hardened() {
  constexpr int kSetMdwe = 65;  // of Linux 6.3: headers may be older
  constexpr unsigned long kRefuseExecGain = 1;
  if (prctl(kSetMdwe, kRefuseExecGain, 0, 0, 0) != 0) std::_Exit(77);
  OneWeight kernels;
  std::_Exit(kernels.make() && kernels.warnings().empty() ? 0 : 1);
}

TEST_F(CodeMemoryTest, IsMadeWhereNoPageMayBecomeExecutable) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(try_hardened(), went_well, "");
}

TEST_F(CodeMemoryTest, WritesWhatPerfReads) {
  const std::string folder = testing::TempDir();
  const std::string name = "matmul.test-kernel";
  const std::string path = folder + "/jit-" + std::to_string(::getpid()) + ".dump";
  {
    jit::CodeMemory memory(folder);
    memory.add({0xc3, 0x90, 0x90, 0xc3}, name);
  }
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  ASSERT_EQ(bytes.size(), 40 + 56 + name.size() + 1 + 4 + 16);
  EXPECT_EQ(bytes.substr(0, 4), "DTiJ");
  EXPECT_EQ(bytes.substr(96, name.size() + 5), name + '\0' + "\xc3\x90\x90\xc3");
}

TEST_F(CodeMemoryTest, RefusesAFolderForPerfThatIsNotThere) {
  EXPECT_THROW(jit::CodeMemory("/proc/none"), Error);
}

}  // namespace
}  // namespace wick::cpu

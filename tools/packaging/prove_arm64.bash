# A part of tools/prove-packages: what packages of arm64 do, on a machine of another kind.

# What of the packages does not need Arm; `amd64` is the text that the others must say.
compare_with_amd64() {
  [ -e "$debs"/wick_*_arm64.deb ] && [ -e "$debs"/wick_*_amd64.deb ] || fail "$debs needs packages of arm64 and amd64; tools/packages makes them"
  step "the packages of both architectures"
  python3 tools/packaging/compare_architectures.py "$debs/amd64" "$debs/arm64"
  step "wick of amd64"
  fresh amd64
  repository repo "$debs"/*.deb
  install wick
  amd64=$(story)
  echo "   $amd64"
  finished
}

# The kernel starts qemu for programs of arm64, until `forget_arm64`.
kernel=/proc/sys/fs/binfmt_misc
start_arm64() {
  [ -e $kernel/register ] || { mount -t binfmt_misc binfmt_misc $kernel 2>/dev/null && mounted=yes; } || return 1
  # An ELF file of 64 bits, little endian, whose machine is 183. F: chroots need no copy of qemu.
  local any='\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00'
  echo ':wick-arm64:M::\x7fELF\x02\x01'"$any"'\xb7\x00:\xff\xff\xff\xff\xff\xff'"$any"'\xff\xff:'"$emulator:F" 2>/dev/null > $kernel/register
}
forget_arm64() {
  [ ! -e $kernel/wick-arm64 ] || echo -1 > $kernel/wick-arm64
  [ -z "${mounted:-}" ] || umount $kernel
}

# greedy COMMAND...: what the program says of WICK_EMBER, which lies in $root/root.
greedy() {
  step "greedy texts of the reference"
  [ -n "${WICK_EMBER:-}" ] || { echo "   skipped: WICK_EMBER names no model"; return; }
  mkdir -p "$root/root"
  cp "$WICK_EMBER" "$root/root/ember.gguf"
  python3 tools/packaging/compare_greedy.py "${WICK_EMBER%/*}/ember/reference/reference.json" "$@" run -m "$model_folder/ember.gguf" 2> "$work/greedy.log" ||
    { cat "$work/greedy.log"; fail "another text"; }
}

arm64_installed() {
  step "a Debian of arm64"
  if [ ! -d "$work/base" ]; then
    debootstrap --arch=arm64 --foreign --variant=minbase bookworm "$work/base.new" "$mirror" > "$work/debootstrap.log"
    chroot "$work/base.new" /debootstrap/debootstrap --second-stage >> "$work/debootstrap.log" || { tail -n 5 "$work/debootstrap.log"; fail "debootstrap under qemu"; }
    mv "$work/base.new" "$work/base"
  fi
  fresh root
  echo "   $(inside uname -m), $(inside dpkg --print-architecture)"
  repository repo "$debs"/*.deb
  step "wick, its backends and the Python module"
  install wick wick-backend-vulkan wick-backend-opencl python3-wick
  same
  inside wick plugins
  state cpu loaded
  state vulkan no-driver mesa-vulkan-drivers
  state opencl no-driver pocl-opencl-icd
  inside python3 -c "import wick; print('  ', ''.join(wick.Model().generate('Once upon a time', n_predict=16, temp=0)))"
  model_folder=/root greedy chroot "$root" wick
  finished
}

# apt chooses what wick depends on, for an empty machine of arm64, and dpkg unpacks it. No script of a package runs, and no program
# can start another one: the states of GPU backends, which the probe finds, are not seen.
arm64_unpacked() {
  step "wick and what it depends on, unpacked"
  root=$work/unpacked
  rm -rf "$root" "$work/apt"
  mkdir -p "$root" "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/apt/repo"
  cp "$debs"/*.deb "$work/apt/repo"
  (cd "$work/apt/repo" && dpkg-scanpackages --multiversion . > Packages 2>/dev/null)
  printf '%s\n' "deb $mirror bookworm main" "deb [trusted=yes] file:$work/apt/repo ./" > "$work/apt/sources.list"
  unpacked_apt update
  unpacked_apt install -y --no-install-recommends --download-only wick
  cp -n "$debs"/{libwick1,wick}_*_arm64.deb "$debs"/wick-models-tiny_*_all.deb "$work/apt/cache/archives"  # apt reads these where they are
  local package
  for package in "$work"/apt/cache/archives/*.deb; do dpkg -x "$package" "$root"; done
  echo "   $(find "$work/apt/cache/archives" -name '*.deb' -printf '%f\n' | sed 's/_.*//' | sort | xargs)"
  inside() { env -i PATH=/usr/bin:/bin HOME="$root/root" LC_ALL=C.UTF-8 "$emulator" -L "$root" "$root/usr/bin/$1" "${@:2}"; }
  same
  state cpu loaded
  model_folder=$root/root greedy "$emulator" -L "$root" "$root/usr/bin/wick"
}
unpacked_apt() {
  apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$work/apt" -o Dir::State::status=/dev/null \
    -o Dir::Cache="$work/apt/cache" -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=- -o APT::Sandbox::User= "$@"
}

# arm64 [unpacked]: in a subshell, with chroots of its own.
arm64() (
  trap 'forget_arm64; leave' EXIT
  emulator=$(command -v qemu-aarch64-static) || fail "needs qemu-aarch64-static; apt install qemu-user-static"
  compare_with_amd64
  expected=$amd64
  work=$work/arm64
  mkdir -p "$work"
  if [ "${1:-}" != unpacked ] && start_arm64; then arm64_installed; return; fi
  [ "${1:-}" = unpacked ] || echo "   this kernel refuses to start qemu ($kernel): packages are unpacked instead"
  arm64_unpacked
)

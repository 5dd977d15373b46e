# shellcheck shell=bash
# What Ferry needs from the machine: a JDK 25, Maven, and for real database servers a few packages.
# Sourced by ./ferry. Sets JAVA_HOME; installs packages only as root on Debian and Ubuntu.

# Prints nothing; true if the folder holds a whole JDK 25. The release file answers without starting a JVM.
is_jdk_25() {
    [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] && grep -q '^JAVA_VERSION="25[".]' "$1/release"
}

# Sets and exports JAVA_HOME, or ends with one line that says how to get a JDK 25.
need_jdk() {
    local candidate on_path
    on_path=$(readlink -f "$(command -v javac 2>/dev/null || true)" 2>/dev/null || true)
    for candidate in "${JAVA_HOME:-}" "${on_path%/bin/javac}" \
        /usr/lib/jvm/* /usr/java/* /opt/*jdk* /opt/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [[ -n $candidate ]] && is_jdk_25 "$candidate"; then
            export JAVA_HOME=$candidate
            return
        fi
    done
    echo "ferry: needs a JDK 25 and found none. Get one from https://adoptium.net/temurin/releases/?version=25 (or: sdk install java 25-tem), then set JAVA_HOME." >&2
    exit 3
}

need_maven() {
    command -v mvn >/dev/null && return
    echo "ferry: needs Maven 3.8 or later to build and found none. Get it with: sudo apt-get install -y maven (or: brew install maven)" >&2
    exit 3
}

has_library() {
    local ldconfig
    ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
    # The whole list is read: with pipefail, an early end of the reader would count as a failure.
    "$ldconfig" -p 2>/dev/null | grep -F "$1 " >/dev/null
}

# Debian 13 and Ubuntu 24.04 renamed libaio1 together with its file; database servers ask for the old file name.
libaio_package() {
    if apt-cache show libaio1t64 >/dev/null 2>&1; then echo libaio1t64; else echo libaio1; fi
}

link_renamed_libaio() {
    local renamed
    renamed=$(find /usr/lib /lib -name 'libaio.so.1t64' 2>/dev/null | head -1)
    if [[ -n $renamed ]] && ! has_library libaio.so.1; then
        ln -sf "$renamed" "$(dirname "$renamed")/libaio.so.1" && ldconfig
    fi
}

missing_packages() {
    has_library libaio.so.1 || libaio_package
    has_library libnuma.so.1 || echo libnuma1
    command -v unzip >/dev/null || echo unzip
    command -v python3 >/dev/null || echo python3
    python3 -m pip --version >/dev/null 2>&1 || echo python3-pip
    command -v npm >/dev/null || echo npm
}

# What the real database servers of tests and demo need. Installed as root on Debian and Ubuntu; otherwise the command is printed.
need_server_packages() {
    local -a missing
    mapfile -t missing < <(missing_packages)
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "ferry: the database servers need these Debian packages, or what your system calls them: ${missing[*]}" >&2
        exit 3
    fi
    if [[ $(id -u) -ne 0 ]]; then
        echo "ferry: the database servers need packages that are not installed: sudo apt-get install -y ${missing[*]}" >&2
        exit 3
    fi
    install_packages "${missing[@]}"
}

# What the benches compare with: the client of the limits, and other tools. Installed as root on Debian and Ubuntu; otherwise
# they are left out, and one line says so.
need_bench_packages() {
    local -a missing=()
    { command -v mysql && command -v mariadb-dump; } >/dev/null || missing+=(mariadb-client)
    command -v mydumper >/dev/null || missing+=(mydumper)
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if command -v apt-get >/dev/null && [[ $(id -u) -eq 0 ]] && fetch_packages "${missing[@]}"; then
        return
    fi
    echo "ferry: limits and rivals that need them are left out: ${missing[*]} (sudo apt-get install -y ${missing[*]})" >&2
}

# Installs packages; false if that fails, with the log in $BUILD/packages.log.
fetch_packages() {
    local log=$BUILD/packages.log
    mkdir -p "$BUILD"
    echo "Installing $*" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 && return
    # A fresh machine has no package lists yet.
    { apt-get update && apt-get install -y --no-install-recommends "$@"; } >>"$log" 2>&1
}

install_packages() {
    local log=$BUILD/packages.log
    if ! fetch_packages "$@"; then
        tail -15 "$log" >&2
        echo "ferry: could not install: apt-get install -y $* (log: $log)" >&2
        exit 3
    fi
    link_renamed_libaio
    local -a missing
    mapfile -t missing < <(missing_packages)
    if [[ ${#missing[@]} -gt 0 ]]; then
        echo "ferry: still missing after the installation: ${missing[*]} (log: $log)" >&2
        exit 3
    fi
}

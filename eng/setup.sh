# shellcheck shell=bash
# What a fresh machine needs, found out or installed. Sourced by ./study.

say() { printf '%s\n' "$*"; }
complain() { printf '%s\n' "$*" >&2; }
fail() {
  complain "$@"
  exit 1
}

# Nothing that a command starts may stay behind, so no build server outlives its build.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1

require_dotnet() {
  command -v dotnet >/dev/null ||
    fail "The .NET SDK 10 is needed and 'dotnet' was not found. Get it from https://dotnet.microsoft.com/download"
  local newest
  newest=$(dotnet --list-sdks | cut -d. -f1 | sort -n | tail -1)
  ((${newest:-0} >= 10)) ||
    fail "The .NET SDK 10 or newer is needed; installed is: $(dotnet --list-sdks | tr '\n' ' ')"
}

docker_runs() {
  command -v docker >/dev/null && timeout 10 docker info >/dev/null 2>&1
}

# Sets PACKAGE_SET: full when the feed offers every package, else core. The answer is kept in PackageSet.props, where
# Directory.Build.props reads it; "core" is asked again after a day, because feeds gain packages.
find_package_set() {
  local known=$STATE/PackageSet.props
  if [[ -n ${STUDY_PACKAGE_SET-} ]]; then
    [[ $STUDY_PACKAGE_SET == core || $STUDY_PACKAGE_SET == full ]] ||
      fail "STUDY_PACKAGE_SET is '$STUDY_PACKAGE_SET': it must be 'core' or 'full'."
    remember_package_set "$STUDY_PACKAGE_SET"
  elif [[ -f $known ]]; then
    PACKAGE_SET=$(sed -n 's:.*<PackageSet>\(core\|full\)</PackageSet>.*:\1:p' "$known")
    if [[ -z $PACKAGE_SET || ($PACKAGE_SET == core && -n $(find "$known" -mtime +0)) ]]; then
      probe_package_set
    fi
  else
    probe_package_set
  fi
}

probe_package_set() {
  say "Asking the package feed whether it offers Aspire, SlackNet and NBomber ..."
  local probe=$STATE/probe
  mkdir -p "$probe"
  {
    echo '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>'
    sed -n "/== 'full'/,/<\/ItemGroup>/s/.*<PackageVersion Include=\"\([^\"]*\)\".*/<PackageReference Include=\"\1\" \/>/p" \
      Directory.Packages.props
    sed -n 's:.*Sdk="\(Aspire.AppHost.Sdk\)" Version="\([^"]*\)".*:<PackageDownload Include="\1" Version="[\2]" />:p' \
      StudyTracker.AppHost/StudyTracker.AppHost.csproj | sort -u
    echo '</ItemGroup></Project>'
  } >"$probe/Probe.csproj"
  if timeout 60 dotnet restore "$probe/Probe.csproj" -p:PackageSet=full >"$probe/restore.log" 2>&1; then
    say "It does: everything is built with them."
    remember_package_set full
  else
    say "It does not: built is the core set, which has stand-ins for them (details: $probe/restore.log)."
    remember_package_set core
  fi
}

remember_package_set() {
  PACKAGE_SET=$1
  printf '<Project><PropertyGroup><PackageSet>%s</PackageSet></PropertyGroup></Project>\n' "$1" >"$STATE/PackageSet.props"
}

forget_package_set() {
  rm -f "$STATE/PackageSet.props"
}

# PostgreSQL and Redis, unless connection strings name servers that run elsewhere.
require_servers() {
  local missing=()
  if [[ -z ${ConnectionStrings__studydb-} ]] && ! has_postgres; then missing+=(postgresql); fi
  if [[ -z ${ConnectionStrings__redis-} ]] && ! command -v redis-server >/dev/null; then missing+=(redis-server); fi
  if ((${#missing[@]})); then install_packages "${missing[@]}"; fi
}

# A browser, for the test that opens the report of a load test. Without one that test fails and says so; the others can run.
require_browser() {
  { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null && return
  (install_packages chromium) || true
}

# Node and npm, for the tests that run the clients of Slack and OpenAI. Without them those tests fail and say so; the others can run.
require_node() {
  { command -v node && command -v npm; } >/dev/null && return
  (install_packages nodejs npm) || true
}

has_postgres() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || { command -v initdb && command -v postgres; } >/dev/null
}

install_packages() {
  local sudo=()
  if ((EUID != 0)); then
    sudo=(sudo -n)
    sudo -n true 2>/dev/null ||
      fail "Missing: $*. Install it with: sudo apt-get install $*" "(or set connection strings; see ./study help)"
  fi
  command -v apt-get >/dev/null || fail "Missing: $*. This machine has no apt-get, so install it as your system does."
  say "Installing $* with apt-get; its services are not started ..."
  # RUNLEVEL=1 and the policy file keep Debian's install scripts from starting a server of their own.
  local log=$STATE/apt.log policy=/usr/sbin/policy-rc.d had_policy=yes
  if [[ ! -e $policy ]]; then
    had_policy=no
    # shellcheck disable=SC2064 # the names of now
    trap "${sudo[*]} rm -f '$policy'" EXIT
    printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
    "${sudo[@]}" chmod +x "$policy"
  fi
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -y -q -o DPkg::Lock::Timeout=120)
  local installed=yes
  "${apt[@]}" install --no-install-recommends "$@" >"$log" 2>&1 ||
    { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@"; } >"$log" 2>&1 || installed=no
  if [[ $had_policy == no ]]; then
    "${sudo[@]}" rm -f "$policy"
    trap - EXIT
  fi
  if [[ $installed == no ]]; then
    tail -20 "$log" >&2
    fail "apt-get could not install $*; all it said is in $log."
  fi
}

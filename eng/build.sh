# shellcheck shell=bash
# Builds, unless nothing has changed since the last build. Sourced by ./study.

# build <project or solution>
build() {
  local what=$1 name lock
  name=$(basename "$what")
  # One build at a time in a checkout. The build itself does not inherit the lock, so nothing it leaves behind can keep it.
  exec {lock}>"$STATE/build.lock"
  flock "$lock"
  if [[ ! -f $(stamp "$name") || -n $(changed_since "$(stamp "$name")") ]]; then
    say "Building $name ($CONFIGURATION, $PACKAGE_SET packages); the first time takes a minute or two ..."
    touch "$STATE/build-started"
    if ! run_build "$what" {lock}>&-; then
      # The feed may offer other packages than it did when it was asked.
      if [[ -n ${STUDY_PACKAGE_SET-} ]] || ! grep -qE 'error (NU1[0-9]+|MSB4236)' "$STATE/build.log"; then
        build_failed
      fi
      probe_package_set
      run_build "$what" {lock}>&- || build_failed
    fi
    mv "$STATE/build-started" "$(stamp "$name")"
  fi
  exec {lock}>&-
}

# The file that is as old as the sources of the last build.
stamp() { printf '%s' "$STATE/built-$PACKAGE_SET-$CONFIGURATION-$1"; }

run_build() {
  dotnet build "$1" -c "$CONFIGURATION" -p:PackageSet="$PACKAGE_SET" -v quiet -nologo -clp:NoSummary \
    >"$STATE/build.log" 2>&1
}

build_failed() {
  if grep -qE 'error NU1[0-9]+' "$STATE/build.log"; then forget_package_set; fi
  grep -E 'error|warning' "$STATE/build.log" | sort -u | head -20 >&2
  fail "The build failed; all it said is in $STATE/build.log."
}

# Names the first source that is newer than the stamp; a folder is, when a file was added to it or taken away.
changed_since() {
  find . -mindepth 1 \( -name bin -o -name obj -o -name node -o -name '.?*' -o -name docs -o -name '*.md' -o -name study -o -name eng \) -prune \
    -o -newer "$1" -print -quit
}

# shellcheck shell=bash
# Runs the test projects and adds up their results. Sourced by ./study.

# run_tests [unit|functional|clients [filter]]
run_tests() {
  local kind=${1-} filter=${2-} projects=() project
  for project in tests/*/*.csproj; do
    case $kind in
      '') projects+=("$project") ;;
      unit) [[ $project == *.UnitTests.csproj ]] && projects+=("$project") ;;
      functional) [[ $project == *.FunctionalTests.csproj ]] && projects+=("$project") ;;
      clients) [[ $project == *.ClientTests.csproj ]] && projects+=("$project") ;;
      *) fail "There are 'unit', 'functional' and 'clients' tests, no '$kind'." ;;
    esac
  done

  require_dotnet
  find_package_set
  # Tests bring their own servers, whatever is configured for this machine.
  unset ConnectionStrings__kafka ConnectionStrings__studydb ConnectionStrings__redis
  if [[ $kind != unit && $kind != clients ]]; then
    require_servers
    require_browser
  fi
  if [[ -z $kind || $kind == clients ]]; then require_node; fi
  build StudyTracker.sln

  PASSED=0 FAILED=0 SKIPPED=0
  # Unit tests first: they are the quicker to say no.
  for project in $(printf '%s\n' "${projects[@]}" | sort -r); do
    run_test_project "$(basename "$project" .csproj)" "$filter"
  done
  if [[ -n $filter ]] && ((PASSED + FAILED == 0)); then
    complain "No test has '$filter' in its name."
    FAILED=1
  fi

  local skipped=
  if ((SKIPPED)); then skipped=", $SKIPPED skipped"; fi
  say "$PASSED passed, $FAILED failed$skipped"
  ((FAILED == 0))
}

# run_test_project <name> <filter>: adds its results to PASSED, FAILED and SKIPPED.
run_test_project() {
  local name=$1 filter=$2 results=$STATE/test-results/$1.xml status=0
  local arguments=(-noLogo -xml "$results")
  if [[ ! -t 1 ]]; then arguments+=(-noColor); fi
  if [[ -n $filter ]]; then arguments+=(-method "*$filter*"); fi
  mkdir -p "$(dirname "$results")"
  rm -f "$results"

  say "== $name"
  forward_signals dotnet "tests/$name/bin/$PACKAGE_SET/$CONFIGURATION/net10.0/$name.dll" "${arguments[@]}" || status=$?
  if [[ ! -f $results ]]; then
    complain "$name ended with exit code $status and left no results."
    FAILED=$((FAILED + 1))
    return
  fi

  local passed failed errors skipped
  passed=$(attribute "$results" passed)
  failed=$(attribute "$results" failed)
  errors=$(attribute "$results" errors)
  skipped=$(attribute "$results" skipped)
  if ((passed + failed + errors == 0)) && [[ -z $filter ]]; then
    complain "$name ran no test."
    errors=1
  elif ((status != 0 && failed + errors == 0)) && [[ -z $filter ]]; then
    complain "$name ended with exit code $status although no test failed."
    errors=1
  fi
  PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed + errors)) SKIPPED=$((SKIPPED + skipped))
}

# attribute <file> <name>: the attribute of the results' <assembly> element.
attribute() {
  local value
  value=$(grep -o -m1 '<assembly [^>]*' "$1" | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*' | head -1)
  echo "${value:-0}"
}

# Runs a program and hands on what asks this script to stop, so that the program can stop what it started.
forward_signals() {
  "$@" &
  local child=$! status=0
  # shellcheck disable=SC2064 # the id of now
  trap "kill -TERM $child 2>/dev/null || true" TERM INT HUP
  wait "$child" || status=$?
  # A signal ends the wait, not the program.
  while kill -0 "$child" 2>/dev/null; do
    wait "$child" || status=$?
  done
  trap - TERM INT HUP
  return "$status"
}

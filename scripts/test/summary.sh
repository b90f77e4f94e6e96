# The summary of a test run: suites are added as they end, and printed as one table. Sourced.
rows=()
total_passed=0
total_failed=0
total_not_run=0

# add SUITE PASSED FAILED NOT_RUN [WHY]
add() {
  rows+=("$(printf '%s\t%s\t%s\t%s\t%s' "$1" "$2" "$3" "$4" "${5:-}")")
  total_passed=$((total_passed + $2))
  total_failed=$((total_failed + $3))
  total_not_run=$((total_not_run + $4))
}

# add_cargo LOG: a row for every `test result:` line that cargo test printed into LOG.
add_cargo() {
  local suite passed failed ignored
  while IFS=$'\t' read -r suite passed failed ignored; do
    if [ "$ignored" -gt 0 ]; then add "$suite" "$passed" "$failed" "$ignored" 'marked #[ignore]'
    elif [ $((passed + failed)) -gt 0 ]; then add "$suite" "$passed" "$failed" 0; fi
  done < <(awk '
    /^ +Running / { name = $0; sub(/^ +Running (unittests )?/, "", name)
      crate = name; sub(/.*\/deps\//, "", crate); sub(/-[0-9a-f]+\)$/, "", crate)
      sub(/ \(.*/, "", name); suite = crate " (" name ")" }
    /^ +Doc-tests / { suite = $2 " (examples in the docs)" }
    /^test result: / { for (i = 1; i <= NF; i++) { if ($i == "passed;") p = $(i - 1); if ($i == "failed;") f = $(i - 1)
      if ($i == "ignored;") g = $(i - 1) } printf "%s\t%s\t%s\t%s\n", suite, p, f, g }
  ' "$1")
}

print_summary() {
  local row suite passed failed not_run why
  printf '\n%-46s %7s %7s %8s  %s\n' Suite passed failed 'not run' why
  printf '%.0s-' $(seq 100)
  echo
  for row in "${rows[@]}"; do
    # A tab is white space to `read`, so that an empty last field is harmless.
    IFS=$'\t' read -r suite passed failed not_run why <<<"$row"
    printf '%-46s %7s %7s %8s  %s\n' "$suite" "$passed" "$failed" "$not_run" "$why"
  done
  echo
  [ "$total_not_run" = 0 ] || printf '%s not run: see the reasons above.\n' "$total_not_run"
}

# postgres_programs: prints the folder that holds initdb and pg_ctl of the newest fitting PostgreSQL. Sourced.
postgres_programs() {
  local folder version best=''
  while read -r folder; do
    [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] || continue
    version=$("$folder/postgres" --version 2>/dev/null | sed -n 's/[^0-9]*\([0-9]*\).*/\1/p')
    [ "${version:-0}" -ge "$POSTGRES_OLDEST" ] && best=$folder
  done < <(
    # Most systems keep them out of PATH, and not finding them there is no failure.
    if have pg_ctl; then dirname "$(readlink -f "$(command -v pg_ctl)")"; fi
    ls -d /usr/pgsql-*/bin /usr/lib/postgresql/*/bin 2>/dev/null | sort -V || true
  )
  [ -n "$best" ] && echo "$best"
}

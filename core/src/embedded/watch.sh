# Stops a server that nobody uses any more. It ends when the server does, when another watcher
# takes its place, or when its own file is removed because the server is to stay.
trap '' HUP INT
data=$1 server=$2 server_began=$3 limit=$4

# alive <id> <began>: whether that process lives. The time it began, where known, sets it apart
# from a later one with the same id; a zombie does not live.
alive() {
  if [ -e /proc/self/stat ]; then
    { read -r line < "/proc/$1/stat"; } 2> /dev/null || return 1
    set -- "$2" ${line##*) }
    [ "$2" != Z ] && { [ -z "$1" ] || [ "$1" = "${21}" ]; }
  else
    kill -0 "$1" 2> /dev/null || ps -p "$1" > /dev/null 2>&1
  fi
}

used() {
  for file in "$data"/users/*; do
    began=
    { read -r began < "$file"; } 2> /dev/null
    alive "${file##*/}" "$began" && return 0
    rm -f "$file"
  done
  return 1
}

# mine <file>: whether that file names this watcher. Files of a later watcher are left alone: a
# new server may be up before this one has noticed that the old server is gone.
mine() {
  { read -r id < "$data/$1"; } 2> /dev/null && [ "$id" = "$$" ]
}

idle=0
while sleep 1; do
  mine watcher || exit 0
  alive "$server" "$server_began" || exit 0
  if used; then idle=0; continue; fi
  idle=$((idle + 1))
  [ "$idle" -ge "$limit" ] || continue
  # Announced first, then looked once more: whoever comes in between sees the announcement and
  # waits, or is seen.
  echo "$$" > "$data/stopping"
  if mine watcher && ! used; then
    kill -INT "$server"
    waited=0
    while alive "$server" "$server_began"; do
      [ "$waited" -ne 50 ] || kill -QUIT "$server"
      waited=$((waited + 1))
      sleep 0.2 || sleep 1
    done
    mine stopping && rm -f "$data/stopping"
    exit 0
  fi
  mine stopping && rm -f "$data/stopping"
  idle=0
done

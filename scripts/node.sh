#!/bin/sh
# Runs `node` with the words given. npm puts the packages' Node first in the path, and that one needs
# libatomic, which a bare machine lacks: there it is given ours (see libatomic/libatomic.c).
if ! node --version >/dev/null 2>&1; then
  export LD_LIBRARY_PATH="$(cd "$(dirname "$0")" && pwd)/libatomic/linux-x64${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
fi
exec node "$@"

#!/bin/sh
# Runs tesseract so that it dies with the process that started it, even when that is killed with SIGKILL.
if command -v setpriv >/dev/null 2>&1; then
    exec setpriv --pdeathsig KILL -- tesseract "$@"
fi
exec tesseract "$@"

#!/usr/bin/env bash
# Ends the service and everything it started; what is unfinished goes on at the next start.
set -euo pipefail
cd "$(dirname "$0")"
exec python3 tools/service.py stop

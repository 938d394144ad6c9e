#!/usr/bin/env bash
# Starts the service (http://127.0.0.1:7860); the first time it sets everything up. Options of `f2p serve` may follow.
set -euo pipefail
cd "$(dirname "$0")"
exec python3 tools/service.py start "$@"

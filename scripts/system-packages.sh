#!/usr/bin/env bash
# Install Debian's Chromium and PostgreSQL server where they are missing: the tests drive a real
# browser and a real database.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
fc-list 2>/dev/null | grep -qi noto || missing+=(fonts-noto-core fonts-noto-color-emoji)

if [ "${#missing[@]}" -eq 0 ]; then
  exit 0
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
  as_root="sudo"
fi
echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends "${missing[@]}"

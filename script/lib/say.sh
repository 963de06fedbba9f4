# shellcheck shell=bash
# Prints headings and last words, in one form for every script. Sourced.

heading() { printf '\n== %s\n' "$*"; }
say() { printf '%s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Installs Bailiff and Debian's fail2ban beside each other, with the tests that compare them; sourced by `run`.
# shellcheck source=test/lab/install-bailiff.sh
source "$LAB/install-bailiff.sh"
# shellcheck source=test/lab/install-fail2ban.sh
source "$LAB/install-fail2ban.sh"

put_both() {
  local to=$FS/usr/lib/bailiff
  put_bailiff
  put_fail2ban
  inside systemctl stop fail2ban
  mkdir -p "$to/dist"
  cp -r "$ROOT/dist/src" "$ROOT/dist/test" "$ROOT/dist/bench" "$to/dist/"
  cp -r "$ROOT/test" "$to/"
  inside systemctl daemon-reload
}

# shellcheck shell=sh
pixel() { printf "%s" "#"; }

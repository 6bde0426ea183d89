echo "semver: fine"

echo "legacy: fine"

share/pixel/core.sh of filetaker-1.0

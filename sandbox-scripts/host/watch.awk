# watch.awk - reads `ls -lnRq` of the log directory and of `out`: prints the bytes in all files except those of out/distfiles,
# which only the disk limits, the same in whole MB, and the number of lines.
/^\/.*:$/ { fetched = out != "" && index($0, out "/distfiles") == 1; next }
/^-/ && !fetched { sum += $5 }
END { printf "%.0f %d %d\n", sum, sum / 1048576, NR }

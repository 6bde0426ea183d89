# compile.awk - counts, in the log of distcc or the statistics log of ccache: compile jobs that distcc could distribute, jobs
# compiled on another machine, failed tries on a machine (distcc then uses another one, or this); jobs looked up by ccache, hits.
/^distcc\[[0-9]+\] compile from / { jobs++ }
/^distcc\[[0-9]+\] compile .* on .* completed ok$/ { if (!/ on localhost completed ok$/) remote++ }
/^distcc\[[0-9]+\] exec on / { if ($4 != "localhost:") tries++ }
/^(direct|preprocessed)_cache_hit$/ { cached++; hits++ }
/^cache_miss$/ { cached++ }
END { print jobs + 0, remote + 0, tries - remote, cached + 0, hits + 0 }

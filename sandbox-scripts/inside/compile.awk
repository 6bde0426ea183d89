# compile.awk - counts, in the log of distcc or the statistics log of ccache: compile jobs that distcc might send
# away, those that another machine did, tries of a machine that came to nothing (distcc then takes another one, or this);
# jobs that ccache looked up, those it had.
/^distcc\[[0-9]+\] compile from / { jobs++ }
/^distcc\[[0-9]+\] compile .* on .* completed ok$/ { if (!/ on localhost completed ok$/) remote++ }
/^distcc\[[0-9]+\] exec on / { if ($4 != "localhost:") tries++ }
/^(direct|preprocessed)_cache_hit$/ { cached++; hits++ }
/^cache_miss$/ { cached++ }
END { print jobs + 0, remote + 0, tries - remote, cached + 0, hits + 0 }

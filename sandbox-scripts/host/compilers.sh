# shellcheck shell=sh
# compilers.sh - wrappers of the base's compilers for distcc and ccache. They are scripts, not links to distcc: distcc would
# look for the compiler in the rest of PATH, where the links and wrappers of pkgsrc lead back to it.

[ -z "${compilers_sourced:-}" ] || return 0
compilers_sourced=yes

# compilers BASE DIR: makes, if the settings need them, DIR/distcc and DIR/ccache with a script for each C and C++ compiler of
# the base (of this machine if BASE is empty), and links to the programs that pkgsrc expects beside a compiler.
compilers() (
    base=$1 dir=$2 full=
    [ -n "$BULK_DISTCC_HOSTS$BULK_CCACHE_DIR" ] || exit 0
    mkdir -p -- "$dir/distcc" "$dir/ccache"
    for path in "$base"/usr/bin/*-gcc "$base"/usr/bin/*-g++ "$base"/usr/bin/*-gcc-[0-9]* "$base"/usr/bin/*-g++-[0-9]*; do
        case ${path##*/} in
        c89-gcc | c99-gcc | '*'*) ;;
        *) full="$full ${path##*/}=$(compilers_real "$base" "/usr/bin/${path##*/}")" ;;
        esac
    done
    for path in "$base"/usr/bin/*; do
        name=${path##*/}
        case $name in
        cc | c++ | gcc | g++ | clang | clang++ | gcc-[0-9]* | g++-[0-9]* | clang-[0-9]* | clang++-[0-9]*)
            command=$(compilers_full "$(compilers_real "$base" "/usr/bin/$name")" "$name" "$full")
            for way in distcc ccache; do
                printf '#!/bin/sh\nPATH=/usr/bin:/bin exec /usr/bin/%s %s "$@"\n' "$way" "$command" >"$dir/$way/$name"
                chmod 755 "$dir/$way/$name"
            done
            ;;
        cpp | gfortran | gnat | gnat[a-z]*) ln -s -- "/usr/bin/$name" "$dir/distcc/$name" && ln -s -- "/usr/bin/$name" "$dir/ccache/$name" ;;
        esac
    done
)

# compilers_real BASE PATH: PATH without symbolic links, all in BASE.
compilers_real() (
    path=$2
    for _ in 1 2 3 4 5 6 7 8; do
        [ -h "$1$path" ] || break
        link=$(readlink -- "$1$path")
        case $link in /*) path=$link ;; *) path=${path%/*}/$link ;; esac
    done
    printf '%s\n' "$path"
)

# compilers_full REAL NAME FULL: the name of the compiler REAL that contains system and machine, from FULL (NAME=REAL words),
# else NAME. By such a name a host of another machine type finds its cross compiler and not its native one.
compilers_full() (
    for ending in "-$2=$1" "=$1"; do
        for word in $3; do
            case $word in *"$ending") printf '%s\n' "${word%%=*}"; exit ;; esac
        done
    done
    printf '%s\n' "$2"
)

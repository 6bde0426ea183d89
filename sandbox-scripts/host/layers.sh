# shellcheck shell=sh source-path=SCRIPTDIR/..
# layers.sh - the read-only layers of a sandbox's root: each archive is unpacked once, under its checksum.

[ -z "${layers_sourced:-}" ] || return 0
layers_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"

# layer_of WHAT FILE_OR_DIR: prints a directory with the content of FILE_OR_DIR: a directory is its own layer, an
# archive is unpacked under its SHA-256 below $BULK_SANDBOXDIR/layers, by tar with the words of os_unpack. Call it under
# the lock of the sandbox directory.
layer_of() (
    what=$1 source=$2
    if [ -d "$source" ]; then
        dir=$(cd -- "$source" && pwd -P)
        case $BULK_SANDBOXDIR/ in
        "$dir"/*) machine_failure "$what $dir contains the directory SANDBOXDIR=$BULK_SANDBOXDIR" "set SANDBOXDIR to a directory outside it" ;;
        esac
        printf '%s\n' "$dir"
        exit 0
    fi
    [ -f "$source" ] || machine_failure "$what $source does not exist" "use an existing archive or directory"
    sum=$(os_sha256 "$source") || machine_failure "cannot read the $what $source" "check its permissions"
    layer=$BULK_SANDBOXDIR/layers/$what-$sum
    if [ ! -d "$layer" ]; then
        mkdir -p -- "$BULK_SANDBOXDIR/layers"
        rm -rf -- "$layer.new"
        mkdir -- "$layer.new"
        case $source in # NetBSD's tar does not look whether an archive is compressed
        *.gz | *.tgz) layers_unpack gzip "$source" "$layer.new" ;;
        *.bz2 | *.tbz | *.tbz2) layers_unpack bzip2 "$source" "$layer.new" ;;
        *.xz | *.txz) layers_unpack xz "$source" "$layer.new" ;;
        *.zst) layers_unpack zstd "$source" "$layer.new" ;;
        *) layers_tar "$source" "$layer.new" ;;
        esac || machine_failure "cannot unpack the $what $source to $layer.new" "check the archive and the free space of SANDBOXDIR"
        mv -- "$layer.new" "$layer"
    fi
    printf '%s\n' "$layer"
)

# layers_unpack PROGRAM FILE DIR: unpacks FILE, compressed by PROGRAM, into DIR; fails if either end of the pipe does.
layers_unpack() {
    rm -f -- "$3.bad"
    { "$1" -dc -- "$2" || : >"$3.bad"; } | layers_tar - "$3" && [ ! -e "$3.bad" ]
}

# layers_tar FILE DIR: unpacks FILE (- is standard input) into DIR.
layers_tar() (
    : "${os_unpack:=}" # old shells make an empty word of an unquoted ${os_unpack:-}
    set -f             # the words contain patterns for tar
    # shellcheck disable=SC2086 # words
    exec tar -xpf "$1" -C "$2" $os_unpack
)

# shellcheck shell=sh source-path=SCRIPTDIR/..
# stack.sh - layers of installed dependencies that packages of a run share, instead of installing the same ones again in each sandbox.
# bulk.mk names them (pkgmkgen/plan/layers.py). The first build that needs a layer makes it: pkg_add in a sandbox of its own, on
# the layers below, whose files are then a read-only layer of other sandboxes. Layers are in the directory of the run and
# disappear with it. Whenever a layer cannot be used, builds install its packages themselves:
#   sets/N             the layer N: upper/, its files; identities, the package files that it was made of
#   sets/N.lock        is locked by the build that makes it; no build waits for that
#   sets/N.bad         it could not be made
#   sets/full          LAYERS is used up

[ -z "${stack_sourced:-}" ] || return 0
stack_sourced=yes
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/say.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/settings.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/os.sh"
# shellcheck source=/dev/null
. "$BULK_SCRIPTS/host/sandbox.sh"
: "${run_launch=}" "${outdir=}" "${logdir=}" "${scratch=}" # set by the caller
os_stack='' os_upper='' stack_aside=''

# stack_prepare DIR: once a run, takes the layers from bulk.mk.
stack_prepare() {
    { [ "$BULK_LAYERS" != 0 ] && os_stackable; } || return 0
    sed -n 's/^#\(layer\(ed\)\{0,1\} \)/\1/p' "$BULK_MAKEFILE" >"$1/layers"
    [ -s "$1/layers" ] || {
        say note "LAYERS=$BULK_LAYERS: $BULK_MAKEFILE has no layers: make it with pkgmkgen --set LAYERS=$BULK_LAYERS"
        return 0
    }
    rm -rf -- "$1/sets"
    mkdir -m 700 -- "$1/sets"
}

# stack_find PKGNAME PKGPATH: sets os_stack to the layers that a sandbox of the package can use, making those that do not exist.
stack_find() {
    os_stack='' stack_names=''
    { [ -s "$run_launch/layers" ] && [ -d "$run_launch/sets" ]; } || return 0
    awk -v name="$1" -f "$BULK_SCRIPTS/host/stack.awk" closure=1 "$outdir/out/closure" closure='' "$run_launch/layers" >"$outdir/layers"
    [ -s "$outdir/layers" ] || return 0
    # shellcheck disable=SC2046 # PKGNAMEs have no blanks
    (cd -- "$BULK_PACKAGES/All" && ls -dinL --full-time -- $(sed -n "s/^name \(.*\)/\1$BULK_PKG_SUFX/p" "$outdir/layers")) >"$outdir/identities" 2>/dev/null || return 0
    awk -v sets="$run_launch/sets" -v to="$outdir/identities" -v suffix="$BULK_PKG_SUFX" -f "$BULK_SCRIPTS/host/stack-use.awk" identities=1 "$outdir/identities" identities='' "$outdir/layers" >"$outdir/layers.use"
    while read -r stack_word stack_number stack_members; do
        # shellcheck disable=SC2086 # PKGNAMEs have no blanks
        [ "$stack_word" = use ] || stack_make "$1" "$2" "$stack_number" $stack_members || break
        stack_names="$stack_names $stack_members"
        os_stack=$run_launch/sets/$stack_number/upper:$os_stack
    done <"$outdir/layers.use"
}

# stack_make PKGNAME PKGPATH NUMBER MEMBER...: makes a layer on those of os_stack. Returns 1 if it cannot be used now.
stack_make() {
    make_for=$1 make_path=$2 make_number=$3 make_dir=$run_launch/sets/$3
    shift 3
    if [ -e "$make_dir.bad" ] || [ -e "$run_launch/sets/full" ]; then return 1; fi
    { mkdir -p -- "$make_dir.lock" && os_try_lock "$make_dir.lock"; } || return 1
    if [ ! -d "$make_dir" ]; then
        os_rm "$make_dir.new"
        mkdir -- "$make_dir.new" "$make_dir.new/out" "$make_dir.new/log"
        # shellcheck disable=SC2086 # PKGNAMEs have no blanks
        printf '%s\n' $stack_names "$@" >"$make_dir.new/out/closure"
        stack_sandbox "$make_dir.new" "$make_path" "$@" || {
            say layer "$make_number of dependencies cannot be made for $make_for: builds install its packages: $*"
            : >"$make_dir.bad"
            os_rm "$make_dir.new"
            exec 5<&-
            return 1
        }
        { cp -- "$outdir/identities.$make_number" "$make_dir.new/identities" && mv -- "$make_dir.new" "$make_dir"; } || return 1
        du -skx -- "$run_launch/sets" >"$outdir/layers.size" 2>/dev/null || :
        make_kb=0
        read -r make_kb _ <"$outdir/layers.size" || :
        [ "$make_kb" -lt $((BULK_LAYERS * 1024)) ] || : >"$run_launch/sets/full"
    fi
    exec 5<&-
}

# stack_sandbox DIR PKGPATH MEMBER...: installs the members in a sandbox whose files are in DIR/upper afterwards.
stack_sandbox() {
    stack_aside=$outdir stack_logdir=$logdir stack_scratch=$scratch
    outdir=$1 logdir=$1/log scratch='' os_upper=$1 stack_path=$2 stack_status=0
    shift 2
    for stack_member; do
        shift
        set -- "$@" "$BULK_PACKAGES/All/$stack_member$BULK_PKG_SUFX"
    done
    sandbox_run inside/layer.sh dependencies "$stack_path" -- "$@" </dev/null 2>"$outdir/errors" 5<&- || stack_status=$?
    [ "$stack_status" -ne 0 ] || os_settle "$outdir" || stack_status=$?
    # shellcheck disable=SC2034 # read by os_sandbox
    os_upper=''
    outdir=$stack_aside logdir=$stack_logdir scratch=$stack_scratch stack_aside=''
    return "$stack_status"
}

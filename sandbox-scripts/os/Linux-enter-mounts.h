/*
 * Linux-enter-mounts.h - the mounts of a sandbox, part of Linux-enter.c. If the sandbox has its own user namespace (ids_fd), mounts
 * map the owners of the files of the host to the ids of the sandbox (Linux 5.12, layers of overlayfs 5.19);
 * files of the sandbox alone belong to its ids.
 */
#define SYS_OPEN_TREE 428
#define SYS_MOVE_MOUNT 429
#define SYS_MOUNT_SETATTR 442
#define CLONE_OF_TREE 1
#define FROM_EMPTY_PATH 4
#define IDMAP 0x100000
#define AT_WITH_ALL_BELOW 0x8000
#define PAGE_OF_DATA 4096

struct attributes { unsigned long long set, clear, propagation, userns; }; /* struct mount_attr */

static int ids_fd = -1;   /* the user namespace of the sandbox; -1: that of the caller */
static unsigned ids_base; /* id 0 of the sandbox */
static const char *upper_place; /* X-upper=DIR: the sandbox's files are written there, on a disk, not to MNT */

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "pkgmkgen: sandbox: cannot %s %s: %s\n", what, which, strerror(errno));
    exit(75);
}

/* The same as snprintf, but a result that does not fit is an error. */
static char *put(char *to, size_t size, const char *format, ...)
{
    va_list words;

    va_start(words, format);
    int length = vsnprintf(to, size, format, words);
    va_end(words);
    if (length < 0 || (size_t)length >= size) {
        errno = ENAMETOOLONG;
        fail("mount with options longer than 4095 bytes:", format);
    }
    return to;
}

/* MS_ flags of the options of mount; options of the file system go to DATA, which must have room for all. */
static unsigned long flags_of(char *words, char *data, size_t size)
{
    static const struct { const char *word; unsigned long flag; } table[] = {
        {"bind", MS_BIND}, {"ro", MS_RDONLY}, {"nosuid", MS_NOSUID}, {"nodev", MS_NODEV}, {"noexec", MS_NOEXEC},
        {"X-mount.mkdir", 0}, {"X-own", 0}, {"X-reclaim", 0},
    };
    const size_t all = sizeof table / sizeof *table;
    unsigned long flags = 0;
    size_t length = 0, i;

    *data = '\0';
    for (char *word = strtok(words, ","); word; word = strtok(NULL, ",")) {
        for (i = 0; i < all && strcmp(word, table[i].word); i++)
            ;
        if (i < all)
            flags |= table[i].flag;
        else if (!strncmp(word, "X-upper=", 8))
            upper_place = strdup(word + 8);
        else
            length += strlen(put(data + length, size - length, "%s%s", length ? "," : "", word));
    }
    return flags;
}

static void make_directories(const char *name)
{
    char path[PAGE_OF_DATA];

    put(path, sizeof path, "%s", name);
    for (char *end = path; end; ) {
        if ((end = strchr(end + 1, '/')))
            *end = '\0';
        if (mkdir(path, 0755) && errno != EEXIST)
            fail("make the directory", path);
        if (end)
            *end = '/';
    }
}

/* Gives a file to the ids of the sandbox. */
static void own(const char *path)
{
    if (ids_fd >= 0 && lchown(path, ids_base, ids_base))
        fail("give to the sandbox's root", path);
}

/* A directory of the host that a sandbox writes to, and the files in it. */
static void own_files(const char *dir)
{
    DIR *stream;
    struct dirent *entry;

    own(dir);
    if (ids_fd < 0 || !(stream = opendir(dir)))
        return;
    while ((entry = readdir(stream)))
        if (strcmp(entry->d_name, "..") && fchownat(dirfd(stream), entry->d_name, ids_base, ids_base, AT_SYMLINK_NOFOLLOW))
            fail("give to the sandbox's root what is in", dir);
    closedir(stream);
}

/*
 * Gives a directory of the host, in which an ended sandbox has left any files, and the files in it to root of the host. Setting the owner
 * also removes set-user-id bits and capabilities from a file. Deeper files are not used by the host, which removes or copies them
 * (leavings.sh): a package can nest directories so deeply that their paths are too long.
 */
static void reclaim_files(const char *dir)
{
    struct dirent *entry;
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);

    if (!stream)
        fail("take back", dir);
    while ((entry = readdir(stream)))
        if (strcmp(entry->d_name, "..") && fchownat(fd, entry->d_name, 0, 0, AT_SYMLINK_NOFOLLOW) && errno != ENOENT)
            fail("take back what is in", dir);
    closedir(stream);
}

/* Does that for all directories of the host that an ended sandbox has written to. */
static void reclaim(const char *fstab)
{
    FILE *file = setmntent(fstab, "re");
    struct mntent *line;

    while (file && (line = getmntent(file)))
        if (hasmntopt(line, "X-own") && hasmntopt(line, "X-reclaim"))
            reclaim_files(line->mnt_fsname);
    if (file)
        endmntent(file);
}

/* Restrictions of the file system at DIR, which a user namespace may not lift; same bits as MS_. */
static unsigned long kept_flags(const char *dir)
{
    struct statvfs facts;

    if (statvfs(dir, &facts))
        fail("look at", dir);
    return facts.f_flag & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC);
}

/* Binds FROM, a tree of the host, to DIR with the ids of the sandbox. */
static void bind_mapped(const char *from, const char *dir, unsigned long flags)
{
    struct attributes change = {.set = flags | IDMAP, .userns = ids_fd};
    int tree = syscall(SYS_OPEN_TREE, AT_FDCWD, from, CLONE_OF_TREE | O_CLOEXEC);

    if (tree < 0 || syscall(SYS_MOUNT_SETATTR, tree, "", AT_EMPTY_PATH, &change, sizeof change))
        fail("map the owners of", from);
    if (syscall(SYS_MOVE_MOUNT, tree, "", AT_FDCWD, dir, FROM_EMPTY_PATH))
        fail("bind to", dir);
    close(tree);
}

/* In a user namespace a directory with mounts below it can only be bound together with them. */
static void bind_to(const char *from, const char *dir, unsigned long flags)
{
    if (mount(from, dir, NULL, MS_BIND, NULL) == 0) {
        if (flags && mount(NULL, dir, NULL, MS_REMOUNT | MS_BIND | flags | kept_flags(dir), NULL))
            fail("protect", dir);
        return;
    }
    if (errno != EINVAL || mount(from, dir, NULL, MS_BIND | MS_REC, NULL))
        fail("bind to", dir);
    struct attributes change = {.set = flags}; /* since Linux 5.12; the bits to set are those of MS_ */
    if (flags && syscall(SYS_MOUNT_SETATTR, AT_FDCWD, dir, AT_WITH_ALL_BELOW, &change, sizeof change))
        fail("protect all of", dir);
}

/* The root: LAYERS, separated by colons, below the files that the sandbox writes, in MNT/upper. */
static void mount_root(const char *mnt, char *layers, const char *dir, const char *more)
{
    char data[PAGE_OF_DATA], path[PAGE_OF_DATA], *names[] = {"upper", "work"};
    size_t length = 0;
    int number = 0;
    const char *place = upper_place ? upper_place : mnt;

    make_directories(put(path, sizeof path, "%s/%s", mnt, names[0]));
    for (size_t i = 0; i < 2; i++) {
        make_directories(put(path, sizeof path, "%s/%s", place, names[i]));
        own(path);
    }
    for (char *layer = strtok(layers, ":"); layer; layer = strtok(NULL, ":")) {
        if (ids_fd >= 0) {
            make_directories(put(path, sizeof path, "%s/layer%d", mnt, number));
            bind_mapped(layer, path, MS_RDONLY);
            layer = path;
        }
        length += strlen(put(data + length, sizeof data - length, "%s%s", number++ ? ":" : "lowerdir=", layer));
    }
    put(data + length, sizeof data - length, ",upperdir=%s/upper,workdir=%s/work%s%s", place, place, *more ? "," : "", more);
    if (mount("root", dir, "overlay", 0, data))
        fail("mount", dir);
}

static void mount_all(const char *mnt, const char *fstab)
{
    FILE *file = setmntent(fstab, "re");
    struct mntent *line;
    char data[PAGE_OF_DATA];

    if (!file)
        fail("read", fstab);
    while ((line = getmntent(file))) {
        if (hasmntopt(line, "X-mount.mkdir"))
            make_directories(line->mnt_dir);
        int owned = hasmntopt(line, "X-own") != NULL;
        unsigned long flags = flags_of(line->mnt_opts, data, sizeof data);
        if (!strcmp(line->mnt_type, "overlay")) {
            mount_root(mnt, line->mnt_fsname, line->mnt_dir, data);
        } else if (flags & MS_BIND) {
            int ours = !strncmp(line->mnt_fsname, mnt, strlen(mnt)) && line->mnt_fsname[strlen(mnt)] == '/';
            if (owned)
                own_files(line->mnt_fsname);
            if (ids_fd >= 0 && !owned && !ours)
                bind_mapped(line->mnt_fsname, line->mnt_dir, flags & ~MS_BIND);
            else
                bind_to(line->mnt_fsname, line->mnt_dir, flags & ~MS_BIND);
        } else if (mount(line->mnt_fsname, line->mnt_dir, line->mnt_type, flags, data)) {
            fail("mount", line->mnt_dir);
        } else if (owned) {
            own(line->mnt_dir);
        }
    }
    endmntent(file);
}

/* Makes DIR, which is mounted read-only, writable; new files go to STORE/files; unwritable() ends that. */
static int writable(int dir, const char *store, const char *more)
{
    char data[PAGE_OF_DATA], path[64];

    put(path, sizeof path, "/proc/self/fd/%d", dir);
    put(data, sizeof data, "lowerdir=%s,upperdir=%s/files,workdir=%s/work%s", path, store, store, more);
    return mount("distfiles", path, "overlay", MS_NOSUID | MS_NODEV, data);
}
static int unwritable(const char *dir)
{
    return mount(NULL, dir, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | kept_flags(dir), NULL);
}

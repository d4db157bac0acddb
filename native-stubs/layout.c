/*
 * What the C compiler says about the kernel's structures and constants, and about those of
 * pinbounce.h, that the Java code lays out by hand. A test looks each one up by name and compares.
 *
 * Distributions ship headers older than the kernel that runs. What they lack is UNKNOWN: a guess
 * would only compare our own number with itself.
 */

#include "pinbounce.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <linux/version.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>

/* The headers here do not define it. */
#define UNKNOWN (-1)

/* Nobody here has heard of that name: the caller mistyped it. */
#define NO_SUCH_NAME (-2)

#define SIZE(type) {"sizeof(" #type ")", (long)sizeof(type)}
#define OFFSET(type, member) {"offsetof(" #type ", " #member ")", (long)offsetof(type, member)}
#define VALUE(constant) {#constant, (long)(constant)}
#define MISSING(name) {name, UNKNOWN}

struct entry {
    const char *name;
    long value;
};

static const struct entry entries[] = {
    SIZE(struct iovec),
    OFFSET(struct iovec, iov_base),
    OFFSET(struct iovec, iov_len),

    SIZE(struct statx),
    OFFSET(struct statx, stx_mask),
    OFFSET(struct statx, stx_blksize),
    OFFSET(struct statx, stx_mode),
    OFFSET(struct statx, stx_ino),
    OFFSET(struct statx, stx_size),
    VALUE(STATX_BASIC_STATS),
#ifdef STATX_DIOALIGN
    OFFSET(struct statx, stx_dio_mem_align),
    OFFSET(struct statx, stx_dio_offset_align),
    VALUE(STATX_DIOALIGN),
#else
    MISSING("offsetof(struct statx, stx_dio_mem_align)"),
    MISSING("offsetof(struct statx, stx_dio_offset_align)"),
    MISSING("STATX_DIOALIGN"),
#endif
#ifdef STATX_WRITE_ATOMIC
    OFFSET(struct statx, stx_atomic_write_unit_min),
    OFFSET(struct statx, stx_atomic_write_unit_max),
    VALUE(STATX_WRITE_ATOMIC),
#else
    MISSING("offsetof(struct statx, stx_atomic_write_unit_min)"),
    MISSING("offsetof(struct statx, stx_atomic_write_unit_max)"),
    MISSING("STATX_WRITE_ATOMIC"),
#endif
#ifdef STATX_DIO_READ_ALIGN
    OFFSET(struct statx, stx_dio_read_offset_align),
    VALUE(STATX_DIO_READ_ALIGN),
#else
    MISSING("offsetof(struct statx, stx_dio_read_offset_align)"),
    MISSING("STATX_DIO_READ_ALIGN"),
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
    SIZE(struct cachestat),
    SIZE(struct cachestat_range),
    OFFSET(struct cachestat, nr_cache),
    OFFSET(struct cachestat_range, off),
    OFFSET(struct cachestat_range, len),
#else
    MISSING("sizeof(struct cachestat)"),
    MISSING("sizeof(struct cachestat_range)"),
    MISSING("offsetof(struct cachestat, nr_cache)"),
    MISSING("offsetof(struct cachestat_range, off)"),
    MISSING("offsetof(struct cachestat_range, len)"),
#endif
#ifdef SYS_cachestat
    VALUE(SYS_cachestat),
#else
    MISSING("SYS_cachestat"),
#endif

#ifdef FS_IOC_GETLBMD_CAP
    SIZE(struct logical_block_metadata_cap),
    OFFSET(struct logical_block_metadata_cap, lbmd_flags),
    OFFSET(struct logical_block_metadata_cap, lbmd_interval),
    OFFSET(struct logical_block_metadata_cap, lbmd_guard_tag_type),
    VALUE(FS_IOC_GETLBMD_CAP),
#else
    MISSING("sizeof(struct logical_block_metadata_cap)"),
    MISSING("offsetof(struct logical_block_metadata_cap, lbmd_flags)"),
    MISSING("offsetof(struct logical_block_metadata_cap, lbmd_interval)"),
    MISSING("offsetof(struct logical_block_metadata_cap, lbmd_guard_tag_type)"),
    MISSING("FS_IOC_GETLBMD_CAP"),
#endif
    VALUE(BLKSSZGET),
    VALUE(BLKPBSZGET),
    VALUE(BLKGETSIZE64),
    VALUE(FS_IOC_GETFLAGS),
    VALUE(FS_NOCOW_FL),

    SIZE(struct io_uring_params),
    VALUE(SYS_io_uring_setup),

    SIZE(struct pinbounce_protection),
    OFFSET(struct pinbounce_protection, guard_seed),
    OFFSET(struct pinbounce_protection, reference),
    OFFSET(struct pinbounce_protection, step),
    OFFSET(struct pinbounce_protection, reference_mask),
    OFFSET(struct pinbounce_protection, fixed),
    OFFSET(struct pinbounce_protection, checked),
    OFFSET(struct pinbounce_protection, escape),
    OFFSET(struct pinbounce_protection, fixed_high),
    OFFSET(struct pinbounce_protection, checked_high),
    OFFSET(struct pinbounce_protection, escape_high),
    OFFSET(struct pinbounce_protection, app_tag),
    OFFSET(struct pinbounce_protection, app_checked),
    OFFSET(struct pinbounce_protection, guard),
    OFFSET(struct pinbounce_protection, kernel),
    OFFSET(struct pinbounce_protection, guarded),
    OFFSET(struct pinbounce_protection, interval),
    OFFSET(struct pinbounce_protection, metadata_size),
    OFFSET(struct pinbounce_protection, tuple_offset),
    VALUE(PINBOUNCE_ABI),
    VALUE(PINBOUNCE_CRC16_T10DIF),
    VALUE(PINBOUNCE_CRC32C),
    VALUE(PINBOUNCE_CRC64_NVME),
    VALUE(PINBOUNCE_PORTABLE),
    VALUE(PINBOUNCE_PCLMUL128),
    VALUE(PINBOUNCE_VPCLMUL256),
    VALUE(PINBOUNCE_VPCLMUL512),
    VALUE(MFD_CLOEXEC),

    VALUE(AT_EMPTY_PATH),
    VALUE(AT_FDCWD),
    VALUE(O_RDONLY),
    VALUE(O_RDWR),
    VALUE(O_CREAT),
    VALUE(O_EXCL),
    VALUE(O_DSYNC),
    VALUE(O_CLOEXEC),
    VALUE(O_DIRECT),
    VALUE(PROT_READ),
    VALUE(PROT_WRITE),
    VALUE(MAP_PRIVATE),
    VALUE(MAP_ANONYMOUS),
    VALUE(MAP_POPULATE),
    VALUE(MADV_DONTFORK),
    VALUE(MADV_HUGEPAGE),
};

PINBOUNCE_EXPORT long pinbounce_layout(const char *name);

long pinbounce_layout(const char *name)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        if (strcmp(entries[i].name, name) == 0) {
            return entries[i].value;
        }
    }
    return NO_SUCH_NAME;
}

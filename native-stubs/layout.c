/*
 * What the C compiler says about the kernel's structures and constants, and about those of
 * pinbounce.h, that the Java code lays out by hand. A test looks each one up by name and compares.
 *
 * Distributions ship headers older than the kernel that runs. What they lack is UNKNOWN: a guess
 * would only compare our own number with itself.
 */

#include "pinbounce.h"

#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <linux/loop.h>
#include <linux/mman.h>
#include <linux/stat.h>
#include <linux/version.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>

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
    OFFSET(struct statx, stx_uid),
    OFFSET(struct statx, stx_gid),
    OFFSET(struct statx, stx_mode),
    OFFSET(struct statx, stx_ino),
    OFFSET(struct statx, stx_size),
    OFFSET(struct statx, stx_rdev_major),
    OFFSET(struct statx, stx_rdev_minor),
    OFFSET(struct statx, stx_dev_major),
    OFFSET(struct statx, stx_dev_minor),
    VALUE(STATX_BASIC_STATS),
#ifdef STATX_MNT_ID_UNIQUE
    OFFSET(struct statx, stx_mnt_id),
    VALUE(STATX_MNT_ID_UNIQUE),
#else
    MISSING("offsetof(struct statx, stx_mnt_id)"),
    MISSING("STATX_MNT_ID_UNIQUE"),
#endif
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
    VALUE(LOOP_GET_STATUS64),
    SIZE(struct loop_info64),
    OFFSET(struct loop_info64, lo_device),
    OFFSET(struct loop_info64, lo_inode),
    OFFSET(struct loop_info64, lo_rdevice),
    OFFSET(struct loop_info64, lo_offset),
    OFFSET(struct loop_info64, lo_sizelimit),
    VALUE(BLKSSZGET),
    VALUE(BLKPBSZGET),
    VALUE(BLKGETSIZE64),
    VALUE(FS_IOC_SETFLAGS),
    VALUE(FS_IOC_GETFLAGS),
    VALUE(FS_IOC_GETVERSION),
    SIZE(struct statfs),
    OFFSET(struct statfs, f_fsid),
    SIZE(struct rlimit),
    OFFSET(struct rlimit, rlim_cur),
    VALUE(RLIMIT_MEMLOCK),
    VALUE(LOCK_SH),
    VALUE(LOCK_EX),
    VALUE(LOCK_NB),
#ifdef FS_IOC_GETFSUUID
    SIZE(struct fsuuid2),
    VALUE(FS_IOC_GETFSUUID),
#else
    MISSING("sizeof(struct fsuuid2)"),
    MISSING("FS_IOC_GETFSUUID"),
#endif
    VALUE(FS_NOCOW_FL),

    SIZE(struct dm_ioctl),
    OFFSET(struct dm_ioctl, data_size),
    OFFSET(struct dm_ioctl, data_start),
    OFFSET(struct dm_ioctl, target_count),
    OFFSET(struct dm_ioctl, flags),
    OFFSET(struct dm_ioctl, dev),
    SIZE(struct dm_target_spec),
    OFFSET(struct dm_target_spec, next),
    OFFSET(struct dm_target_spec, target_type),
    VALUE(DM_TABLE_STATUS),
    VALUE(DM_BUFFER_FULL_FLAG),
    VALUE(DM_NOFLUSH_FLAG),

    SIZE(struct io_uring_params),
    OFFSET(struct io_uring_params, sq_entries),
    OFFSET(struct io_uring_params, cq_entries),
    OFFSET(struct io_uring_params, flags),
    OFFSET(struct io_uring_params, features),
    OFFSET(struct io_uring_params, sq_off),
    OFFSET(struct io_uring_params, cq_off),
    OFFSET(struct io_sqring_offsets, head),
    OFFSET(struct io_sqring_offsets, tail),
    OFFSET(struct io_sqring_offsets, ring_mask),
    OFFSET(struct io_sqring_offsets, flags),
    OFFSET(struct io_sqring_offsets, array),
    OFFSET(struct io_cqring_offsets, head),
    OFFSET(struct io_cqring_offsets, tail),
    OFFSET(struct io_cqring_offsets, ring_mask),
    OFFSET(struct io_cqring_offsets, cqes),
    SIZE(struct io_uring_sqe),
    OFFSET(struct io_uring_sqe, opcode),
    OFFSET(struct io_uring_sqe, flags),
    OFFSET(struct io_uring_sqe, ioprio),
    OFFSET(struct io_uring_sqe, fd),
    OFFSET(struct io_uring_sqe, off),
    OFFSET(struct io_uring_sqe, addr),
    OFFSET(struct io_uring_sqe, len),
    OFFSET(struct io_uring_sqe, rw_flags),
    OFFSET(struct io_uring_sqe, fsync_flags),
    OFFSET(struct io_uring_sqe, poll32_events),
    OFFSET(struct io_uring_sqe, timeout_flags),
    OFFSET(struct io_uring_sqe, user_data),
    OFFSET(struct io_uring_sqe, buf_index),
    OFFSET(struct io_uring_sqe, personality),
    OFFSET(struct io_uring_sqe, file_index),
    OFFSET(struct io_uring_sqe, addr3),
    SIZE(struct io_uring_cqe),
    OFFSET(struct io_uring_cqe, user_data),
    OFFSET(struct io_uring_cqe, res),
    SIZE(struct io_uring_getevents_arg),
    OFFSET(struct io_uring_getevents_arg, ts),
    SIZE(struct __kernel_timespec),
    OFFSET(struct __kernel_timespec, tv_nsec),
    SIZE(struct io_uring_rsrc_register),
    OFFSET(struct io_uring_rsrc_register, nr),
    OFFSET(struct io_uring_rsrc_register, flags),
    OFFSET(struct io_uring_rsrc_update, offset),
    OFFSET(struct io_uring_rsrc_update, data),
    SIZE(struct io_uring_rsrc_update2),
    OFFSET(struct io_uring_rsrc_update2, offset),
    OFFSET(struct io_uring_rsrc_update2, data),
    OFFSET(struct io_uring_rsrc_update2, nr),
    OFFSET(struct io_uring_probe, ops_len),
    OFFSET(struct io_uring_probe, ops),
    SIZE(struct io_uring_probe_op),
    OFFSET(struct io_uring_probe_op, flags),
    VALUE(IORING_OP_NOP),
    VALUE(IORING_OP_READV),
    VALUE(IORING_OP_WRITEV),
    VALUE(IORING_OP_FSYNC),
    VALUE(IORING_OP_READ_FIXED),
    VALUE(IORING_OP_WRITE_FIXED),
    VALUE(IORING_OP_POLL_ADD),
    VALUE(IORING_OP_TIMEOUT),
    VALUE(IORING_OP_TIMEOUT_REMOVE),
    VALUE(IORING_OP_READ),
    VALUE(IORING_OP_WRITE),
    VALUE(IOSQE_FIXED_FILE),
    VALUE(IOSQE_IO_LINK),
    VALUE(IORING_FSYNC_DATASYNC),
    VALUE(POLLIN),
    VALUE(IORING_SETUP_CQSIZE),
    VALUE(IORING_SETUP_SUBMIT_ALL),
    VALUE(IORING_SETUP_COOP_TASKRUN),
    VALUE(IORING_SETUP_TASKRUN_FLAG),
    VALUE(IORING_SETUP_SINGLE_ISSUER),
    VALUE(IORING_SETUP_DEFER_TASKRUN),
    VALUE(IORING_FEAT_SINGLE_MMAP),
    VALUE(IORING_FEAT_NODROP),
    VALUE(IORING_FEAT_SUBMIT_STABLE),
    VALUE(IORING_FEAT_EXT_ARG),
    VALUE(IORING_SQ_CQ_OVERFLOW),
    VALUE(IORING_SQ_TASKRUN),
    VALUE(IORING_ENTER_GETEVENTS),
    VALUE(IORING_ENTER_EXT_ARG),
    VALUE(IORING_OFF_SQ_RING),
    VALUE(IORING_OFF_SQES),
    VALUE(IORING_REGISTER_FILES),
    VALUE(IORING_UNREGISTER_FILES),
    VALUE(IORING_REGISTER_FILES_UPDATE),
    VALUE(IORING_REGISTER_PROBE),
    VALUE(IORING_REGISTER_BUFFERS2),
    VALUE(IORING_UNREGISTER_BUFFERS),
    VALUE(IORING_REGISTER_BUFFERS_UPDATE),
    VALUE(IORING_RSRC_REGISTER_SPARSE),
    VALUE(IO_URING_OP_SUPPORTED),
    VALUE(SYS_io_uring_setup),
    VALUE(SYS_io_uring_enter),
    VALUE(SYS_io_uring_register),
    VALUE(MAP_SHARED),
    VALUE(EFD_NONBLOCK),
    VALUE(EFD_CLOEXEC),
#ifdef IORING_SETUP_NO_SQARRAY
    VALUE(IORING_SETUP_NO_SQARRAY),
#else
    MISSING("IORING_SETUP_NO_SQARRAY"),
#endif
/* Opcodes are an enum, which the preprocessor cannot ask for. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
    VALUE(IORING_OP_READV_FIXED),
    VALUE(IORING_OP_WRITEV_FIXED),
#else
    MISSING("IORING_OP_READV_FIXED"),
    MISSING("IORING_OP_WRITEV_FIXED"),
#endif

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
    VALUE(O_NOFOLLOW),
    VALUE(O_TMPFILE),
    VALUE(AT_SYMLINK_FOLLOW),
    VALUE(RENAME_NOREPLACE),
    VALUE(O_PATH),
    VALUE(PROT_READ),
    VALUE(PROT_WRITE),
    VALUE(MAP_PRIVATE),
    VALUE(MAP_ANONYMOUS),
    VALUE(MAP_POPULATE),
    VALUE(MADV_DONTFORK),
    VALUE(MADV_HUGEPAGE),
#ifdef MADV_POPULATE_WRITE
    VALUE(MADV_POPULATE_WRITE),
#else
    MISSING("MADV_POPULATE_WRITE"),
#endif
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

package io.pinbounce.internal.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Every number of the kernel's interface that Java states is the one that C states. */
class LayoutTest {

    private static CLayout c;

    @BeforeAll
    static void load() {
        c = CLayout.load();
    }

    static Stream<Arguments> structures() {
        return Stream.of(
                arguments("sizeof(struct iovec)", FfmLibC.IOVEC_SIZE),
                arguments("offsetof(struct iovec, iov_base)", 0),
                arguments("offsetof(struct iovec, iov_len)", 8),
                arguments("sizeof(struct statx)", Statx.SIZE),
                arguments("offsetof(struct statx, stx_mask)", Statx.MASK),
                arguments("offsetof(struct statx, stx_blksize)", Statx.BLKSIZE),
                arguments("offsetof(struct statx, stx_uid)", Statx.UID),
                arguments("offsetof(struct statx, stx_gid)", Statx.GID),
                arguments("offsetof(struct statx, stx_mode)", Statx.MODE),
                arguments("offsetof(struct statx, stx_ino)", Statx.INO),
                arguments("offsetof(struct statx, stx_size)", Statx.SIZE_FIELD),
                arguments("offsetof(struct statx, stx_rdev_major)", Statx.RDEV_MAJOR),
                arguments("offsetof(struct statx, stx_rdev_minor)", Statx.RDEV_MINOR),
                arguments("offsetof(struct statx, stx_dev_major)", Statx.DEV_MAJOR),
                arguments("offsetof(struct statx, stx_dev_minor)", Statx.DEV_MINOR),
                arguments("offsetof(struct statx, stx_mnt_id)", Statx.MNT_ID),
                arguments("offsetof(struct statx, stx_dio_mem_align)", Statx.DIO_MEM_ALIGN),
                arguments("offsetof(struct statx, stx_dio_offset_align)", Statx.DIO_OFFSET_ALIGN),
                arguments(
                        "offsetof(struct statx, stx_atomic_write_unit_min)",
                        Statx.ATOMIC_WRITE_UNIT_MIN),
                arguments(
                        "offsetof(struct statx, stx_atomic_write_unit_max)",
                        Statx.ATOMIC_WRITE_UNIT_MAX),
                arguments(
                        "offsetof(struct statx, stx_dio_read_offset_align)",
                        Statx.DIO_READ_OFFSET_ALIGN),
                arguments("sizeof(struct cachestat)", FfmLibC.CACHESTAT_SIZE),
                arguments("sizeof(struct cachestat_range)", FfmLibC.CACHESTAT_RANGE_SIZE),
                arguments("offsetof(struct cachestat, nr_cache)", 0),
                arguments("offsetof(struct cachestat_range, off)", 0),
                arguments("offsetof(struct cachestat_range, len)", 8),
                arguments(
                        "sizeof(struct logical_block_metadata_cap)", BlockIoctl.METADATA_CAP_SIZE),
                arguments(
                        "offsetof(struct logical_block_metadata_cap, lbmd_flags)",
                        BlockIoctl.LBMD_FLAGS),
                arguments(
                        "offsetof(struct logical_block_metadata_cap, lbmd_interval)",
                        BlockIoctl.LBMD_INTERVAL),
                arguments(
                        "offsetof(struct logical_block_metadata_cap, lbmd_guard_tag_type)",
                        BlockIoctl.LBMD_GUARD_TAG_TYPE));
    }

    static Stream<Arguments> protection() {
        return Stream.of(
                arguments("sizeof(struct pinbounce_protection)", StubProtection.SIZE),
                protection("guard_seed", StubProtection.GUARD_SEED),
                protection("reference", StubProtection.REFERENCE),
                protection("step", StubProtection.STEP),
                protection("reference_mask", StubProtection.REFERENCE_MASK),
                protection("fixed", StubProtection.FIXED),
                protection("checked", StubProtection.CHECKED),
                protection("escape", StubProtection.ESCAPE),
                protection("fixed_high", StubProtection.FIXED_HIGH),
                protection("checked_high", StubProtection.CHECKED_HIGH),
                protection("escape_high", StubProtection.ESCAPE_HIGH),
                protection("app_tag", StubProtection.APP_TAG),
                protection("app_checked", StubProtection.APP_CHECKED),
                protection("guard", StubProtection.GUARD),
                protection("kernel", StubProtection.KERNEL),
                protection("guarded", StubProtection.GUARDED),
                protection("interval", StubProtection.INTERVAL),
                protection("metadata_size", StubProtection.METADATA_SIZE),
                protection("tuple_offset", StubProtection.TUPLE_OFFSET));
    }

    private static Arguments protection(String field, long offset) {
        return arguments("offsetof(struct pinbounce_protection, " + field + ")", offset);
    }

    static Stream<Arguments> stubs() {
        return Stream.of(
                arguments("PINBOUNCE_ABI", StubSelection.ABI),
                arguments("PINBOUNCE_CRC16_T10DIF", StubLibrary.Guard.CRC16_T10DIF.number),
                arguments("PINBOUNCE_CRC32C", StubLibrary.Guard.CRC32C.number),
                arguments("PINBOUNCE_CRC64_NVME", StubLibrary.Guard.CRC64_NVME.number),
                arguments("PINBOUNCE_PORTABLE", InstructionSet.PORTABLE.number),
                arguments("PINBOUNCE_PCLMUL128", InstructionSet.PCLMUL128.number),
                arguments("PINBOUNCE_VPCLMUL256", InstructionSet.VPCLMUL256.number),
                arguments("PINBOUNCE_VPCLMUL512", InstructionSet.VPCLMUL512.number),
                arguments("MFD_CLOEXEC", StubLoader.MFD_CLOEXEC));
    }

    static Stream<Arguments> constants() {
        return Stream.of(
                arguments("STATX_BASIC_STATS", Statx.STATX_BASIC_STATS),
                arguments("STATX_MNT_ID_UNIQUE", Statx.STATX_MNT_ID_UNIQUE),
                arguments("STATX_DIOALIGN", Statx.STATX_DIOALIGN),
                arguments("STATX_WRITE_ATOMIC", Statx.STATX_WRITE_ATOMIC),
                arguments("STATX_DIO_READ_ALIGN", Statx.STATX_DIO_READ_ALIGN),
                arguments("AT_EMPTY_PATH", Statx.AT_EMPTY_PATH),
                arguments("AT_FDCWD", Statx.AT_FDCWD),
                arguments("SYS_cachestat", FfmLibC.SYS_CACHESTAT),
                arguments("SYS_io_uring_setup", FfmUring.SYS_IO_URING_SETUP),
                arguments("SYS_io_uring_enter", FfmUring.SYS_IO_URING_ENTER),
                arguments("SYS_io_uring_register", FfmUring.SYS_IO_URING_REGISTER),
                arguments("MAP_SHARED", FfmUring.MAP_SHARED),
                arguments("EFD_NONBLOCK", FfmUring.EFD_NONBLOCK),
                arguments("EFD_CLOEXEC", FfmUring.EFD_CLOEXEC),
                arguments("LOOP_GET_STATUS64", LoopStatus.LOOP_GET_STATUS64),
                arguments("sizeof(struct loop_info64)", LoopStatus.SIZE),
                arguments("offsetof(struct loop_info64, lo_device)", LoopStatus.DEVICE),
                arguments("offsetof(struct loop_info64, lo_inode)", LoopStatus.INODE),
                arguments("offsetof(struct loop_info64, lo_rdevice)", LoopStatus.RDEVICE),
                arguments("offsetof(struct loop_info64, lo_offset)", LoopStatus.OFFSET),
                arguments("offsetof(struct loop_info64, lo_sizelimit)", LoopStatus.SIZE_LIMIT),
                arguments("BLKSSZGET", BlockIoctl.BLKSSZGET),
                arguments("BLKPBSZGET", BlockIoctl.BLKPBSZGET),
                arguments("BLKGETSIZE64", BlockIoctl.BLKGETSIZE64),
                arguments("FS_IOC_SETFLAGS", BlockIoctl.FS_IOC_SETFLAGS),
                arguments("FS_IOC_GETFLAGS", BlockIoctl.FS_IOC_GETFLAGS),
                arguments("sizeof(struct rlimit)", FfmPosix.RLIMIT_SIZE),
                arguments("offsetof(struct rlimit, rlim_cur)", 0),
                arguments("RLIMIT_MEMLOCK", FfmPosix.RLIMIT_MEMLOCK),
                arguments("LOCK_SH", Posix.LOCK_SH),
                arguments("LOCK_EX", Posix.LOCK_EX),
                arguments("LOCK_NB", Posix.LOCK_NB),
                arguments("sizeof(struct statfs)", FfmLibC.STATFS_SIZE),
                arguments("offsetof(struct statfs, f_fsid)", FfmLibC.STATFS_FSID),
                arguments("FS_IOC_GETVERSION", BlockIoctl.FS_IOC_GETVERSION),
                arguments("FS_IOC_GETFSUUID", BlockIoctl.FS_IOC_GETFSUUID),
                arguments("sizeof(struct fsuuid2)", BlockIoctl.FSUUID_SIZE),
                arguments("FS_IOC_GETLBMD_CAP", BlockIoctl.FS_IOC_GETLBMD_CAP),
                arguments("FS_NOCOW_FL", FileFacts.FS_NOCOW_FL),
                arguments("O_RDONLY", OpenFlags.O_RDONLY),
                arguments("O_RDWR", OpenFlags.O_RDWR),
                arguments("O_CREAT", OpenFlags.O_CREAT),
                arguments("O_EXCL", OpenFlags.O_EXCL),
                arguments("O_DSYNC", OpenFlags.O_DSYNC),
                arguments("O_CLOEXEC", OpenFlags.O_CLOEXEC),
                arguments("O_DIRECT", OpenFlags.O_DIRECT),
                arguments("O_NOFOLLOW", OpenFlags.O_NOFOLLOW),
                arguments("O_TMPFILE", OpenFlags.O_TMPFILE),
                arguments("AT_SYMLINK_FOLLOW", FfmLibC.AT_SYMLINK_FOLLOW),
                arguments("RENAME_NOREPLACE", FfmLibC.RENAME_NOREPLACE),
                arguments("O_PATH", OpenFlags.O_PATH),
                arguments("sizeof(struct dm_ioctl)", DeviceMapper.HEADER),
                arguments("offsetof(struct dm_ioctl, data_size)", DeviceMapper.DATA_SIZE),
                arguments("offsetof(struct dm_ioctl, data_start)", DeviceMapper.DATA_START),
                arguments("offsetof(struct dm_ioctl, target_count)", DeviceMapper.TARGET_COUNT),
                arguments("offsetof(struct dm_ioctl, flags)", DeviceMapper.FLAGS),
                arguments("offsetof(struct dm_ioctl, dev)", DeviceMapper.DEV),
                arguments("sizeof(struct dm_target_spec)", DeviceMapper.SPEC),
                arguments("offsetof(struct dm_target_spec, next)", DeviceMapper.NEXT),
                arguments("offsetof(struct dm_target_spec, target_type)", DeviceMapper.TARGET_TYPE),
                arguments("DM_TABLE_STATUS", DeviceMapper.DM_TABLE_STATUS),
                arguments("DM_BUFFER_FULL_FLAG", DeviceMapper.DM_BUFFER_FULL_FLAG),
                arguments("DM_NOFLUSH_FLAG", DeviceMapper.DM_NOFLUSH_FLAG),
                arguments("PROT_READ", LibC.PROT_READ),
                arguments("PROT_WRITE", LibC.PROT_WRITE),
                arguments("MAP_PRIVATE", LibC.MAP_PRIVATE),
                arguments("MAP_ANONYMOUS", LibC.MAP_ANONYMOUS),
                arguments("MAP_POPULATE", LibC.MAP_POPULATE),
                arguments("MADV_DONTFORK", LibC.MADV_DONTFORK),
                arguments("MADV_HUGEPAGE", LibC.MADV_HUGEPAGE),
                arguments("MADV_POPULATE_WRITE", LibC.MADV_POPULATE_WRITE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"structures", "protection", "stubs", "constants"})
    void javaStatesTheNumbersOfTheCHeaders(String name, long java) {
        c.assertSays(name, java);
    }

    @Test
    void aNameThatLayoutDoesNotListIsToldFromOneThatTheHeadersLack() {
        assertEquals(CLayout.NO_SUCH_NAME, c.value("offsetof(struct iovec, iov_bass)"));
    }
}

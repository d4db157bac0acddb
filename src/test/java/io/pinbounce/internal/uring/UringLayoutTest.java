package io.pinbounce.internal.uring;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.pinbounce.internal.linux.CLayout;
import io.pinbounce.internal.linux.UringSyscalls;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** Every number of linux/io_uring.h that Java states is the one that C states. */
class UringLayoutTest {

    private static CLayout c;

    @BeforeAll
    static void load() {
        c = CLayout.load();
    }

    static Stream<Arguments> queues() {
        return Stream.of(
                arguments("sizeof(struct io_uring_params)", UringSyscalls.PARAMS_SIZE),
                arguments("offsetof(struct io_uring_params, sq_entries)", ParamsLayout.SQ_ENTRIES),
                arguments("offsetof(struct io_uring_params, cq_entries)", ParamsLayout.CQ_ENTRIES),
                arguments("offsetof(struct io_uring_params, flags)", ParamsLayout.FLAGS),
                arguments("offsetof(struct io_uring_params, features)", ParamsLayout.FEATURES),
                arguments("offsetof(struct io_uring_params, sq_off)", ParamsLayout.SQ_OFF),
                arguments("offsetof(struct io_uring_params, cq_off)", ParamsLayout.CQ_OFF),
                arguments("offsetof(struct io_sqring_offsets, head)", ParamsLayout.SQ_HEAD),
                arguments("offsetof(struct io_sqring_offsets, tail)", ParamsLayout.SQ_TAIL),
                arguments(
                        "offsetof(struct io_sqring_offsets, ring_mask)", ParamsLayout.SQ_RING_MASK),
                arguments("offsetof(struct io_sqring_offsets, flags)", ParamsLayout.SQ_FLAGS),
                arguments("offsetof(struct io_sqring_offsets, array)", ParamsLayout.SQ_ARRAY),
                arguments("offsetof(struct io_cqring_offsets, head)", ParamsLayout.CQ_HEAD),
                arguments("offsetof(struct io_cqring_offsets, tail)", ParamsLayout.CQ_TAIL),
                arguments(
                        "offsetof(struct io_cqring_offsets, ring_mask)", ParamsLayout.CQ_RING_MASK),
                arguments("offsetof(struct io_cqring_offsets, cqes)", ParamsLayout.CQ_CQES),
                arguments("sizeof(struct io_uring_getevents_arg)", ParamsLayout.GETEVENTS_ARG_SIZE),
                arguments(
                        "offsetof(struct io_uring_getevents_arg, ts)",
                        ParamsLayout.GETEVENTS_ARG_TS),
                arguments("sizeof(struct __kernel_timespec)", ParamsLayout.TIMESPEC_SIZE),
                arguments(
                        "offsetof(struct __kernel_timespec, tv_nsec)", ParamsLayout.TIMESPEC_NSEC));
    }

    static Stream<Arguments> entries() {
        return Stream.of(
                arguments("sizeof(struct io_uring_sqe)", SqeLayout.SIZE),
                arguments("offsetof(struct io_uring_sqe, opcode)", SqeLayout.OPCODE),
                arguments("offsetof(struct io_uring_sqe, flags)", SqeLayout.FLAGS),
                arguments("offsetof(struct io_uring_sqe, ioprio)", SqeLayout.IOPRIO),
                arguments("offsetof(struct io_uring_sqe, fd)", SqeLayout.FD),
                arguments("offsetof(struct io_uring_sqe, off)", SqeLayout.OFF),
                arguments("offsetof(struct io_uring_sqe, addr)", SqeLayout.ADDR),
                arguments("offsetof(struct io_uring_sqe, len)", SqeLayout.LEN),
                arguments("offsetof(struct io_uring_sqe, rw_flags)", SqeLayout.RW_FLAGS),
                arguments("offsetof(struct io_uring_sqe, fsync_flags)", SqeLayout.RW_FLAGS),
                arguments("offsetof(struct io_uring_sqe, poll32_events)", SqeLayout.RW_FLAGS),
                arguments("offsetof(struct io_uring_sqe, timeout_flags)", SqeLayout.RW_FLAGS),
                arguments("offsetof(struct io_uring_sqe, user_data)", SqeLayout.USER_DATA),
                arguments("offsetof(struct io_uring_sqe, buf_index)", SqeLayout.BUF_INDEX),
                arguments("offsetof(struct io_uring_sqe, personality)", SqeLayout.PERSONALITY),
                arguments("offsetof(struct io_uring_sqe, file_index)", SqeLayout.FILE_INDEX),
                arguments("offsetof(struct io_uring_sqe, addr3)", SqeLayout.ADDR3),
                arguments("sizeof(struct io_uring_cqe)", CqeLayout.SIZE),
                arguments("offsetof(struct io_uring_cqe, user_data)", CqeLayout.USER_DATA),
                arguments("offsetof(struct io_uring_cqe, res)", CqeLayout.RES));
    }

    static Stream<Arguments> registrations() {
        return Stream.of(
                arguments(
                        "sizeof(struct io_uring_rsrc_register)", RegisterLayout.RSRC_REGISTER_SIZE),
                arguments(
                        "offsetof(struct io_uring_rsrc_register, nr)",
                        RegisterLayout.RSRC_REGISTER_NR),
                arguments(
                        "offsetof(struct io_uring_rsrc_register, flags)",
                        RegisterLayout.RSRC_REGISTER_FLAGS),
                arguments(
                        "offsetof(struct io_uring_rsrc_update, offset)",
                        RegisterLayout.RSRC_UPDATE_OFFSET),
                arguments(
                        "offsetof(struct io_uring_rsrc_update, data)",
                        RegisterLayout.RSRC_UPDATE_DATA),
                arguments("sizeof(struct io_uring_rsrc_update2)", RegisterLayout.RSRC_UPDATE2_SIZE),
                arguments(
                        "offsetof(struct io_uring_rsrc_update2, offset)",
                        RegisterLayout.RSRC_UPDATE_OFFSET),
                arguments(
                        "offsetof(struct io_uring_rsrc_update2, data)",
                        RegisterLayout.RSRC_UPDATE_DATA),
                arguments(
                        "offsetof(struct io_uring_rsrc_update2, nr)",
                        RegisterLayout.RSRC_UPDATE2_NR),
                arguments("offsetof(struct io_uring_probe, ops_len)", RegisterLayout.PROBE_OPS_LEN),
                arguments("offsetof(struct io_uring_probe, ops)", RegisterLayout.PROBE_OPS),
                arguments("sizeof(struct io_uring_probe_op)", RegisterLayout.PROBE_OP_SIZE),
                arguments(
                        "offsetof(struct io_uring_probe_op, flags)", RegisterLayout.PROBE_OP_FLAGS),
                arguments("sizeof(struct iovec)", RegisterLayout.IOVEC_SIZE),
                arguments("offsetof(struct iovec, iov_len)", RegisterLayout.IOV_LEN));
    }

    static Stream<Arguments> entryConstants() {
        return Stream.of(
                arguments("IORING_OP_NOP", SqeLayout.IORING_OP_NOP),
                arguments("IORING_OP_READV", SqeLayout.IORING_OP_READV),
                arguments("IORING_OP_WRITEV", SqeLayout.IORING_OP_WRITEV),
                arguments("IORING_OP_FSYNC", SqeLayout.IORING_OP_FSYNC),
                arguments("IORING_OP_READ_FIXED", SqeLayout.IORING_OP_READ_FIXED),
                arguments("IORING_OP_WRITE_FIXED", SqeLayout.IORING_OP_WRITE_FIXED),
                arguments("IORING_OP_POLL_ADD", SqeLayout.IORING_OP_POLL_ADD),
                arguments("IORING_OP_TIMEOUT", SqeLayout.IORING_OP_TIMEOUT),
                arguments("IORING_OP_TIMEOUT_REMOVE", SqeLayout.IORING_OP_TIMEOUT_REMOVE),
                arguments("IORING_OP_READ", SqeLayout.IORING_OP_READ),
                arguments("IORING_OP_WRITE", SqeLayout.IORING_OP_WRITE),
                arguments("IOSQE_FIXED_FILE", SqeLayout.IOSQE_FIXED_FILE),
                arguments("IOSQE_IO_LINK", SqeLayout.IOSQE_IO_LINK),
                arguments("IORING_FSYNC_DATASYNC", SqeLayout.IORING_FSYNC_DATASYNC),
                arguments("POLLIN", SqeLayout.POLLIN),
                arguments("IORING_OP_READV_FIXED", SqeLayout.IORING_OP_READV_FIXED),
                arguments("IORING_OP_WRITEV_FIXED", SqeLayout.IORING_OP_WRITEV_FIXED));
    }

    static Stream<Arguments> ringConstants() {
        return Stream.of(
                arguments("IORING_SETUP_CQSIZE", ParamsLayout.IORING_SETUP_CQSIZE),
                arguments("IORING_SETUP_SUBMIT_ALL", ParamsLayout.IORING_SETUP_SUBMIT_ALL),
                arguments("IORING_SETUP_COOP_TASKRUN", ParamsLayout.IORING_SETUP_COOP_TASKRUN),
                arguments("IORING_SETUP_TASKRUN_FLAG", ParamsLayout.IORING_SETUP_TASKRUN_FLAG),
                arguments("IORING_SETUP_SINGLE_ISSUER", ParamsLayout.IORING_SETUP_SINGLE_ISSUER),
                arguments("IORING_SETUP_DEFER_TASKRUN", ParamsLayout.IORING_SETUP_DEFER_TASKRUN),
                arguments("IORING_FEAT_SINGLE_MMAP", ParamsLayout.IORING_FEAT_SINGLE_MMAP),
                arguments("IORING_FEAT_NODROP", ParamsLayout.IORING_FEAT_NODROP),
                arguments("IORING_FEAT_SUBMIT_STABLE", ParamsLayout.IORING_FEAT_SUBMIT_STABLE),
                arguments("IORING_FEAT_EXT_ARG", ParamsLayout.IORING_FEAT_EXT_ARG),
                arguments("IORING_SQ_CQ_OVERFLOW", ParamsLayout.IORING_SQ_CQ_OVERFLOW),
                arguments("IORING_SQ_TASKRUN", ParamsLayout.IORING_SQ_TASKRUN),
                arguments("IORING_ENTER_GETEVENTS", ParamsLayout.IORING_ENTER_GETEVENTS),
                arguments("IORING_ENTER_EXT_ARG", ParamsLayout.IORING_ENTER_EXT_ARG),
                arguments("IORING_OFF_SQ_RING", ParamsLayout.IORING_OFF_SQ_RING),
                arguments("IORING_OFF_SQES", ParamsLayout.IORING_OFF_SQES),
                arguments("IORING_SETUP_NO_SQARRAY", ParamsLayout.IORING_SETUP_NO_SQARRAY));
    }

    static Stream<Arguments> registerConstants() {
        return Stream.of(
                arguments("IORING_REGISTER_FILES", RegisterLayout.IORING_REGISTER_FILES),
                arguments("IORING_UNREGISTER_FILES", RegisterLayout.IORING_UNREGISTER_FILES),
                arguments(
                        "IORING_REGISTER_FILES_UPDATE",
                        RegisterLayout.IORING_REGISTER_FILES_UPDATE),
                arguments("IORING_REGISTER_PROBE", RegisterLayout.IORING_REGISTER_PROBE),
                arguments("IORING_REGISTER_BUFFERS2", RegisterLayout.IORING_REGISTER_BUFFERS2),
                arguments("IORING_UNREGISTER_BUFFERS", RegisterLayout.IORING_UNREGISTER_BUFFERS),
                arguments(
                        "IORING_REGISTER_BUFFERS_UPDATE",
                        RegisterLayout.IORING_REGISTER_BUFFERS_UPDATE),
                arguments(
                        "IORING_RSRC_REGISTER_SPARSE", RegisterLayout.IORING_RSRC_REGISTER_SPARSE),
                arguments("IO_URING_OP_SUPPORTED", RegisterLayout.IO_URING_OP_SUPPORTED));
    }

    @ParameterizedTest
    @MethodSource({
        "queues",
        "entries",
        "registrations",
        "entryConstants",
        "ringConstants",
        "registerConstants"
    })
    void javaStatesTheNumbersOfTheCHeaders(String name, long java) {
        c.assertSays(name, java);
    }
}
